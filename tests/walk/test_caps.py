"""Daily caps: what is beyond them is folded, and never dropped."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from clocked import at, clocked, move_to, ms
from house import OPERATOR, draft, subscribe, walk
from inbox import got

from alerts import operations
from alerts.model import Cadence, Kind, QuietHours, Severity, State
from alerts.operations.publishing.previewing import foresee
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

HEAD = "Headline of {}"


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, *updates: str, **changes: object) -> None:
    """One after the other, a second apart."""
    for update in updates:
        move_to(services, services.server.now_ms() + 1000)
        steps.publish(services, draft(update, **{"headline": HEAD.format(update)} | changes))
        walk(services)


def heads(services: Services, address: str) -> list[list[str]]:
    """Per message, oldest first: the updates it names, those in one line in brackets."""
    return [_named(text) for text in got(services, address)]


def _named(text: str) -> list[str]:
    text = text.partition("\n")[2]  # the subject names the worst, wherever that stands
    text = text.partition("== Went out at once ==")[0]
    whole, _, capped = text.partition("beyond your daily cap ==")
    letters = "abcdefghij"
    return [n for n in letters if HEAD.format(n) in whole] + [
        f"({n})" for n in letters if HEAD.format(n) in capped
    ]


def test_beyond_the_cap_updates_wait_for_the_morning_in_one_line_each(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=2)
    publish(services, "a", "b", "c", "d")
    assert heads(services, "c@example.org") == [["a"], ["b"]]
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "c@example.org")[2:] == [["(c)", "(d)"]]
    assert "2 beyond your daily cap" in got(services, "c@example.org")[2]


def test_without_a_cap_nothing_waits(services: Services) -> None:
    subscribe(services, "c@example.org", "UA")
    publish(services, "a", "b", "c", "d")
    assert heads(services, "c@example.org") == [["a"], ["b"], ["c"], ["d"]]


def test_one_that_is_beyond_the_cap_alone_is_a_line_too(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", "b")
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "c@example.org") == [["a"], ["(b)"]]


def test_urgent_ones_go_at_once_and_use_nothing_up(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", severity=Severity.SEVERE)
    publish(services, "b", "c")
    publish(services, "d", severity=Severity.EXTREME)
    assert [message[0] for message in heads(services, "c@example.org")] == ["a", "b", "d"]


def test_what_somebody_does_not_want_uses_nothing_up(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", regions=("FR",))
    publish(services, "b")
    assert heads(services, "c@example.org") == [["b"]]


def test_the_day_is_the_local_one(services: Services) -> None:
    """Midnight in Kyiv is 22:00 UTC, and 08:00 is 06:00."""
    subscribe(services, "c@example.org", "UA", cap=1, zone="Europe/Kyiv")
    move_to(services, "2026-03-26T21:58Z")
    publish(services, "a", "b")
    move_to(services, "2026-03-26T22:00Z")
    publish(services, "c", "d")
    assert heads(services, "c@example.org") == [["a"], ["c"]]
    at(services, "2026-03-27T06:00Z")
    assert heads(services, "c@example.org")[2:] == [["(b)", "(d)"]]


def test_quiet_hours_move_the_morning(services: Services) -> None:
    quiet = QuietHours.parse("22:00-09:30")
    subscribe(services, "c@example.org", "UA", cap=1, quiet=quiet)
    publish(services, "a", "b")
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "c@example.org") == [["a"]]
    at(services, "2026-03-27T09:30Z")
    assert heads(services, "c@example.org")[1:] == [["(b)"]]


def test_another_subscription_that_wants_it_at_once_has_it_at_once(services: Services) -> None:
    person = subscribe(services, "c@example.org", "UA", cap=1)
    wide = replace(
        person.subscriptions[0], cap=None, filter=replace(person.subscriptions[0].filter, regions=("RU",))
    )
    services.subscribers.save(replace(person, subscriptions=(*person.subscriptions, wide)), person)
    publish(services, "a", "b")
    publish(services, "c", "d", regions=("UA",))
    assert heads(services, "c@example.org") == [["a"], ["b"]]


def test_a_daily_digest_folds_what_is_beyond_the_cap(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=Cadence.parse("daily 08:00"), cap=2)
    publish(services, "a", "b")
    publish(services, "a", note="again", kind=Kind.UPDATE)
    publish(services, "c")
    move_to(services, "2026-03-27T07:00Z")
    publish(services, "d")
    publish(services, "e", severity=Severity.SEVERE)
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "d@example.org") == [["a", "b", "e", "(c)", "(d)"]]


def test_hourly_digests_of_one_day_share_its_cap(services: Services) -> None:
    subscribe(services, "h@example.org", "UA", cadence=Cadence.parse("hourly"), cap=2)
    publish(services, "a")
    at(services, "2026-03-26T13:00Z")
    publish(services, "b", "c")
    at(services, "2026-03-26T14:00Z")
    move_to(services, "2026-03-26T23:30Z")
    publish(services, "d")  # told at midnight: tomorrow
    at(services, "2026-03-27T00:00Z")
    assert heads(services, "h@example.org") == [["a"], ["b", "(c)"], ["d"]]


def test_an_update_that_goes_on_while_it_waits_is_told_once_and_as_it_is_then(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", "b")
    publish(services, "b", note="more", kind=Kind.UPDATE)
    publish(services, "a", note="more", kind=Kind.UPDATE)
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "c@example.org") == [["a"], ["(a)", "(b)"]]
    [name] = services.updates.digests("b")
    assert {e.update: (e.since, e.number) for e in services.digests.get(name).entries} == {
        "a": (1, 2),
        "b": (0, 2),
    }


def test_a_correction_of_what_was_told_does_not_wait(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", "b")
    publish(services, "a", note="wrong", kind=Kind.CORRECTION)
    at(services, "2026-03-26T12:01Z")
    assert heads(services, "c@example.org") == [["a"], ["a"]]


def test_a_correction_uses_nothing_up(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=2)
    publish(services, "a")
    publish(services, "a", kind=Kind.CORRECTION, note="Not there")
    publish(services, "b")
    assert heads(services, "c@example.org") == [["a"], ["a"], ["b"]]


def test_what_was_closed_before_its_slot_uses_nothing_up(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=Cadence.parse("daily 08:00"), cap=2)
    publish(services, "a", "b")
    publish(services, "a", kind=Kind.CANCEL)
    publish(services, "c", "d")
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "d@example.org") == [["a", "b", "c", "(d)"]], "a in the line of what has ended"


def test_what_waits_is_not_lost_when_the_cap_is_lifted(services: Services) -> None:
    person = subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", "b")
    move_to(services, "2026-03-26T13:00Z")
    lifted = replace(person.subscriptions[0], cap=None)
    services.subscribers.save(replace(person, subscriptions=(lifted,)), person, catch_up=True)
    walk(services)
    at(services, "2026-03-27T08:00Z")
    assert heads(services, "c@example.org") == [["a"], ["b"]]


def test_explain_and_preview_know_the_slot(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    publish(services, "a", "b")
    slot_ms = ms("2026-03-27T08:00Z")
    explained = operations.explain(services, OPERATOR, "c@example.org", "b")
    assert (explained.verdict, explained.slot_ms) == ("slot", slot_ms)
    [getting] = foresee(services, draft("c")).getting
    assert getting.slot_ms == slot_ms
    assert [
        row.update for row in operations.trace(services, OPERATOR, "c@example.org") if row.state == "slot"
    ] == ["b"]


def test_a_worker_that_takes_the_same_match_again_tells_nobody_twice(services: Services) -> None:
    subscribe(services, "c@example.org", "UA", cap=1)
    published, works = steps.publish(services, draft("a"))
    steps.publish(services, draft("b"))
    walk(services)
    for work in works:
        steps.match(services, work)
    walk(services)
    [sid] = [p.sid for p in services.subscribers.named("c@example.org")]
    found = services.ledger.find(sid, services.updates.digests(published.revision.update))
    assert [record.state for record in found.values()] == [State.SENT]
