"""Silence that is told: a daily or weekly slot with nothing new says so, to those who asked for it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from clocked import at, clocked, move_to
from house import draft, subscribe, walk
from inbox import got

from alerts.model import Cadence, Severity
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
    steps.publish(services, draft(update, **changes))
    walk(services)


def test_a_slot_with_nothing_new_says_so_once(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY, all_quiet=True)
    at(services, "2026-03-27T08:00Z")
    walk(services)
    publish(services, "a")
    at(services, "2026-03-28T08:00Z")
    first, second = got(services, "d@example.org")
    assert "Subject: All quiet · 08:00 Fri 27 Mar" in first
    assert "Nothing has been due to you since 12:00 Thu 26 Mar UTC." in first
    assert "says so when all is quiet" in first
    assert "Your next digest: Sat 28 Mar 08:00 UTC" in first
    assert "All quiet" not in second


def test_nobody_else_of_the_clock_hears_of_it(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    subscribe(services, "q@example.org", "UA", cadence=DAILY, all_quiet=True)
    at(services, "2026-03-27T08:00Z")
    assert (len(got(services, "d@example.org")), len(got(services, "q@example.org"))) == (0, 1)


def test_all_who_share_a_clock_and_a_channel_share_one_message(services: Services) -> None:
    for number, region in enumerate(("UA", "PL", "FR")):
        subscribe(services, f"{number}@example.org", region, cadence=DAILY, all_quiet=True)
        subscribe(services, f"T1/C{number}", region, cadence=DAILY, all_quiet=True)
    at(services, "2026-03-27T08:00Z")
    rendered = list(services.server.client.scan_iter("alerts:digest:*:message"))
    assert len(rendered) == 2
    assert "to: France" in got(services, "2@example.org")[0]
    assert "to: Poland" in got(services, "T1/C1")[0]


def test_a_week_of_outage_is_quiet_in_one_late_message(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY, all_quiet=True)
    at(services, "2026-04-02T09:30Z")
    [late] = got(services, "d@example.org")
    assert "This digest is late" in late
    assert "since 12:00 Thu 26 Mar UTC" in late


def test_an_hour_is_too_short_to_be_called_quiet(services: Services) -> None:
    """The audience has hourly slots as well: only its daily one is a reason."""
    person = subscribe(services, "d@example.org", "UA", cadence=DAILY, all_quiet=True)
    hourly = replace(person.subscriptions[0], cadence=Cadence.parse("hourly"), all_quiet=False)
    services.subscribers.save(replace(person, subscriptions=(*person.subscriptions, hourly)), person)
    for hour in range(13, 24):
        at(services, f"2026-03-26T{hour}:00Z")
    for hour in range(10):
        at(services, f"2026-03-27T0{hour}:00Z")
    [told] = got(services, "d@example.org")
    assert "Nothing has been due to you since 07:00 Fri 27 Mar UTC." in told


def test_what_went_out_at_once_is_named(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY, all_quiet=True, bypass=Severity.SEVERE)
    publish(services, "flood", severity=Severity.EXTREME, headline="Flood in Lviv")
    at(services, "2026-03-27T08:00Z")
    _, quiet = got(services, "d@example.org")
    assert "1 update, which went out at once" in quiet
    assert "Nothing else has been due to you" in quiet
    assert "Flood in Lviv" in quiet


def test_a_newcomer_hears_quiet_where_others_hear_what_came_before_them(services: Services) -> None:
    subscribe(services, "old@example.org", "UA", cadence=DAILY, all_quiet=True)
    publish(services, "a")
    move_to(services, "2026-03-26T15:00Z")
    subscribe(services, "new@example.org", "UA", cadence=DAILY, all_quiet=True)
    at(services, "2026-03-27T08:00Z")
    [old], [new] = got(services, "old@example.org"), got(services, "new@example.org")
    assert "All quiet" not in old
    assert "All quiet" in new


def test_whoever_no_longer_asks_is_not_told(services: Services) -> None:
    """The subscription ends between the slot run and the sending."""
    person = subscribe(services, "d@example.org", "UA", cadence=DAILY, all_quiet=True)
    move_to(services, "2026-03-27T08:00Z")
    walk(services, lambda work: work.step in ("open", "render"))
    plain = replace(person.subscriptions[0], all_quiet=False)
    services.subscribers.save(replace(person, subscriptions=(plain,)), person)
    walk(services)
    assert got(services, "d@example.org") == []
