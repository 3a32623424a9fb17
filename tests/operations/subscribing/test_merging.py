"""Two subscribers who are one person become one: nobody is told twice, and nothing is lost."""

import hmac
import json
from base64 import urlsafe_b64encode

import pytest
from clocked import clocked, move_to
from house import OPERATOR, draft, of_old, subscribe, tell, told, walk

from alerts.channels import folds
from alerts.errors import BadInput, NotFound
from alerts.model import Cadence, Channel, Kind, Standing, State, Subscriber
from alerts.operations.following.tracing import trace
from alerts.operations.subscribing.merging import merge
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.unsubscribing import holder_of, leave
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Index
from alerts.walk import steps

KEEP, OTHER = "Anna.Smith@example.org", "ANNA.SMITH@example.org"


@pytest.fixture
def anna(services: Services) -> tuple[Subscriber, Subscriber]:
    """As an earlier version has left her: in two spellings, with one wish in common."""
    return of_old(services, KEEP, "UA"), of_old(services, OTHER, "UA", "PL")


def sound(services: Services) -> None:
    index = Index(services.server, folds(), mend=False)
    index.check(lambda *_: None)
    assert {fault for fault, n in index.found.items() if n} <= {"listed"}


def regions(services: Services, address: str) -> list[tuple[str, ...]]:
    return sorted(s.filter.regions for s in find(services, address).subscriptions)


def sent(services: Services, update: str) -> int:
    return sum(states.count(State.SENT) for states in told(services, update).values())


def test_one_of_them_has_all_that_either_asked_for(services: Services, anna: object) -> None:
    merged = merge(services, OPERATOR, KEEP, OTHER)
    assert merged.address == KEEP
    for spelt in (KEEP, OTHER, KEEP.lower()):
        assert find(services, spelt).sid == merged.sid
        assert regions(services, spelt) == [("UA",), ("UA", "PL")]
    assert [p.address for p in services.subscribers.everyone()] == [KEEP]
    sound(services)
    [entry] = list(services.audit.entries())
    assert (entry.action, entry.subject, entry.after["merged"]) == ("subscriber.merge", KEEP, OTHER)


def test_it_is_told_once_from_then_on(services: Services, anna: object) -> None:
    tell(services, draft("before"))
    merge(services, OPERATOR, KEEP, OTHER)
    walk(services)
    tell(services, draft("after"))
    assert (sent(services, "before"), sent(services, "after")) == (2, 1)


def test_equal_wishes_are_one(services: Services) -> None:
    of_old(services, KEEP, "UA"), of_old(services, OTHER, "UA")
    merge(services, OPERATOR, KEEP, OTHER)
    assert regions(services, KEEP) == [("UA",)]


def test_what_only_the_other_was_told_is_not_told_again(services: Services) -> None:
    of_old(services, KEEP, "PL"), of_old(services, OTHER, "UA")
    tell(services, draft())
    merge(services, OPERATOR, KEEP, OTHER)
    walk(services)
    assert told(services, "ua-talks") == {"": [State.SENT]}
    [step] = [line for line in trace(services, OPERATOR, KEEP) if "ua-talks" in str(line)]
    assert "sent" in str(step).lower()


def test_a_correction_reaches_who_was_told_the_mistake_as_somebody_else(services: Services) -> None:
    of_old(services, KEEP, "PL"), of_old(services, OTHER, "UA")
    tell(services, draft())
    merge(services, OPERATOR, KEEP, OTHER)
    walk(services)
    tell(services, draft(kind=Kind.CORRECTION, note="Not so.", headline="No talks"))
    assert told(services, "ua-talks") == {"": [State.SENT], KEEP: [State.SENT]}
    corrected = [path.read_text() for path in services.settings.outbox.rglob("*.eml")]
    assert sum("Correction" in text for text in corrected) == 1


