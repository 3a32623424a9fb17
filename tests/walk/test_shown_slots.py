"""What `alerts subscribers show` says of the next slot is what will happen, whatever stands in the way."""

from collections.abc import Iterator

import pytest
from clocked import clocked, move_to, ms
from house import OPERATOR, draft, subscribe, walk

from alerts.model import Cadence, QuietHours, Severity
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.subscriber_details import show
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

DAILY = Cadence.parse("daily 08:00")
ANN = "ann@example.org"


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, *updates: str, **changes: object) -> None:
    for update in updates:
        move_to(services, services.server.now_ms() + 1000)
        steps.publish(services, draft(update, **changes))
        walk(services)
    move_to(services, services.server.now_ms() + 1000)


def following(services: Services) -> tuple[str | None, bool]:
    [shown] = show(services, OPERATOR, ANN).to_dict(services.tree)["subscriptions"]
    return shown["next"], shown["capped"]


def test_whoever_is_paused_has_no_slot_before_the_end_of_the_pause(services: Services) -> None:
    subscribe(services, ANN, "UA", cadence=DAILY)
    assert following(services) == ("2026-03-27T08:00:00Z", False)
    people.pause(services, OPERATOR, ANN, ms("2026-04-27T01:00Z"))
    assert following(services) == ("2026-04-27T08:00:00Z", False)
    people.pause(services, OPERATOR, ANN)
    assert following(services) == (None, False)


def test_a_full_day_names_the_slot_at_which_the_rest_is_told(services: Services) -> None:
    """It said “at once” of a subscription whose cap was reached an hour before."""
    subscribe(services, ANN, "UA", cap=2)
    publish(services, "a", "b", severity=Severity.SEVERE)  # urgent ones are not counted
    assert following(services) == (None, False)
    publish(services, "c", "d")
    assert following(services) == ("2026-03-27T08:00:00Z", True)
    move_to(services, "2026-03-27T09:00Z")
    assert following(services) == (None, False)


def test_a_full_digest_folds_what_comes_to_it(services: Services) -> None:
    subscribe(services, ANN, "UA", cadence=DAILY, cap=1)
    publish(services, "a")
    assert following(services) == ("2026-03-27T08:00:00Z", True)


def test_quiet_hours_hold_back_until_their_end_and_a_bypass_is_no_rule(services: Services) -> None:
    subscribe(services, ANN, "UA", quiet=QuietHours.parse("11:00-13:00"), bypass=Severity.MINOR)
    assert following(services) == ("2026-03-26T13:00:00Z", False)
