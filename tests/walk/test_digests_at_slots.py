"""Digests at people's own hours: what is in them, once, whatever changes meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from clocked import at, clocked, move_to, ms
from house import OPERATOR, draft, subscribe, walk
from inbox import got

from alerts import operations
from alerts.model import (
    Cadence,
    Change,
    Channel,
    Digest,
    Filter,
    Kind,
    QuietHours,
    Severity,
    Standing,
    State,
    Subscriber,
    Subscription,
)
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import recipients, steps

DAILY = Cadence.parse("daily 08:00")


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


def publish(services: Services, update: str, **changes: object) -> None:
    steps.publish(services, draft(update, **changes))
    walk(services)


def digests(services: Services, address: str) -> list[tuple[str, list[tuple[str, int, Change]]]]:
    """Every digest sent to an address: its moment, and its entries, in order of their moments."""
    [person] = services.subscribers.named(address)
    names = {name for update in services.updates.recent(100) for name in services.updates.digests(update)}
    found = services.ledger.find(person.sid, sorted(names))
    sent = [services.digests.get(name) for name, record in found.items() if record.state is State.SENT]
    sent.sort(key=lambda digest: (digest.horizon_ms, digest.id))
    return [
        (
            digest.clock or ("catch-up" if digest.catch_up else "now"),
            [(e.update, e.number, e.change) for e in digest.entries],
        )
        for digest in sent
    ]


def test_a_daily_digest_holds_what_came_since_the_last_slot_once(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    publish(services, "b")
    at(services, "2026-03-27T08:00Z")
    publish(services, "c")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [
        ("daily 08:00 UTC", [("a", 1, Change.NEW), ("b", 1, Change.NEW)]),
        ("daily 08:00 UTC", [("c", 1, Change.NEW)]),
    ]


def test_an_empty_slot_sends_nothing(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    at(services, "2026-03-27T08:00Z")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == []


def test_slots_missed_by_an_outage_come_as_one_digest_that_says_so(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    move_to(services, "2026-03-27T20:00Z")
    steps.publish(services, draft("b"))
    at(services, "2026-03-29T09:30Z")
    assert digests(services, "d@example.org") == [
        ("daily 08:00 UTC", [("a", 1, Change.NEW), ("b", 1, Change.NEW)])
    ]
    [name] = services.updates.digests("a")
    assert services.digests.get(name).late


def test_a_digest_shows_the_latest_revision_and_what_was_told_before(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    at(services, "2026-03-27T08:00Z")
    publish(services, "a", note="second")
    publish(services, "a", note="third")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org")[1:] == [("daily 08:00 UTC", [("a", 3, Change.UPDATED)])]


def test_what_bypassed_the_slot_is_only_remembered_there(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY, bypass=Severity.SEVERE)
    publish(services, "flood", severity=Severity.EXTREME)
    publish(services, "talks")
    at(services, "2026-03-27T08:00Z")
    assert digests(services, "d@example.org") == [
        ("now", [("flood", 1, Change.NEW)]),
        ("daily 08:00 UTC", [("talks", 1, Change.NEW), ("flood", 1, Change.TOLD)]),
    ]


def test_what_falls_into_quiet_hours_comes_at_their_end_as_one_digest(services: Services) -> None:
    quiet = QuietHours.parse("22:00-07:00")
    subscribe(services, "q@example.org", "UA", quiet=quiet, zone="Europe/Kyiv")
    move_to(services, "2026-03-26T21:00Z")
    publish(services, "a")
    publish(services, "b")
    at(services, "2026-03-27T05:00Z")
    publish(services, "c")
    assert digests(services, "q@example.org") == [
        ("immediate quiet 22:00-07:00 Europe/Kyiv", [("a", 1, Change.NEW), ("b", 1, Change.NEW)]),
        ("now", [("c", 1, Change.NEW)]),
    ]


def test_overlapping_subscriptions_fold_into_one_digest(services: Services) -> None:
    person = subscribe(services, "two@example.org", "UA", cadence=DAILY)
    weekly = Subscription(
        replace(person.subscriptions[0].filter, regions=("150",)), Cadence.parse("weekly fri 08:00")
    )
    changed = replace(person, subscriptions=(*person.subscriptions, weekly))
    services.subscribers.save(changed, person, catch_up=True)
    walk(services)
    publish(services, "ua")
    publish(services, "fr", regions=("FR",))
    at(services, "2026-03-27T08:00Z")  # a Friday
    [(clock, entries)] = digests(services, "two@example.org")
    assert clock == "daily 08:00 + weekly fri 08:00 UTC"
    assert {e[0] for e in entries} == {"ua", "fr"}


def test_a_retraction_before_the_slot_leaves_nothing_to_tell(services: Services) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    publish(services, "a", kind=Kind.RETRACTION, note="false report")
    at(services, "2026-03-27T08:00Z")
    assert digests(services, "d@example.org") == []


def test_a_cancel_before_the_slot_is_told_there_as_ended_and_not_again(services: Services) -> None:
    """A typhoon that began and was closed between two digests was in neither."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    publish(services, "a", kind=Kind.CANCEL, note="It is over.")
    at(services, "2026-03-27T08:00Z")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [("daily 08:00 UTC", [("a", 2, Change.ENDED)])]


