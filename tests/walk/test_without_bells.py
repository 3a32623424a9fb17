"""A day in which no bell is ever heard: what the sweep finds is all there is, and it is enough."""

from collections.abc import Iterable, Iterator

import pytest
from clocked import clocked, move_to, ms
from house import draft, subscribe, told

from alerts.model import Cadence, Kind, Severity, State, Work
from alerts.runtime.lanes import Lanes
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

MINUTE_MS = 60_000
DAY = range(24)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T00:00Z")
    yield ready
    ready.close()


def nobody_hears(works: Iterable[Work]) -> bool:
    return False


def minute(services: Services, at_ms: int) -> None:
    """Let a minute pass in which the sweep looks every five seconds; each worker lives for one look."""
    for seconds in range(0, 60, 5):
        move_to(services, at_ms + seconds * 1000)
        lanes = Lanes(BatchSender(services), nobody_hears)
        lanes.offer(services.due.sweep())
        lanes.stop()


def test_a_day_without_any_bell_brings_everybody_theirs_once(services: Services) -> None:
    """The sweep only rang: what was due at the end of such a day was everything since its beginning."""
    subscribe(services, "now@example.org", "UA")
    subscribe(services, "hourly@example.org", "UA", cadence=Cadence.parse("hourly"))
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 20:00"))
    subscribe(services, "T1/C1", "UA", cadence=Cadence.parse("daily 08:00"))
    for hour in DAY:
        at_ms = ms(f"2026-03-26T{hour:02}:00Z")
        minute(services, at_ms)
        if hour in (3, 11):
            steps.publish(services, draft(f"ua-{hour}"))
        if hour == 5:
            steps.publish(services, draft("ua-5", severity=Severity.EXTREME))
        if hour == 13:
            steps.publish(services, draft("ua-11", kind=Kind.CORRECTION, note="They met."))
        minute(services, at_ms + MINUTE_MS)
    once, twice = [State.SENT], [State.SENT] * 2
    everybody = {"now@example.org", "hourly@example.org", "daily@example.org"}
    assert told(services, "ua-3") == dict.fromkeys((*everybody, "T1/C1"), once)
    assert set(told(services, "ua-5")) == everybody | {"T1/C1"}
    corrected = told(services, "ua-11")
    assert corrected["now@example.org"] == corrected["hourly@example.org"] == twice
    assert corrected["daily@example.org"] == once
    assert services.due.count_due(services.server.now_ms()) == 0
