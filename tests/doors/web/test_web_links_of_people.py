"""A link is of one person in one installation: of no number that another one may get, of no spelling."""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest
from doors import Door
from house import OPERATOR, draft, subscribe, tell

from alerts.model import Channel, State, Subscriber
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.suppressing import unsuppress
from alerts.services import Services, connect
from alerts.settings import Settings, signing_key

ONE_CLICK = b"List-Unsubscribe=One-Click"


@pytest.fixture
def trying_out(settings: Settings, services: Services) -> Iterator[Services]:
    """Another installation, with the same signing key."""
    ready = connect(settings.model_copy(update={"key_prefix": "alerts-dev:"}))
    yield ready
    ready.close()


def link_mailed(services: Services, person: Subscriber, update: str) -> str:
    """The link in the mail that tells this person of an update."""
    tell(services, draft(update))
    [digest] = services.updates.digests(update)
    mail = (services.settings.outbox / "email" / digest / f"{person.sid}.eml").read_text()
    [link] = re.findall(r"^List-Unsubscribe: <(\S+)>", mail, re.MULTILINE)
    return str(link)


def left(services: Services, address: str) -> bool:
    return bool(services.suppressions.find(Channel("email"), [address]))


def told(services: Services, person: Subscriber, update: str) -> State:
    """What came of telling this person of an update."""
    tell(services, draft(update))
    found = services.ledger.find(person.sid, list(services.updates.digests(update)))
    [record] = found.values()
    return record.state


@pytest.mark.parametrize("there", ["anna@example.org", "bob@example.org"])
def test_a_link_from_the_trying_out_world_does_nothing_in_the_real_one(
    door: Door, services: Services, trying_out: Services, there: str
) -> None:
    """Whoever clicked in a mail of the trial ended the alerts of whom the real one knew by that number."""
    anna = subscribe(services, "anna@example.org", "UA")
    other = subscribe(trying_out, there, "UA")
    assert anna.sid == other.sid
    link = link_mailed(trying_out, other, "trial")
    assert door.ask(link).status == door.ask(link, ONE_CLICK).status == 404
    assert not left(services, "anna@example.org")
    assert told(services, anna, "flood") is State.SENT


def test_an_old_link_works_after_somebody_was_removed_and_added_again(door: Door, services: Services) -> None:
    """A list that is cleared and imported anew made every link in the mailboxes a dead one."""
    anna = subscribe(services, "Anna@example.org", "UA")
    link = link_mailed(services, anna, "before")
    services.subscribers.remove(anna)
    again = subscribe(services, "anna@example.org", "UA")
    assert again.sid != anna.sid
    assert door.ask(link, ONE_CLICK).status == 200
    assert told(services, again, "after") is State.SUPPRESSED


def test_who_leaves_between_being_removed_and_added_again_has_left(door: Door, services: Services) -> None:
    anna = subscribe(services, "anna@example.org", "UA")
    link = link_mailed(services, anna, "before")
    services.subscribers.remove(anna)
    assert door.ask(link, ONE_CLICK).status == 200
    assert told(services, subscribe(services, "anna@example.org", "UA"), "after") is State.SUPPRESSED


def test_a_link_does_not_touch_whoever_got_the_number_after_a_restore(door: Door, services: Services) -> None:
    """Numbers begin again where the backup ended: the next one added has the number of who was lost."""
    anna = subscribe(services, "anna@example.org", "UA")
    link = link_mailed(services, anna, "before")
    services.subscribers.remove(anna)
    services.server.client.set(services.server.keys("sids"), anna.sid - 1)
    bob = subscribe(services, "bob@example.org", "UA")
    assert bob.sid == anna.sid
    assert "b…@example.org" not in door.ask(link).text
    door.ask(link, ONE_CLICK)
    assert told(services, bob, "after") is State.SENT