def test_what_the_other_was_still_owed_is_told_to_who_is_kept(settings: Settings) -> None:
    """It waits for a slot that never comes for them: whoever was only removed lost it."""
    services = clocked(settings, "2026-11-24T09:00Z")
    of_old(services, KEEP, "PL"), of_old(services, OTHER, "UA", cadence=Cadence.parse("weekly mon 08:00"))
    tell(services, draft())
    move_to(services, services.server.now_ms() + 60_000)
    merge(services, OPERATOR, KEEP, OTHER)
    walk(services)
    assert told(services, "ua-talks") == {KEEP: [State.SENT]}
    services.close()


def test_what_was_on_its_way_to_the_other_is_told_to_who_is_kept(services: Services) -> None:
    of_old(services, KEEP, "PL"), of_old(services, OTHER, "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step != "send")
    merge(services, OPERATOR, KEEP, OTHER)
    walk(services)
    found = told(services, "ua-talks")
    assert found[KEEP] == [State.SENT]
    assert found[""] == [State.SUPPRESSED]


@pytest.mark.parametrize(
    ("keep", "other", "standing"),
    [
        (True, True, Standing.PAUSED),
        (True, False, Standing.ACTIVE),
        (False, True, Standing.ACTIVE),
    ],
)
def test_nothing_is_sent_only_if_both_pause(
    services: Services, keep: bool, other: bool, standing: Standing
) -> None:
    for spelt, paused in ((KEEP, keep), (OTHER, other)):
        person = of_old(services, spelt, "UA")
        if paused:
            paused_now = Subscriber(
                person.sid,
                person.channel,
                spelt,
                person.zone,
                person.subscriptions,
                person.joined_ms,
                standing=Standing.PAUSED,
            )
            services.subscribers.save(paused_now, person)
    assert merge(services, OPERATOR, KEEP, OTHER).standing is standing


@pytest.mark.parametrize("spelt", [KEEP, OTHER])
def test_what_stands_against_either_stands(services: Services, anna: object, spelt: str) -> None:
    row = json.dumps({"reason": "gone", "since_ms": 1, "by": "subscriber"})
    services.server.client.hset(services.server.keys("suppressed", "email"), spelt, row)
    merge(services, OPERATOR, KEEP, OTHER)
    tell(services, draft())
    assert sent(services, "ua-talks") == 0


def test_links_in_mails_to_either_work(services: Services, anna: tuple[Subscriber, Subscriber]) -> None:
    """Those of the first version name a number, be it one that is gone."""
    links = [_of_the_first_version(services, person.sid) for person in anna]
    services.server.client.hset(services.server.keys("installation"), "numbered", 2)
    merge(services, OPERATOR, KEEP, OTHER)
    assert {holder_of(services, token).identity for token in links} == {KEEP.lower()}
    leave(services, holder_of(services, links[1]))
    tell(services, draft())
    assert sent(services, "ua-talks") == 0


def _of_the_first_version(services: Services, sid: int) -> str:
    head = f"v1.u.{sid}"
    key = services.links._key
    seal = hmac.digest(key, head.encode(), "sha256")[:16]
    return f"{head}.{urlsafe_b64encode(seal).decode().rstrip('=')}"


def test_three_spellings_become_one_in_either_order(services: Services) -> None:
    third = "anna.smith@EXAMPLE.org".replace("EXAMPLE", "example")
    people = [of_old(services, spelt, "UA") for spelt in (KEEP, OTHER, third)]
    merge(services, OPERATOR, OTHER, third)
    kept = merge(services, OPERATOR, KEEP, OTHER)
    assert {services.merged.kept(person.sid) for person in people} == {kept.sid}
    sound(services)


def test_two_people_are_not_merged_and_neither_is_one(services: Services, anna: object) -> None:
    subscribe(services, "olena@example.org", "UA")
    with pytest.raises(BadInput, match="two people"):
        merge(services, OPERATOR, KEEP, "olena@example.org")
    with pytest.raises(BadInput, match="one subscriber already"):
        merge(services, OPERATOR, KEEP, KEEP)
    with pytest.raises(NotFound):
        merge(services, OPERATOR, KEEP, "nobody@example.org")
    assert services.subscribers.count()[Channel("email")] == 3
