"""One list is left, the others go on; what its reader ended comes back by their word, or by hand."""

import io
from dataclasses import replace

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts.errors import Conflict, Forbidden, NotFound
from alerts.links import list_key
from alerts.model import Cadence, Channel, Filter, State, Subscriber, Subscription
from alerts.operations.lists.importing import Import
from alerts.operations.lists.syncing import Sync, undo_sync
from alerts.operations.people.leaving import LeavingOffer, come_back_to, leave_list, offer_of, offered
from alerts.operations.subscribing import subscribers, subscriptions
from alerts.operations.subscribing.subscriber_details import find, show
from alerts.operations.subscribing.unsubscribing import BY_LINK
from alerts.services import Services

ANNA = "anna@example.org"
STAFF = Subscription(Filter(("UA",)), name="Staff")
EUROPE = Subscription(Filter(("150",)), Cadence.parse("daily 08:00"), name="Europa täglich")


@pytest.fixture
def anna(services: Services) -> Subscriber:
    return subscribers.add(services, OPERATOR, ANNA, [STAFF, EUROPE])


def link(services: Services, *names: str, person: str = ANNA) -> LeavingOffer:
    url = services.links.leaving(person, [list_key(name) for name in names])
    return offer_of(services, url.rpartition("/")[2])


def wanted(services: Services) -> tuple[set[str], set[str]]:
    """The names of what Anna has, and of what she has ended."""
    person = find(services, ANNA)
    return {s.name for s in person.subscriptions}, {s.name for s in person.declined}


def imported(services: Services, rows: str, *, sync: bool = False) -> list[str]:
    said: list[str] = []
    coming = Import(services, OPERATOR, remark=lambda remark: said.append(remark.words))
    text = f"address,regions,cadence\n{rows}"
    coming.read(io.BytesIO(text.encode()), lambda line: said.append(line.reason), lambda *_: None)
    if sync:
        whole = Sync(services, OPERATOR, coming)
        whole.write(whole.plan(lambda *_: None), lambda *_: None, allow_leavers=True)
    else:
        coming.write(lambda *_: None)
    return said


def test_one_ends_and_the_other_goes_on(services: Services, anna: Subscriber) -> None:
    ended = leave_list(services, link(services, "Staff"), list_key("Staff"))
    assert ended is not None
    assert (ended.name, ended.words, ended.ended) == ("Staff", "Ukraine · each at once", True)
    assert wanted(services) == ({"Europa täglich"}, {"Staff"})
    tell(services, draft())
    assert told(services, "ua-talks") == {}
    assert services.suppressions.find(Channel("email"), [ANNA]) == {}


def test_it_is_written_down_who_ended_what(services: Services, anna: Subscriber) -> None:
    offer = link(services, "Staff")
    for act in (leave_list, leave_list, come_back_to, come_back_to):
        act(services, offer, list_key("Staff"))
    back, left, _ = services.audit.entries()
    assert (left.action, left.who, left.door) == ("subscription.leave", ANNA, "unsubscribe link")
    assert left.after["declined"] == back.before["declined"] == {"Staff": "Ukraine · immediate"}
    assert back.action == "subscription.come_back"


def test_undoing_it_tells_what_came_in_between(services: Services, anna: Subscriber) -> None:
    offer = link(services, "Staff")
    leave_list(services, offer, list_key("Staff"))
    tell(services, draft())
    back = come_back_to(services, offer, list_key("Staff"))
    walk(services)
    assert back is not None
    assert not back.ended
    assert wanted(services) == ({"Europa täglich", "Staff"}, set())
    assert told(services, "ua-talks") == {ANNA: [State.SENT]}


def test_the_link_is_good_for_what_its_mail_was_for(services: Services, anna: Subscriber) -> None:
    """A mail that is forwarded shows nothing else that its reader subscribes to, and ends nothing else."""
    offer = link(services, "Staff")
    assert [one.name for one in offered(services, offer)] == ["Staff"]
    assert leave_list(services, offer, list_key("Europa täglich")) is None
    assert leave_list(services, offer, "") is None
    assert wanted(services) == ({"Staff", "Europa täglich"}, set())