@pytest.mark.parametrize("again", ["bob@example.org", "BOB@EXAMPLE.ORG", "bob@Example.org"])
def test_who_left_under_one_spelling_is_not_mailed_under_another(
    door: Door, services: Services, again: str
) -> None:
    """Bob@ had left; HR's next file wrote bob@, and he was mailed again."""
    bob = subscribe(services, "Bob@example.org", "UA")
    door.ask(link_mailed(services, bob, "before"), ONE_CLICK)
    services.subscribers.remove(bob)
    assert told(services, subscribe(services, again, "UA"), "after") is State.SUPPRESSED
    unsuppress(services, OPERATOR, again, force=True)
    assert not left(services, "Bob@example.org")


@pytest.mark.parametrize("other", ["bob+alerts@example.org", "b.ob@example.org", "bob@example.com"])
def test_plus_and_dots_and_other_domains_are_other_people(door: Door, services: Services, other: str) -> None:
    bob = subscribe(services, "bob@example.org", "UA")
    door.ask(link_mailed(services, bob, "before"), ONE_CLICK)
    assert told(services, subscribe(services, other, "UA"), "after") is State.SENT


def spelt_twice(services: Services) -> tuple[Subscriber, Subscriber]:
    """A store from before addresses were folded, with two subscribers who are one person."""
    first, second = subscribe(services, "one@example.org", "UA"), subscribe(services, "two@example.org", "UA")
    redis, keys = services.server.client, services.server.keys
    redis.delete(keys("subscribers", "email"), keys("installation"))
    for person, spelt in ((first, "Bob@example.org"), (second, "bob@example.org")):
        redis.hset(keys("subscriber", person.sid), "address", spelt)
        redis.hset(keys("subscribers", "email"), spelt, person.sid)
    return first, second


def test_two_subscribers_of_old_who_are_one_person_are_both_sent_nothing_once_they_left(
    door: Door, services: Services
) -> None:
    first, second = spelt_twice(services)
    row = '{"reason": "unsubscribed by link", "since_ms": 1, "by": "subscriber"}'
    services.server.client.hset(services.server.keys("suppressed", "email"), "BOB@example.org", row)
    assert told(services, first, "flood") is told(services, second, "storm") is State.SUPPRESSED
    assert services.suppressions.find(Channel("email"), ["bob@example.org"])


def test_two_subscribers_of_old_who_are_one_person_are_both_found_as_they_are_spelt(
    services: Services,
) -> None:
    people = spelt_twice(services)
    assert told(services, people[0], "flood") is State.SENT
    for person in people:
        [found] = services.subscribers.load([person.sid])
        assert find(services, found.address).sid == person.sid
    assert subscribers.remove(services, OPERATOR, "Bob@example.org").sid == people[0].sid
    assert find(services, "Bob@example.org").sid == people[1].sid


def numbered(services: Services, sid: int) -> str:
    """The link to a subscriber's number, as it was made until people had links of their own."""
    head = f"v1.u.{sid}"
    seal = hmac.digest(signing_key(services.settings), head.encode(), "sha256")[:16]
    return f"/u/{head}.{urlsafe_b64encode(seal).decode().rstrip('=')}"


def test_a_link_from_before_works_for_whom_it_was_made(door: Door, services: Services) -> None:
    """Old mails lie in mailboxes for years, and the law wants their links to work."""
    anna = subscribe(services, "anna@example.org", "UA")
    services.server.client.delete(services.server.keys("installation"))  # as if numbered before
    bob = subscribe(services, "bob@example.org", "UA")
    assert "a…@example.org" in door.ask(numbered(services, anna.sid)).text
    assert door.ask(numbered(services, anna.sid), ONE_CLICK).status == 200
    assert left(services, "anna@example.org")
    assert door.ask(numbered(services, bob.sid), ONE_CLICK).status == 404
    assert not left(services, "bob@example.org")


def test_a_link_to_a_number_opens_nothing_where_no_such_link_was_ever_made(
    door: Door, services: Services
) -> None:
    """An old link of the trying-out world names a number here too: a new installation never made one."""
    anna = subscribe(services, "anna@example.org", "UA")
    for number in (anna.sid, anna.sid + 1):
        assert door.ask(numbered(services, number), ONE_CLICK).status == 404
    assert not left(services, "anna@example.org")
