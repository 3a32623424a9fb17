"""The server's clock is put an hour back or forth. Its log never goes back, so windows still meet.

A clock cannot be put back under a running server here; what it would leave behind is written instead: slots
opened ahead of time, and with them the floor under the log.
"""

import pytest

from alerts import pipeline, telling
from alerts.cadence import clock_of, next_slot
from alerts.model import Cadence, Channel, Draft, Filter, Kind, Severity, Step, Subscriber, Subscription, Work
from alerts.sending import Desk
from alerts.services import Services

pytestmark = pytest.mark.faults

HOUR_MS = 3_600_000
AT_ONCE, HOURLY = Cadence(), Cadence.parse("hourly")


def subscribe(services: Services, name: str, cadence: Cadence = AT_ONCE) -> Subscriber:
    wish = (Subscription(Filter(("UA",)), cadence),)
    person = Subscriber(0, Channel.EMAIL, f"{name}@example.org", "UTC", wish, 0)
    return services.subscribers.save(person, None)


def publish(services: Services, update: str, **changes: object) -> int:
    """Publish and do all that is owed at once. When it was accepted."""
    content: dict[str, object] = {"headline": "Talks", "regions": ("UA",), "severity": Severity.MODERATE}
    published, _ = pipeline.publish(services, Draft(id=update, **(content | changes)))  # type: ignore[arg-type]
    desk = Desk(services)
    while works := [o.work for o in services.work.owed() if o.work.step is not Step.OPEN]:
        for work in works:
            pipeline.step(desk, work)
    assert published.revision.accepted_ms is not None
    return published.revision.accepted_ms


def told(services: Services, update: str) -> list[str]:
    """Who was told an update, once for each time."""
    found = []
    for digest, how in services.digests.progress(services.updates.digests(update)).items():
        sids = services.ledger.records(digest, range(1, how.batches + 1))
        found += [p.address.partition("@")[0] for p in services.subscribers.destinations(list(sids))]
    return sorted(found)


def open_slot(services: Services, person: Subscriber, slot_ms: int) -> list[list[str]]:
    """Open a slot as a worker does that thinks it is time; the updates of each digest that is owed for it."""
    clock = clock_of(person.audience)
    assert clock is not None
    opening = services.audiences.open(clock, slot_ms)
    if opening is None:
        return []
    owed = telling.at_slot(services, clock, opening)
    entry = str(Work(Step.OPEN, str(clock)))
    services.audiences.opened(clock, opening, entry, next_slot(clock, opening.slot_ms))
    return sorted([entry.update for entry in digest.entries] for digest in owed)


def test_what_is_published_after_the_clock_went_back_is_told_at_once_and_once(services: Services) -> None:
    """The log goes on from where it had come to; who joins then is owed what is published after that."""
    subscribe(services, "early")
    now_ms = services.server.now_ms()
    services.server.client.set("alerts:floor", now_ms + HOUR_MS)
    first_ms = publish(services, "first")
    assert first_ms == now_ms + HOUR_MS
    subscribe(services, "late")
    assert publish(services, "second") > first_ms
    publish(services, "first", kind=Kind.CORRECTION, headline="Talks, corrected")
    assert told(services, "second") == ["early", "late"]
    assert told(services, "first") == ["early", "early", "late"]  # the correction is news to the late one
    assert services.work.count() == 0


def test_a_slot_opened_by_a_fast_clock_is_not_opened_again_and_nothing_falls_between(
    services: Services,
) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    slot_ms = next_slot(clock, services.server.now_ms())
    publish(services, "before")
    assert open_slot(services, person, slot_ms) == [["before"]]
    # the clock is right again, and before the slot it has opened
    assert publish(services, "after") >= slot_ms
    assert open_slot(services, person, slot_ms) == []
    assert open_slot(services, person, next_slot(clock, slot_ms)) == [["after"]]
    assert open_slot(services, person, next_slot(clock, slot_ms)) == []


def test_somebody_who_joins_while_the_clock_is_back_is_told_what_comes_after_and_nothing_before(
    services: Services,
) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    slot_ms = next_slot(clock, services.server.now_ms())
    open_slot(services, person, slot_ms)
    publish(services, "before")
    late = subscribe(services, "late", HOURLY)
    assert late.joined_ms > slot_ms
    publish(services, "after")
    both, alone = ["before", "after"], ["after"]
    assert open_slot(services, person, next_slot(clock, slot_ms)) == sorted([sorted(both), alone])


def test_a_clock_put_forth_makes_up_for_the_slots_it_skipped_in_one_digest(services: Services) -> None:
    person = subscribe(services, "hourly", HOURLY)
    clock = clock_of(person.audience)
    assert clock is not None
    publish(services, "before")
    slot_ms = next_slot(clock, next_slot(clock, next_slot(clock, services.server.now_ms())))
    assert open_slot(services, person, slot_ms) == [["before"]]
    assert open_slot(services, person, slot_ms) == []