@pytest.mark.parametrize("kind", [Kind.CORRECTION, Kind.RETRACTION])
def test_what_was_told_as_ended_is_corrected_like_anything_told(services: Services, kind: Kind) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    publish(services, "a", kind=Kind.CANCEL, note="It is over.")
    at(services, "2026-03-27T08:00Z")
    move_to(services, "2026-03-27T10:00Z")
    publish(services, "a", kind=kind, note="It is not.")
    change = Change.CORRECTED if kind is Kind.CORRECTION else Change.CLOSED
    assert digests(services, "d@example.org")[1:] == [("now", [("a", 3, change)])]


def test_who_came_in_between_is_compared_with_what_they_have_not_with_what_others_have(
    services: Services,
) -> None:
    """“Updated”, of something that had been published before they came and that they never got."""
    subscribe(services, "old@example.org", "UA", cadence=DAILY)
    publish(services, "a", headline="The first word")
    at(services, "2026-03-27T08:00Z")
    move_to(services, "2026-03-27T10:00Z")
    subscribe(services, "new@example.org", "UA", cadence=DAILY)
    publish(services, "a", headline="The second word")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "old@example.org")[1:] == [("daily 08:00 UTC", [("a", 2, Change.UPDATED)])]
    assert digests(services, "new@example.org") == [("daily 08:00 UTC", [("a", 2, Change.NEW)])]


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.RETRACTION])
def test_a_cancel_after_the_slot_goes_at_once_to_those_who_were_told(services: Services, kind: Kind) -> None:
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    at(services, "2026-03-27T08:00Z")
    move_to(services, "2026-03-27T10:00Z")
    publish(services, "a", kind=kind, note="false report")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [
        ("daily 08:00 UTC", [("a", 1, Change.NEW)]),
        ("now", [("a", 2, Change.CLOSED)]),
    ]


def test_moving_to_an_earlier_hour_leaves_no_gap_and_no_double(services: Services) -> None:
    person = subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    at(services, "2026-03-27T08:00Z")
    move_to(services, "2026-03-27T10:00Z")
    publish(services, "b")
    move_to(services, "2026-03-27T11:00Z")
    earlier = replace(person.subscriptions[0], cadence=Cadence.parse("daily 06:00"))
    services.subscribers.save(replace(person, subscriptions=(earlier,)), person, catch_up=True)
    walk(services)
    move_to(services, "2026-03-27T12:00Z")
    publish(services, "c")
    at(services, "2026-03-28T06:00Z")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [
        ("daily 08:00 UTC", [("a", 1, Change.NEW)]),
        ("catch-up", [("b", 1, Change.NEW)]),
        ("daily 06:00 UTC", [("c", 1, Change.NEW)]),
    ]