def test_a_link_works_after_a_change_of_the_filter_and_not_after_a_renaming(
    services: Services, anna: Subscriber
) -> None:
    change = subscriptions.SubscriptionChange
    subscriptions.change_subscription(services, OPERATOR, ANNA, "Staff", change(regions=("PL",)))
    assert [one.words for one in offered(services, link(services, "Staff"))] == ["Poland · each at once"]
    subscriptions.change_subscription(services, OPERATOR, ANNA, "Staff", change(name="All of us"))
    assert offered(services, link(services, "Staff")) == []


def test_to_end_the_only_one_is_to_end_everything(services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [STAFF])
    offer = link(services, "Staff")
    for _ in range(2):
        ended = leave_list(services, offer, list_key("Staff"))
        assert ended is not None
        assert ended.only
    assert services.suppressions.find(Channel("email"), [ANNA])[ANNA].reason == BY_LINK
    assert wanted(services) == ({"Staff"}, set())


def test_of_somebody_who_is_gone_nothing_is_offered(services: Services) -> None:
    assert offered(services, link(services, "Staff")) == []
    with pytest.raises(NotFound):
        offer_of(services, "v2.l.nothing")


@pytest.mark.parametrize("sync", [False, True])
def test_no_file_brings_back_what_its_reader_ended(services: Services, anna: Subscriber, sync: bool) -> None:
    """The nightly list did, and whoever had left the list reported it as spam."""
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    said = imported(services, f"{ANNA},UA,\n{ANNA},150,daily 08:00\n{ANNA},FR,\n", sync=sync)
    assert said == ["Left out, for its reader has ended it: Ukraine · immediate."]
    assert wanted(services) == ({"Europa täglich", "France"}, {"Staff"})


def test_who_a_file_asks_for_nothing_else_stays_as_they_are(services: Services, anna: Subscriber) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    imported(services, f"{ANNA},UA,\n")
    assert wanted(services) == ({"Europa täglich"}, {"Staff"})


def test_what_was_ended_outlives_a_sync_that_is_undone(services: Services, anna: Subscriber) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    imported(services, "olena@example.org,UA,\n", sync=True)
    undo_sync(services, OPERATOR)
    assert wanted(services) == ({"Europa täglich"}, {"Staff"})


def test_a_program_that_puts_it_back_is_refused_only_what_was_ended(
    services: Services, anna: Subscriber
) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))

    def put(*all_of_it: Subscription) -> Subscriber:
        return subscribers.replace_subscriber(services, OPERATOR, ANNA, all_of_it, name="", zone="UTC")

    put(STAFF, EUROPE)
    assert wanted(services) == ({"Europa täglich"}, {"Staff"})
    with pytest.raises(Conflict, match="has ended all of these"):
        put(replace(STAFF, filter=Filter(("UA", "PL"))))  # by its name it is the same list


def test_an_operator_who_adds_it_by_hand_was_asked_to(services: Services, anna: Subscriber) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    subscriptions.subscribe(services, OPERATOR, ANNA, STAFF)
    assert wanted(services) == ({"Europa täglich", "Staff"}, set())


def test_operators_see_what_was_ended(services: Services, anna: Subscriber) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    [declined] = show(services, OPERATOR, ANNA).to_dict(services.tree)["declined"]  # type: ignore[misc]
    assert declined["words"] == "Ukraine · immediate"


def test_whoever_has_the_link_has_no_other_right(services: Services, anna: Subscriber) -> None:
    with pytest.raises(Forbidden):
        subscribers.pause(services, link(services, "Staff").holder.actor, ANNA)


def test_other_changes_keep_what_was_ended(services: Services, anna: Subscriber) -> None:
    leave_list(services, link(services, "Staff"), list_key("Staff"))
    subscribers.pause(services, OPERATOR, ANNA)
    subscribers.change(services, OPERATOR, ANNA, name="Anna")
    subscribers.resume(services, OPERATOR, ANNA)
    subscribe(services, "olena@example.org", "UA")
    assert wanted(services) == ({"Europa täglich"}, {"Staff"})
