"""Somebody mutes a situation: they hear no more of it, until it gets worse or they take it back."""

from collections.abc import Iterator

import pytest
from clocked import at, clocked, move_to
from house import OPERATOR, draft, subscribe, tell, told, walk
from inbox import got

from alerts.errors import Forbidden
from alerts.model import Cadence, Kind, Severity, State
from alerts.operations import Actor, audit, explain, trace
from alerts.operations.following.waiting import everybody_waiting
from alerts.operations.publishing.previewing import foresee
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.muting import mute, mute_own, unmute, unmute_own
from alerts.rules.cadence import clock_of
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import recipients

ANNA, CHANNEL = "anna@example.org", "T1/C1"
DAILY = Cadence.parse("daily 08:00")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """At an hour, with an outbox that is empty."""
    ready = clocked(settings, "2026-06-10T07:00Z")
    yield ready
    ready.close()


def texts(services: Services, address: str = ANNA) -> list[str]:
    return got(services, address)


def test_what_somebody_has_muted_is_not_sent_to_them_and_the_ledger_says_why(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA")
    subscribe(services, "bob@example.org", "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    tell(services, draft(note="They met again."))
    assert len(texts(services)) == 1
    assert len(texts(services, "bob@example.org")) == 2
    assert sorted(told(services, "ua-talks")[ANNA], key=str) == [State.SENT, State.WITHDRAWN]
    notes = [services.ledger.note(d, anna.sid) for d in services.updates.digests("ua-talks")]
    assert "the subscriber has muted this situation" in notes


def test_what_gets_worse_reaches_who_has_muted_it_and_says_so_once(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    subscribe(services, CHANNEL, "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    mute(services, OPERATOR, CHANNEL, "ua-talks")
    tell(services, draft(note="A second day."))
    tell(services, draft(note="Shots.", severity=Severity.SEVERE))
    tell(services, draft(note="Quiet again."))
    for address in (ANNA, CHANNEL):
        _first, worse, after = texts(services, address)
        assert "You had muted this situation when it was moderate. It has got worse: severe." in " ".join(
            worse.split()
        )
        assert "muted" not in after


def test_a_digest_leaves_out_what_is_muted_and_says_how_much(services: Services) -> None:
    subscribe(services, ANNA, "UA", cadence=DAILY)
    subscribe(services, "bob@example.org", "UA", cadence=DAILY)
    tell(services, draft())
    tell(services, draft("ua-weather", headline="Storm over Odesa", severity=Severity.MINOR))
    mute(services, OPERATOR, ANNA, "ua-talks")
    at(services, "2026-06-10T08:00Z")
    [digest] = texts(services)
    assert "Storm over Odesa" in digest
    assert "Talks go on" not in digest
    assert "Without 1 situation that you have muted." in " ".join(digest.split())
    [whole] = texts(services, "bob@example.org")
    assert "Talks go on" in whole
    at(services, "2026-06-10T09:00Z")
    tell(services, draft(note="Shots.", severity=Severity.SEVERE))
    at(services, "2026-06-11T08:00Z")
    [_, worse] = texts(services)
    assert "You had muted this situation when it was moderate" in " ".join(worse.split())
    assert "Update:" not in worse  # they were never told of it before


def test_what_gets_worse_is_told_at_a_slot_against_what_its_reader_has(services: Services) -> None:
    """The rules say that their audience was told the second revision; they were not."""
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    subscribe(services, "bob@example.org", "UA", cadence=DAILY)
    tell(services, draft())
    at(services, "2026-06-10T08:00Z")
    mute(services, OPERATOR, ANNA, "ua-talks")
    at(services, "2026-06-10T09:00Z")
    tell(services, draft(note="A second day."))
    at(services, "2026-06-11T08:00Z")
    at(services, "2026-06-11T09:00Z")
    tell(services, draft(note="Shots.", severity=Severity.SEVERE))
    at(services, "2026-06-12T08:00Z")
    names = services.updates.digests("ua-talks")
    digests = services.digests.get_all(list(services.ledger.find(anna.sid, names)))
    assert [(e.number, e.since) for d in digests.values() for e in d.entries if e.number > 1] == [(3, 1)]
    assert len(texts(services)) == 2


def test_a_false_alarm_reaches_who_was_told_and_muted_it(services: Services) -> None:
    """Nobody who was told is left with something that is known to be false."""
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    subscribe(services, "never@example.org", "UA")
    mute(services, OPERATOR, "never@example.org", "ua-talks")
    tell(services, draft(kind=Kind.CORRECTION, note="They met on Tuesday."))
    tell(services, draft(kind=Kind.RETRACTION, note="It never was so."))
    assert len(texts(services)) == 3
    assert texts(services, "never@example.org") == []


def test_who_takes_a_mute_back_is_told_where_it_stands_and_nothing_twice(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    tell(services, draft(note="A second day."))
    tell(services, draft(note="A third day."))
    unmute(services, OPERATOR, ANNA, "ua-talks")
    walk(services)
    [_, now] = texts(services)
    assert "A third day." in now
    mute(services, OPERATOR, ANNA, "ua-talks")
    unmute(services, OPERATOR, ANNA, "ua-talks")
    walk(services)
    assert len(texts(services)) == 2
    tell(services, draft(note="A fourth day."))
    assert len(texts(services)) == 3


def test_what_a_pause_left_out_is_caught_up_with_but_for_what_is_muted(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    subscribers.pause(services, OPERATOR, ANNA)
    tell(services, draft(note="A second day."))
    tell(services, draft("ua-weather", headline="Storm over Odesa"))
    subscribers.resume(services, OPERATOR, ANNA)
    walk(services)
    [_, caught_up] = texts(services)
    assert "Storm over Odesa" in caught_up
    assert "A second day." not in caught_up


def test_a_mute_ends_with_its_situation(services: Services) -> None:
    anna = subscribe(services, ANNA, "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    tell(services, draft(kind=Kind.CANCEL))
    assert services.mutes.of(anna.sid) == {}
    assert services.server.client.ttl("alerts:mutes:ua-talks") > 0
    assert services.server.client.keys("alerts:muted:*") == []
    tell(services, draft(note="It goes on."))
    assert len(texts(services)) == 3


def test_a_slot_run_that_is_done_again_leaves_nobody_out_who_muted_meanwhile(services: Services) -> None:
    """Where one worker found her to be an individual case and another did not, she is in neither's digest."""
    anna = subscribe(services, ANNA, "UA", cadence=DAILY)
    tell(services, draft())
    move_to(services, "2026-06-10T08:00Z")
    clock = clock_of(anna.audience)
    assert clock is not None
    run = services.clocks.pin(clock, services.server.now_ms())
    assert run is not None
    move_to(services, "2026-06-10T08:00:01Z")
    before = recipients.at_slot(services, clock, run)
    mute(services, OPERATOR, ANNA, "ua-talks")
    assert recipients.at_slot(services, clock, run) == before
    walk(services)
    assert services.ledger.find(anna.sid, services.updates.digests("ua-talks"))


def test_a_reader_whose_link_was_checked_mutes_for_themselves_alone(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    reader = Actor(ANNA, "a link in an email", frozenset())
    with pytest.raises(Forbidden):
        mute(services, reader, ANNA, "ua-talks")
    with pytest.raises(Forbidden):
        unmute(services, reader, ANNA, "ua-talks")
    assert mute_own(services, reader, ANNA, "ua-talks").muted
    assert not unmute_own(services, reader, ANNA, "ua-talks").muted
    [last, *_] = audit(services, OPERATOR)
    assert last.sentence.startswith("anna@example.org (a link in an email) had anna@example.org hear again")


def test_a_preview_counts_nobody_who_has_muted_it(services: Services) -> None:
    subscribe(services, ANNA, "UA")
    subscribe(services, "bob@example.org", "UA")
    tell(services, draft())
    mute(services, OPERATOR, ANNA, "ua-talks")
    foreseen = foresee(services, draft(note="A second day."))
    assert ([g.subscriber.address for g in foreseen.getting], foreseen.missing) == (
        ["bob@example.org"],
        {"muted": 1},
    )
    worse = foresee(services, draft(note="Shots.", severity=Severity.SEVERE))
    assert worse.now == 2


def test_who_waits_for_a_slot_does_not_wait_for_what_they_have_muted(services: Services) -> None:
    subscribe(services, ANNA, "UA", cadence=DAILY)
    tell(services, draft())
    assert [t.state for t in trace(services, OPERATOR, ANNA)] == ["slot"]
    mute(services, OPERATOR, ANNA, "ua-talks")
    assert list(trace(services, OPERATOR, ANNA)) == []
    assert list(everybody_waiting(services, "ua-talks")) == []
    assert explain(services, OPERATOR, ANNA, "ua-talks").verdict == "no"
