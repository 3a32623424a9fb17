"""One subscriber at a time: added, changed, paused, resumed, removed, suppressed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from house import OPERATOR

from alerts.errors import BadInput, Conflict, NotFound, UnknownRegion, UnknownTag
from alerts.model import Channel, Severity, Standing, Step, Subscriber
from alerts.operations.subscribing import subscribers, subscriptions, suppressing
from alerts.operations.subscribing.altering import version_of
from alerts.operations.subscribing.requested import REGIONS_MOST, SUBSCRIPTIONS_MOST, Requested
from alerts.operations.subscribing.searching import SubscriberSearch, SubscriberState, search
from alerts.operations.subscribing.subscriber_details import find, show
from alerts.services import Services
from alerts.walk import steps

ANN = "ann@example.org"


def add(services: Services, *regions: str, address: str = ANN, **wish: object) -> Subscriber:
    wanted = subscriptions.reader(services).read(Requested(regions, **wish))  # type: ignore[arg-type]
    return subscribers.add(services, OPERATOR, address, [wanted])


def more(services: Services, *regions: str, address: str = ANN, **wish: object) -> Subscriber:
    wanted = subscriptions.reader(services).read(Requested(regions, **wish))  # type: ignore[arg-type]
    return subscriptions.subscribe(services, OPERATOR, address, wanted)


def names(subscriber: Subscriber) -> set[str]:
    return {subscription.name for subscription in subscriber.subscriptions}


def catch_ups(services: Services) -> int:
    return sum(owed.work.step is Step.CATCH_UP for owed in services.due.owed())


def test_what_a_change_returns_is_what_is_read_back(services: Services) -> None:
    """A program that changed somebody was told a version that nobody has, and refused at its next change.

    Subscriptions are read back in the order of their audience, and were returned as they had been added.
    """
    changed = add(services, "Ukraine")
    for place in ("Moldova", "France", "Mali", "Chad"):
        assert changed == find(services, ANN)
        changed = more(services, place, cadence="daily 08:00", quiet_hours="22:00-07:00")
    assert version_of(changed) == version_of(find(services, ANN))


def test_what_is_added_is_found_under_any_spelling_of_its_domain(services: Services) -> None:
    added = add(services, "Ukraine", address=" ann@EXAMPLE.org ")
    assert find(services, "ann@Example.ORG") == added
    assert added.address == ANN
    assert added.subscriptions[0].filter.regions == ("UA",)


def test_an_address_subscribes_only_once(services: Services) -> None:
    add(services, "UA")
    with pytest.raises(Conflict, match="subscriber already"):
        add(services, "PL")


def test_a_subscriber_without_a_subscription_is_refused(services: Services) -> None:
    with pytest.raises(BadInput, match="needs a subscription"):
        subscribers.add(services, OPERATOR, ANN, [])


def test_words_written_in_any_order_and_twice_are_the_same_audience(services: Services) -> None:
    one = add(services, "UA", "Poland", tags=("flood", "conflict"), address="one@example.org")
    two = add(services, "PL", "ukraine", "UA", tags=("Conflict", "flood"), address="two@example.org")
    assert one.audience == two.audience


@pytest.mark.parametrize(
    ("wish", "error", "hint"),
    [
        pytest.param(
            Requested(("Ukrane",)),
            UnknownRegion,
            "Ukraine (UA)",
            id="a misspelt region: what was meant",
        ),
        pytest.param(Requested(()), BadInput, "001", id="no region: how to name the world"),
        pytest.param(
            Requested(("UA",), ("conflct",)),
            UnknownTag,
            "conflict",
            id="a misspelt tag: what was meant",
        ),
        pytest.param(
            Requested(("UA",), none_tags=("no slug!",)),
            BadInput,
            "dashes",
            id="no tag at all: how tags look",
        ),
        pytest.param(
            Requested(("UA",), ("flood",), none_tags=("flood",)),
            BadInput,
            "Leave it out",
            id="wanted and not wanted",
        ),
        pytest.param(Requested(("UA",), min_severity="sever"), BadInput, "severe", id="a misspelt severity"),
        pytest.param(
            Requested(("UA",), bypass="red"),
            BadInput,
            "extreme",
            id="no severity: which there are",
        ),
        pytest.param(Requested(("UA",), cadence="monthly"), BadInput, "daily 08:00", id="no cadence"),
        pytest.param(
            Requested(("UA",), quiet_hours="at night"),
            BadInput,
            "22:00-07:00",
            id="no quiet hours",
        ),
        pytest.param(Requested(("UA",), daily_cap="0"), BadInput, "1 to 1000", id="a cap of nothing"),
        pytest.param(Requested(("UA",), daily_cap="five"), BadInput, "1 to 1000", id="no number"),
        pytest.param(
            Requested(("UA",), daily_cap="²"),
            BadInput,
            "1 to 1000",
            id="a digit that is no number",
        ),
        pytest.param(Requested(("UA",), all_quiet="maybe"), BadInput, "yes", id="neither yes nor no"),
        pytest.param(
            Requested(("UA",), all_quiet="yes"),
            BadInput,
            "daily or weekly",
            id="quiet without slots",
        ),
        pytest.param(
            Requested(("UA",), cadence="hourly", all_quiet="yes"),
            BadInput,
            "daily",
            id="quiet every hour",
        ),
        pytest.param(
            Requested(("UA",), name="a\x1b[2Jb"),
            BadInput,
            "pasting",
            id="a name that steers terminals",
        ),
        pytest.param(Requested(("UA",), name="x" * 201), BadInput, "200", id="a name that is a text"),
        pytest.param(Requested(("UA\udcff",)), UnknownRegion, "Did you mean", id="bytes that are no text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_hint(
    services: Services, wish: Requested, error: type[BadInput], hint: str
) -> None:
    with pytest.raises(error) as refused:
        subscriptions.reader(services).read(wish)
    assert hint in refused.value.hint


def test_a_cap_and_all_quiet_are_read(services: Services) -> None:
    wish = Requested(("UA",), cadence="daily 08:00", daily_cap=" 5 ", all_quiet="Yes")
    subscription = subscriptions.reader(services).read(wish)
    assert (subscription.cap, subscription.all_quiet) == (5, True)


def test_lists_are_bounded(services: Services) -> None:
    codes = [region.code for region in services.tree][: REGIONS_MOST + 1]
    with pytest.raises(BadInput, match="more than 300 regions"):
        subscriptions.reader(services).read(Requested(tuple(codes)))


def test_a_new_tag_is_let_in_where_that_is_wanted(services: Services) -> None:
    reader = subscriptions.reader(services, new_tags=True)
    assert reader.read(Requested(("UA",), ("Locusts",))).filter.any_tags == ("locusts",)
    assert reader.added == {"locusts"}


def test_subscriptions_are_named_after_what_they_want_each_once(services: Services) -> None:
    add(services, "UA", tags=("conflict",))
    more(services, "UA", tags=("conflict",), cadence="daily 08:00")
    more(services, "UA", "PL", "MD", "RO", "HU", name="Neighbours")
    assert names(more(services, "UA", "PL", "MD", "RO")) == {
        "Ukraine · conflict",
        "Ukraine · conflict 2",
        "Neighbours",
        "Moldova, Poland and 2 more",
    }


def test_equal_wishes_are_refused_naming_the_other_subscription(services: Services) -> None:
    add(services, "UA", name="Home")
    with pytest.raises(Conflict, match="“Home” asks for the same"):
        more(services, "Ukraine", name="Work")


def test_a_name_is_used_once_whatever_its_case(services: Services) -> None:
    add(services, "UA", name="Home")
    with pytest.raises(Conflict, match="“Home” already"):
        more(services, "PL", name="HOME")


def test_subscriptions_of_one_subscriber_are_bounded(services: Services) -> None:
    countries = [region.code for region in services.tree if region.kind == "country"]
    reader = subscriptions.reader(services)
    wishes = [reader.read(Requested((code,))) for code in countries[: SUBSCRIPTIONS_MOST + 1]]
    with pytest.raises(BadInput, match="more than 100 subscriptions"):
        subscribers.add(services, OPERATOR, ANN, wishes)


def test_a_subscription_is_removed_by_its_name(services: Services) -> None:
    add(services, "UA")
    more(services, "PL")
    assert names(subscriptions.unsubscribe(services, OPERATOR, ANN, "poland")) == {"Ukraine"}


def test_a_misspelt_subscription_is_answered_with_the_nearest(services: Services) -> None:
    add(services, "UA")
    with pytest.raises(NotFound) as refused:
        subscriptions.unsubscribe(services, OPERATOR, ANN, "Ukrain")
    assert "“Ukraine”" in refused.value.hint


def test_the_only_subscription_cannot_be_removed(services: Services) -> None:
    add(services, "UA")
    with pytest.raises(Conflict) as refused:
        subscriptions.unsubscribe(services, OPERATOR, ANN, "Ukraine")
    assert "pause" in refused.value.hint


def test_who_is_new_is_told_what_comes_and_on_request_where_things_stand(services: Services) -> None:
    add(services, "UA")
    assert catch_ups(services) == 0
    wanted = subscriptions.reader(services).read(Requested(("UA",)))
    subscribers.add(services, OPERATOR, "bob@example.org", [wanted], catch_up=True)
    assert catch_ups(services) == 1


def test_changed_wishes_are_caught_up_on_and_a_changed_name_is_not(services: Services) -> None:
    add(services, "UA", cadence="daily 08:00")
    subscribers.change(services, OPERATOR, ANN, name="Ann")
    assert catch_ups(services) == 0
    changed = subscribers.change(services, OPERATOR, ANN, zone="europe/kyiv")
    assert (changed.name, changed.zone) == ("Ann", "Europe/Kyiv")
    assert catch_ups(services) == 1


def test_a_changed_name_is_not_caught_up_on_in_the_instant_of_subscribing_either(services: Services) -> None:
    """Where wishes began just then, they were taken to be new ones: a catch-up was owed for nothing."""
    services.server.client.set(services.server.keys("floor"), services.server.now_ms() + 60_000)
    add(services, "UA", cadence="daily 08:00")
    subscribers.change(services, OPERATOR, ANN, name="Ann")
    assert catch_ups(services) == 0


def test_a_pause_ends_with_a_catch_up(services: Services) -> None:
    before = add(services, "UA")
    paused = subscribers.pause(services, OPERATOR, ANN)
    assert paused.standing is Standing.PAUSED
    assert subscribers.pause(services, OPERATOR, ANN) == paused
    assert catch_ups(services) == 0
    resumed = subscribers.resume(services, OPERATOR, ANN)
    assert replace(resumed, joined_ms=0) == replace(before, joined_ms=0)
    assert catch_ups(services) == 1


def test_wishes_may_change_in_a_pause(services: Services) -> None:
    """Once an audience that only a paused subscriber had was written nowhere, and nobody could be listed."""
    add(services, "UA")
    subscribers.pause(services, OPERATOR, ANN)
    more(services, "PL")
    assert catch_ups(services) == 0
    assert names(find(services, ANN)) == {"Ukraine", "Poland"}
    assert names(subscribers.resume(services, OPERATOR, ANN)) == {"Ukraine", "Poland"}
    assert catch_ups(services) == 1


def test_a_pause_ends_by_itself_when_its_time_is_over(services: Services) -> None:
    add(services, "UA")
    soon = services.server.now_ms() + 3_600_000
    subscribers.pause(services, OPERATOR, ANN, soon - 60_000)
    subscribers.pause(services, OPERATOR, ANN, soon)
    earlier, due = sorted(services.due.owed(), key=lambda owed: owed.look_ms)
    steps.resume(services, earlier.work)
    assert find(services, ANN).standing is Standing.PAUSED, "another pause took its place"
    assert (due.work.step, due.look_ms) == (Step.RESUME, soon)
    steps.resume(services, due.work)
    assert find(services, ANN).standing is Standing.ACTIVE
    assert [owed.work.step for owed in services.due.owed()] == [Step.CATCH_UP]


def test_a_pause_that_was_ended_by_hand_is_not_ended_again(services: Services) -> None:
    add(services, "UA")
    subscribers.pause(services, OPERATOR, ANN, services.server.now_ms() + 3_600_000)
    [due] = services.due.owed()
    subscribers.resume(services, OPERATOR, ANN)
    again = subscribers.pause(services, OPERATOR, ANN)
    steps.resume(services, due.work)
    assert find(services, ANN) == again


def test_changes_at_the_same_moment_are_all_kept(services: Services) -> None:
    """Each that loses a race lost it to one that won: five rivals never lose more than four times."""
    add(services, "UA")
    rivals = ("PL", "MD", "RO", "HU", "SK")
    with ThreadPoolExecutor(len(rivals)) as pool:
        list(pool.map(lambda code: more(services, code), rivals))
    kept = find(services, ANN).subscriptions
    assert {s.filter.regions[0] for s in kept} == {"UA", *rivals}


def test_a_removed_subscriber_is_gone(services: Services) -> None:
    add(services, "UA")
    assert subscribers.remove(services, OPERATOR, ANN).address == ANN
    with pytest.raises(NotFound):
        find(services, ANN)


def test_everyone_can_be_narrowed_to_channel_region_and_pause(services: Services) -> None:
    add(services, "UA-30", address="kyiv@example.org")
    add(services, "FR", address="paris@example.org")
    add(services, "Europe", address="T1/C1")
    subscribers.pause(services, OPERATOR, "paris@example.org")

    def found(**narrowed: object) -> set[str]:
        sought = SubscriberSearch(**narrowed)  # type: ignore[arg-type]
        return {s.subscriber.address for s in search(services, OPERATOR, sought)}

    assert found() == {"kyiv@example.org", "paris@example.org", "T1/C1"}
    assert found(channel=Channel("slack")) == {"T1/C1"}
    assert found(region="Ukraine") == {"kyiv@example.org", "T1/C1"}
    assert found(state=SubscriberState.PAUSED) == {"paris@example.org"}


def test_it_is_shown_when_each_subscription_is_served_next(services: Services) -> None:
    add(services, "UA", cadence="immediate")
    more(services, "PL", cadence="daily 08:00")
    shown = show(services, OPERATOR, ANN)
    slots = {s.name: slot for s, slot in zip(shown.subscriber.subscriptions, shown.slots, strict=True)}
    assert slots["Ukraine"] is None
    assert slots["Poland"] is not None
    assert slots["Poland"].slot_ms > services.server.now_ms()


def test_an_operator_suppresses_an_address_and_lifts_it(services: Services) -> None:
    suppressed = suppressing.suppress(services, OPERATOR, "gone@EXAMPLE.org", "moved away")
    exact, standing = suppressed.address, suppressed.suppression
    assert (exact, standing.reason, standing.by) == ("gone@example.org", "moved away", "operator")
    assert suppressing.suppress(services, OPERATOR, exact, "again").suppression == standing
    assert suppressing.unsuppress(services, OPERATOR, exact).was == standing
    with pytest.raises(NotFound):
        suppressing.unsuppress(services, OPERATOR, exact)


@pytest.mark.parametrize("by", [suppressing.COMPLAINT, suppressing.SUBSCRIBER])
def test_what_people_asked_for_themselves_is_lifted_only_by_force(services: Services, by: str) -> None:
    services.suppressions.add(Channel("email"), ANN, "they said so", by)
    with pytest.raises(Conflict, match="themselves"):
        suppressing.unsuppress(services, OPERATOR, ANN)
    assert suppressing.unsuppress(services, OPERATOR, ANN, force=True).was.by == by


def test_a_fresh_install_has_the_tags_of_a_risk_desk(services: Services) -> None:
    assert {"conflict", "flood", "negotiations", "strike", "visa"} <= services.tags.all().keys()
    services.tags.require(["conflict", "flood"])
    assert services.tags.add(["flood", "locusts"], "Swarms") == ["locusts"]
    services.tags.require(["locusts", "flood"])
    assert services.tags.all()["locusts"] == "Swarms"
    with pytest.raises(UnknownTag):
        services.tags.require(["flood", "unheard-of"])


def test_severity_and_bypass_are_read(services: Services) -> None:
    [subscription] = add(services, "UA", min_severity="Moderate", bypass="EXTREME").subscriptions
    assert (subscription.filter.min_severity, subscription.bypass) == (Severity.MODERATE, Severity.EXTREME)
