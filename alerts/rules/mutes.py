"""What somebody hears of a situation they have muted: nothing, until it gets worse or ends. Pure."""

from collections.abc import Iterable

from alerts.model import Draft, Instant, Mute, Revision, Status

#: Until when a mute lasts that nothing has ended yet: later than any instant.
STILL_MUTED: Instant = 2**53


def is_worse(mute: Mute, draft: Draft) -> bool:
    """Whether a revision is more severe than what was muted. No exercise and no test is."""
    return draft.status is Status.ACTUAL and draft.severity.rank > mute.severity.rank


def heard_again(mute: Mute, story: Iterable[Revision]) -> Revision | None:
    """The first accepted revision after the muted one that ends a mute: it is worse, or the end of it all."""
    later = (r for r in story if r.number > mute.number and r.accepted_ms is not None)
    return next((r for r in later if r.kind.ends or is_worse(mute, r.draft)), None)


def silent_until(mute: Mute, story: Iterable[Revision], seen_ms: Instant) -> Instant:
    """Until when nothing is said of a situation, as it is known at an instant: 0 if it is not muted by then.

    What was accepted before that end is left out; what comes from there on is told as to anybody else,
    compared with what its reader was delivered.
    """
    if mute.from_ms > seen_ms:
        return 0
    again = heard_again(mute, story)
    ends = [again.accepted_ms or 0] if again else []
    if 0 < mute.until_ms <= seen_ms:
        ends.append(mute.until_ms)
    return min(ends, default=STILL_MUTED)


def is_silent(mute: Mute, story: Iterable[Revision], seen_ms: Instant) -> bool:
    """Whether nothing is said of a revision: the last one of its story as it is given here."""
    return not mute.until_ms and silent_until(mute, story, seen_ms) == STILL_MUTED
