"""Withdrawn while a slot's digest is on its way: whoever was not told hears nothing of it at all."""

from collections.abc import Iterator

import pytest
from clocked import clocked, move_to
from house import OPERATOR, draft, subscribe, told, walk
from inbox import got

from alerts import operations
from alerts.model import Cadence, Severity, State
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

DAILY = Cadence.parse("daily 08:00")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, update: str, **changes: object) -> None:
    steps.publish(services, draft(update, headline=f"Headline of {update}", **changes))
    walk(services)


def withdraw(services: Services, update: str) -> int:
    """Withdraw it; how many digests still go out with it."""
    done = operations.withdraw(services, OPERATOR, update, "It was false.")
    assert done.cancel is not None
    return done.going_out


@pytest.mark.parametrize("steps", [("open",), ("open", "render"), ("open", "render", "fan")], ids=str)
def test_the_digest_of_a_slot_that_tells_only_this_is_stopped(services: Services, steps: tuple[str]) -> None:
    """It was sent all the same, and “Closed” after it: a clock's digest was never stopped."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    move_to(services, "2026-03-27T08:00Z")
    walk(services, lambda work: work.step in steps)
    assert withdraw(services, "a") == 0
    for time in ("08:00", "08:01", "09:00"):
        move_to(services, f"2026-03-27T{time}Z")
        walk(services)
    assert got(services, "d@example.org") == []
    assert told(services, "a") == {"d@example.org": [State.WITHDRAWN]}
    assert all(owed.work.step == "open" for owed in services.due.owed())
    move_to(services, "2026-03-28T08:00Z")
    walk(services)
    assert got(services, "d@example.org") == []


def test_what_a_digest_only_remembers_does_not_keep_it_on_its_way(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY, bypass=Severity.SEVERE)
    publish(services, "flood", severity=Severity.EXTREME)
    publish(services, "a")
    move_to(services, "2026-03-27T08:00Z")
    walk(services, lambda work: work.step in ("open", "render"))
    assert withdraw(services, "a") == 0
    walk(services)
    assert len(got(services, "d@example.org")) == 1
    assert withdraw(services, "flood") == 0
    walk(services)
    assert "[Closed] Headline of flood" in got(services, "d@example.org")[1]


def test_a_digest_of_several_goes_out_and_is_followed_by_closed(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    publish(services, "b")
    move_to(services, "2026-03-27T08:00Z")
    walk(services, lambda work: work.step in ("open", "render"))
    assert withdraw(services, "a") == 1
    walk(services)
    move_to(services, "2026-03-27T08:01Z")
    walk(services)
    first, second = got(services, "d@example.org")
    assert "Headline of b" in first
    assert "[Closed] Headline of a" in second
