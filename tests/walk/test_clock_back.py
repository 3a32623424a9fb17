"""The server's clock is put an hour back: only what waits for the calendar waits for the difference."""

from collections.abc import Iterator

import pytest
from clocked import clocked, move_to, ms
from dying import Heard
from house import draft, subscribe, told, walk

from alerts.channels import CHANNELS
from alerts.model import Cadence, Deferred, Sent, State, Step
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
NOON = "2026-06-10T12:00Z"


class Busy(Heard):
    """Says "later" to everybody once."""

    def send(self, message, recipients, stop):  # type: ignore[no-untyped-def]
        for recipient in recipients:
            first = not self.heard[message.digest, recipient.sid]
            self.heard[message.digest, recipient.sid] += 1
            yield recipient.sid, Deferred("451 4.3.2 later") if first else Sent()


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, NOON)
    ready.due.rewind()
    yield ready
    ready.close()


def put_back(services: Services) -> None:
    move_to(services, services.server.now_ms() - HOUR_MS)
    services.due.rewind()


def test_whoever_was_to_be_tried_again_soon_still_is(services: Services) -> None:
    subscribe(services, "anna@example.org", "UA")
    services.own_senders = dict.fromkeys(CHANNELS, Busy())
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {"anna@example.org": [State.DEFERRED]}
    put_back(services)
    walk(services)
    assert told(services, "ua-talks") == {"anna@example.org": [State.DEFERRED]}
    move_to(services, services.server.now_ms() + 2 * MINUTE_MS)
    walk(services)
    assert told(services, "ua-talks") == {"anna@example.org": [State.SENT]}
    [notice] = services.notices.latest()
    assert (notice["what"], notice["seconds"]) == ("the server's clock was put back", 3600)


def test_what_is_under_embargo_or_waits_for_a_slot_waits_for_the_same_hour(services: Services) -> None:
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 13:00"))
    steps.publish(services, draft("held"), ms("2026-06-10T12:30Z"))
    steps.publish(services, draft("open"))
    before = {owed.work: owed.look_ms for owed in services.due.owed()}
    put_back(services)
    for owed in services.due.owed():
        moved = before[owed.work] - owed.look_ms
        assert moved == (HOUR_MS if owed.work.key == "open.r1" else 0), owed
    assert {work.step for work in before} == {Step.MATCH, Step.OPEN}


def test_a_breaker_does_not_stay_open_for_an_hour(services: Services) -> None:
    rest = services.breakers.trip("email", "connect refused", None)
    put_back(services)
    assert services.breakers.back_off("email") == pytest.approx(rest)


def test_the_pace_of_a_route_goes_on(services: Services) -> None:
    for _ in range(2):
        services.limits.permit("T1/C1", 1, 0.95, 1)
    assert 0 < services.limits.permit("T1/C1", 1, 0.95, 1) < 2
    put_back(services)
    assert services.limits.permit("T1/C1", 1, 0.95, 1) == 0
    assert 0 < services.limits.permit("T1/C1", 1, 0.95, 1) < 2


def test_a_permit_for_hundreds_is_not_taken_for_a_clock_that_was_put_back(
    services: Services,
) -> None:
    """Who asked for 400 at once had them, and 400 more at once: the pace was forgotten each time."""
    assert services.limits.permit("look", 400, 5, 150) == 0
    assert services.limits.permit("look", 400, 5, 150) == pytest.approx((128 + 150 - 149) / 5, abs=2)
    assert services.limits.permit("look", 1, 5, 150) > 20


def test_a_clock_corrected_by_a_moment_moves_nothing(services: Services) -> None:
    steps.publish(services, draft())
    [before] = services.due.owed()
    move_to(services, services.server.now_ms() - 2_000)
    services.due.rewind()
    services.due.rewind()
    assert services.due.owed() == [before]
    assert services.notices.latest() == []
