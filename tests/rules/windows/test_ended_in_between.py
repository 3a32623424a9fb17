"""What began and ended, or rose and eased, between two digests is in the second, however short it was."""

import pytest

from alerts.model import (
    Audience,
    Cadence,
    Change,
    Channel,
    Draft,
    Entry,
    Filter,
    Instant,
    Kind,
    Revision,
    Severity,
    Status,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import Clock, next_slot
from alerts.rules.windows import Window, entries, looking

HOUR = 3_600_000
WEEKLY = Cadence.parse("weekly mon 08:00")
CLOCK = Clock.of("UTC", [(WEEKLY, None)])
MONDAY: Instant = next_slot(CLOCK, 1_795_000_000_000)
NEXT: Instant = next_slot(CLOCK, MONDAY)
#: A part of a story: kind, severity, and what else differs from the sample.
Part = tuple[Kind, Severity] | tuple[Kind, Severity, dict[str, object]]
NEW, UPDATE, CORRECTION, CANCEL, RETRACTION = Kind
EXTREME, SEVERE, MODERATE, UNKNOWN, MINOR = Severity
EXERCISE = {"status": Status.EXERCISE}
ELSEWHERE = {"regions": ("FR",)}

ENDED: dict[str, tuple[list[Part], tuple[Change, int] | None]] = {
    "an extreme typhoon that began and was closed within the week": (
        [(NEW, EXTREME), (CANCEL, EXTREME)],
        (Change.ENDED, 1),
    ),
    "a minor one, too: nobody is left to think that nothing was": (
        [(NEW, MINOR), (CANCEL, MINOR)],
        (Change.ENDED, 1),
    ),
    "with the severity at its worst, not that of its end": (
        [(NEW, MINOR), (UPDATE, EXTREME), (UPDATE, MODERATE), (CANCEL, MINOR)],
        (Change.ENDED, 2),
    ),
    "of two that were as severe, the later day": (
        [(NEW, SEVERE), (UPDATE, SEVERE), (CANCEL, MINOR)],
        (Change.ENDED, 2),
    ),
    "an unknown severity is no peak beside a known one": (
        [(NEW, MINOR), (UPDATE, UNKNOWN), (CANCEL, UNKNOWN)],
        (Change.ENDED, 1),
    ),
    "what a correction took back is no peak: it was never that severe": (
        [(NEW, EXTREME), (CORRECTION, MINOR), (CANCEL, MINOR)],
        (Change.ENDED, 2),
    ),
    "what was retracted never was: who has not heard of it need not": (
        [(NEW, EXTREME), (RETRACTION, EXTREME)],
        None,
    ),
    "and if it had been closed before that, neither": (
        [(NEW, EXTREME), (CANCEL, EXTREME), (RETRACTION, EXTREME)],
        None,
    ),
    "what never was theirs is not told when it ends": ([(NEW, EXTREME, ELSEWHERE), (CANCEL, EXTREME)], None),
    "what a correction found not to concern them, neither": (
        [(NEW, EXTREME), (CORRECTION, EXTREME, ELSEWHERE), (CANCEL, EXTREME)],
        None,
    ),
    "what begins again after its end is new, and was worse": (
        [(NEW, EXTREME), (CANCEL, EXTREME), (UPDATE, MINOR)],
        (Change.NEW, 1),
    ),
}
EASED: dict[str, tuple[list[Part], int]] = {
    "severe on Tuesday, minor by now": ([(NEW, SEVERE), (UPDATE, MINOR)], 1),
    "the worst of several": ([(NEW, MODERATE), (UPDATE, EXTREME), (UPDATE, SEVERE), (UPDATE, MINOR)], 2),
    "as severe as ever": ([(NEW, SEVERE), (UPDATE, SEVERE)], 0),
    "worse than before": ([(NEW, MINOR), (UPDATE, SEVERE)], 0),
    "severe on Tuesday, and nobody knows by now": ([(NEW, SEVERE), (UPDATE, UNKNOWN)], 1),
    "nobody knew on Tuesday": ([(NEW, UNKNOWN), (UPDATE, MINOR)], 0),
    "never severe: that was corrected": ([(NEW, SEVERE), (CORRECTION, MINOR)], 0),
    "severe as an exercise only": ([(NEW, SEVERE, EXERCISE), (UPDATE, MINOR)], 0),
    "severe elsewhere, which they did not ask for": (
        [(NEW, MINOR), (UPDATE, SEVERE, ELSEWHERE), (UPDATE, MINOR)],
        0,
    ),
}


def story(parts: list[Part], start_ms: Instant = MONDAY) -> list[Revision]:
    """Each part some hours after the one before it."""
    found = []
    for number, (kind, severity, *more) in enumerate(parts, 1):
        given: dict[str, object] = {"regions": ("PH",), **(more[0] if more else {})}
        draft = Draft("Typhoon", id="ph-typhoon", kind=kind, severity=severity, note=f"{number}", **given)
        found.append(Revision("ph-typhoon", number, draft, start_ms + number * 20 * HOUR))
    return found


def weekly(bypass: Severity | None = None) -> Audience:
    wanted = Subscription(Filter(("PH",)), WEEKLY, bypass=bypass)
    return Audience.of(Channel("email"), "UTC", [wanted])


def digest(revisions: list[Revision], opened_ms: Instant = MONDAY) -> tuple[Entry, ...]:
    window = Window(opened_ms, next_slot(CLOCK, opened_ms))
    return entries(weekly(), revisions, looking(load()), window)


@pytest.mark.parametrize("why", ENDED)
def test_what_began_and_ended_between_two_digests(why: str) -> None:
    """It vanished: nobody who reads once a week ever heard of a typhoon that was over by Friday."""
    parts, expected = ENDED[why]
    found = digest(story(parts))
    assert [(entry.change, entry.peak, entry.since) for entry in found] == (
        [(*expected, 0)] if expected else []
    )
    assert all(entry.number == len(parts) for entry in found)


@pytest.mark.parametrize("why", EASED)
def test_what_was_worse_between_two_digests(why: str) -> None:
    """A week in which it had been severe read like one in which nothing was."""
    parts, peak = EASED[why]
    [entry] = digest(story(parts))
    assert (entry.change, entry.peak) == (Change.NEW, peak)


def test_what_was_told_last_week_has_its_peak_of_this_week_only() -> None:
    told = story([(NEW, EXTREME)], MONDAY - 100 * HOUR)
    week = story([(NEW, MINOR), (UPDATE, SEVERE), (UPDATE, MINOR)])
    [entry] = digest([told[0], *week[1:]])
    assert (entry.change, entry.since, entry.peak) == (Change.UPDATED, 1, 0), "it is known to have been worse"
    told = story([(NEW, MODERATE)], MONDAY - 100 * HOUR)
    [entry] = digest([told[0], *week[1:]])
    assert (entry.change, entry.since, entry.peak) == (Change.UPDATED, 1, 2)


def test_what_ended_is_told_once_and_has_then_been_told() -> None:
    """The week after, it is known: what begins anew is compared with its end."""
    first = story([(NEW, EXTREME), (CANCEL, EXTREME)])
    assert [entry.change for entry in digest(first)] == [Change.ENDED]
    assert digest(first, NEXT) == ()
    again = Revision("ph-typhoon", 3, first[0].draft, NEXT + HOUR)
    [entry] = digest([*first, again], NEXT)
    assert (entry.change, entry.since) == (Change.UPDATED, 2)


def test_what_went_out_at_once_is_closed_at_once_and_not_told_again_as_ended() -> None:
    revisions = story([(NEW, EXTREME), (CANCEL, EXTREME)])
    window = Window(MONDAY, NEXT)
    assert entries(weekly(Severity.EXTREME), revisions, looking(load()), window) == ()