def test_a_newcomer_is_not_told_what_came_before_their_wishes(services: Services) -> None:
    subscribe(services, "old@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    move_to(services, "2026-03-26T15:00Z")
    subscribe(services, "new@example.org", "UA", cadence=DAILY)
    publish(services, "b")
    at(services, "2026-03-27T08:00Z")
    assert digests(services, "new@example.org") == [("daily 08:00 UTC", [("b", 1, Change.NEW)])]
    assert digests(services, "old@example.org") == [
        ("daily 08:00 UTC", [("a", 1, Change.NEW), ("b", 1, Change.NEW)])
    ]


def test_whoever_came_while_an_update_waited_is_told_its_next_revision_too(services: Services) -> None:
    """The one who was there is told r2 in the place of r1, at the hour r1 waits for. The newcomer is not owed
    r1, so r2 waits for their week; by then the window began after they came, and it was taken as told."""
    wishes = (
        Subscription(Filter(("UA",), ("conflict",)), Cadence.parse("hourly")),
        Subscription(Filter(("UA",), ("negotiations",)), Cadence.parse("weekly thu 12:15")),
    )
    old, new = (Subscriber(0, Channel("email"), f"{n}@example.org", "UTC", wishes, 0) for n in ("old", "new"))
    services.subscribers.save(old, None)
    move_to(services, "2026-03-26T12:05Z")
    publish(services, "a", tags=("conflict",))
    move_to(services, "2026-03-26T12:10Z")
    services.subscribers.save(new, None)
    at(services, "2026-03-26T12:15Z")
    move_to(services, "2026-03-26T12:20Z")
    publish(services, "a", tags=("negotiations",))
    at(services, "2026-03-26T13:00Z")
    at(services, "2026-04-02T12:15Z")
    told = [("hourly + weekly thu 12:15 UTC", [("a", 2, Change.NEW)])]
    assert digests(services, "old@example.org") == told
    assert digests(services, "new@example.org") == told


def test_a_correction_reaches_whoever_came_after_what_it_corrects_however_long_ago(
    settings: Settings,
) -> None:
    """When they came was remembered for 31 days, whatever ALERTS_KEEP_DAYS; then they were taken to be among
    those who had been told what is corrected, and whom its gathering reaches."""
    services = clocked(settings.model_copy(update={"keep_days": 90}), "2026-03-26T12:00Z")
    wishes = {"cadence": DAILY, "bypass": Severity.SEVERE}
    subscribe(services, "first@example.org", "UA", **wishes)
    publish(services, "a", severity=Severity.SEVERE)
    subscribe(services, "second@example.org", "UA", **wishes)
    at(services, "2026-05-10T08:00Z")
    subscribe(services, "third@example.org", "UA", **wishes)
    publish(services, "a", kind=Kind.CORRECTION)
    at(services, "2026-05-11T08:00Z")
    at_the_slot = [("daily 08:00 UTC", [("a", 2, Change.NEW)])]
    assert [n for n, _ in digests(services, "first@example.org")] == ["now", "now"]
    assert digests(services, "second@example.org") == digests(services, "third@example.org") == at_the_slot
    services.close()


def test_a_late_digest_remembers_nothing_that_its_reader_was_not_told(services: Services) -> None:
    """Whoever had been told r3 before the late slot was opened read that the cancel before r3 went out."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY, bypass=Severity.SEVERE)
    publish(services, "corrected", severity=Severity.SEVERE)
    publish(services, "corrected", severity=Severity.SEVERE, kind=Kind.CORRECTION)
    publish(services, "elsewhere", regions=("FR",))
    publish(services, "elsewhere", regions=("FR",), kind=Kind.CANCEL)
    publish(services, "waiting")
    move_to(services, "2026-03-27T08:05Z")
    steps.publish(services, draft("elsewhere", severity=Severity.SEVERE))
    walk(services, lambda work: work.step != "open")
    walk(services)
    assert digests(services, "d@example.org")[-2:] == [
        ("daily 08:00 UTC", [("waiting", 1, Change.NEW), ("corrected", 2, Change.TOLD)]),
        ("now", [("elsewhere", 3, Change.NEW)]),
    ]


def test_a_digest_remembers_nothing_that_was_superseded_before_anybody_worked_again(
    services: Services,
) -> None:
    """Nobody worked from before r1 until both were there, so r1 was never sent; yet it was remembered."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY, bypass=Severity.SEVERE)
    publish(services, "still open", severity=Severity.SEVERE)
    move_to(services, "2026-03-27T07:00Z")
    steps.publish(services, draft("closed since", severity=Severity.SEVERE))
    steps.publish(services, draft("closed before", severity=Severity.SEVERE))
    steps.publish(services, draft("closed before", severity=Severity.SEVERE, kind=Kind.CANCEL))
    steps.publish(services, draft("waiting"))
    move_to(services, "2026-03-27T08:05Z")
    steps.publish(services, draft("closed since", severity=Severity.SEVERE, kind=Kind.CANCEL))
    move_to(services, "2026-03-27T08:06Z")
    walk(services)
    assert digests(services, "d@example.org")[1:] == [
        ("daily 08:00 UTC", [("waiting", 1, Change.NEW), ("still open", 1, Change.TOLD)]),
    ]


def test_two_who_change_their_wishes_in_one_millisecond_are_both_caught_up_with(services: Services) -> None:
    """The same was due to both, in one digest; it was frozen when the second came, who was told nothing."""
    people = [subscribe(services, f"{name}@example.org", "UA", cadence=DAILY) for name in ("anna", "bert")]
    publish(services, "a")
    move_to(services, "2026-03-26T13:00Z")
    for person in people:
        services.subscribers.save(replace(person, zone="Europe/Kyiv"), person, catch_up=True)
        walk(services)
    for person in people:
        assert digests(services, person.address) == [("catch-up", [("a", 1, Change.NEW)])]


def test_whoever_changes_their_wishes_is_told_what_a_digest_only_remembered(services: Services) -> None:
    """After an outage the late digest went out first, saying that the new update had been sent already. Then
    they changed their wishes, were no longer among those whom it was sent to, and it was taken as told."""
    person = subscribe(services, "d@example.org", "UA", cadence=DAILY, bypass=Severity.SEVERE)
    move_to(services, "2026-03-27T07:00Z")
    steps.publish(services, draft("urgent", severity=Severity.SEVERE))
    steps.publish(services, draft("waiting"))
    move_to(services, "2026-03-27T08:05Z")
    walk(services, lambda work: work.step != "match")
    services.subscribers.save(replace(person, zone="Europe/Kyiv"), person, catch_up=True)
    walk(services)
    assert digests(services, "d@example.org") == [
        ("daily 08:00 UTC", [("waiting", 1, Change.NEW), ("urgent", 1, Change.TOLD)]),
        ("catch-up", [("urgent", 1, Change.NEW)]),
    ]


def test_whoever_is_done_with_a_slot_run_after_somebody_else_was_owes_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers opened one slot, and the second saw what the first had sent: one person, two digests."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    find = recipients.at_slot

    def slowly(*of: Any) -> dict[Digest, recipients.Addressees]:
        monkeypatch.undo()
        walk(services)  # the other worker
        return {replace(digest, late=True): people for digest, people in find(*of).items()}

    monkeypatch.setattr(recipients, "at_slot", slowly)
    at(services, "2026-03-27T08:00Z")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [("daily 08:00 UTC", [("a", 1, Change.NEW)])]


@pytest.mark.parametrize("cadence", ["immediate", "daily 08:00"])
def test_a_held_revision_is_not_told_after_a_newer_one(services: Services, cadence: str) -> None:
    """Held until the very slot, it was accepted after the newer one, and told in its place: that was lost."""
    subscribe(services, "d@example.org", "UA", cadence=Cadence.parse(cadence))
    steps.publish(services, draft("a"), ms("2026-03-27T08:00Z"))
    move_to(services, "2026-03-27T07:00Z")
    publish(services, "a", note="It has come out")
    at(services, "2026-03-27T08:00Z")
    at(services, "2026-03-28T08:00Z")
    assert [told for _, told in digests(services, "d@example.org")] == [[("a", 2, Change.NEW)]]
    assert services.updates.withdrawn("a") == {1: "revision 2 took its place"}
    assert services.updates.revision("a.r1").accepted_ms is None


def test_what_waits_is_told_as_it_is_by_then_even_if_it_is_not_theirs_any_more(services: Services) -> None:
    """They read in the morning of a severe flood that had been called off in the evening."""
    subscribe(services, "d@example.org", "UA", cadence=DAILY, min_severity=Severity.MODERATE)
    publish(services, "flood", severity=Severity.SEVERE)
    move_to(services, "2026-03-26T13:00Z")
    subscribe(services, "new@example.org", "UA", cadence=DAILY, min_severity=Severity.MODERATE)
    publish(services, "flood", severity=Severity.SEVERE, note="Rising")
    publish(services, "flood", severity=Severity.MINOR, note="A false alarm")
    explained = operations.explain(services, OPERATOR, "d@example.org", "flood")
    assert (explained.verdict, explained.slot_ms) == ("slot", ms("2026-03-27T08:00Z"))
    at(services, "2026-03-27T08:00Z")
    publish(services, "flood", severity=Severity.MINOR, note="As if it had never been")
    at(services, "2026-03-28T08:00Z")
    assert digests(services, "d@example.org") == [("daily 08:00 UTC", [("flood", 3, Change.NEW)])]
    assert digests(services, "new@example.org") == [("daily 08:00 UTC", [("flood", 3, Change.NEW)])]
    [text] = got(services, "d@example.org")
    assert "you subscribe to: Ukraine" in text


@pytest.mark.parametrize("others", [(), ("b",)])
def test_what_expires_while_it_waits_is_told_all_the_same(services: Services, others: tuple[str]) -> None:
    """It ended as `expired`, in silence."""
    subscribe(services, "q@example.org", "UA", quiet=QuietHours.parse("22:00-07:00"))
    move_to(services, "2026-03-26T23:00Z")
    publish(services, "a", expires_at=datetime.fromisoformat("2026-03-27T03:00Z"))
    for other in others:
        publish(services, other)
    at(services, "2026-03-27T07:00Z")
    [(_, told)] = digests(services, "q@example.org")
    assert [update for update, _, _ in told] == ["a", *others]
    assert "expired 27 March 2026, 03:00 UTC" in " ".join(got(services, "q@example.org")[-1].split())


def test_whoever_resumes_is_told_where_things_stand(services: Services) -> None:
    person = subscribe(services, "p@example.org", "UA")
    publish(services, "a")
    move_to(services, "2026-03-26T13:00Z")
    paused = replace(person, standing=Standing.PAUSED)
    services.subscribers.save(paused, person)
    move_to(services, "2026-03-26T14:00Z")
    publish(services, "b")
    move_to(services, "2026-03-26T15:00Z")
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    walk(services)
    move_to(services, "2026-03-26T16:00Z")
    publish(services, "c")
    assert digests(services, "p@example.org") == [
        ("now", [("a", 1, Change.NEW)]),
        ("catch-up", [("b", 1, Change.NEW)]),
        ("now", [("c", 1, Change.NEW)]),
    ]


def test_a_pause_longer_than_the_ledger_is_kept_tells_nothing_a_second_time(services: Services) -> None:
    """What was told in the week before the pause was told again: the ledger had forgotten it by then."""
    wishes = {"cadence": DAILY, "bypass": Severity.SEVERE}
    person = subscribe(services, "d@example.org", "UA", **wishes)
    publish(services, "slot")
    at(services, "2026-03-27T08:00Z")
    publish(services, "bypass", severity=Severity.SEVERE)
    publish(services, "waiting")
    paused = services.subscribers.save(replace(person, standing=Standing.PAUSED), person)
    at(services, "2026-05-10T08:00Z")
    client = services.server.client  # what expires does so by the machine's clock
    client.delete(*client.scan_iter(services.server.keys("digest", "*")))
    services.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    walk(services)
    assert digests(services, "d@example.org") == [("catch-up", [("waiting", 1, Change.NEW)])]


@pytest.mark.parametrize("steps", [(), ("catch-up", "render", "fan")])
def test_whoever_pauses_again_before_being_caught_up_with_is_so_after_the_next_pause(
    services: Services, steps: tuple[str, ...]
) -> None:
    """The first catch-up found them paused, and forgot from when on they were to be told."""
    person = subscribe(services, "d@example.org", "UA", cadence=DAILY)
    publish(services, "a")
    for standing in (Standing.PAUSED, Standing.ACTIVE):
        person = services.subscribers.save(replace(person, standing=standing), person, catch_up=True)
        move_to(services, "2026-03-30T12:00Z")
    walk(services, lambda work: work.step in steps)
    person = services.subscribers.save(replace(person, standing=Standing.PAUSED), person)
    at(services, "2026-04-20T12:00Z")
    assert digests(services, "d@example.org") == []
    services.subscribers.save(replace(person, standing=Standing.ACTIVE), person, catch_up=True)
    walk(services)
    assert digests(services, "d@example.org") == [("catch-up", [("a", 1, Change.NEW)])]
    assert services.subscribers.past(person.sid) is None


def test_an_update_on_its_way_while_wishes_change_is_told_once(services: Services) -> None:
    person = subscribe(services, "i@example.org", "UA")
    steps.publish(services, draft("a"))
    move_to(services, "2026-03-26T12:00:01Z")
    daily = replace(person.subscriptions[0], cadence=DAILY)
    services.subscribers.save(replace(person, subscriptions=(daily,)), person, catch_up=True)
    walk(services)
    at(services, "2026-03-27T08:00Z")
    assert digests(services, "i@example.org") == [("catch-up", [("a", 1, Change.NEW)])]
