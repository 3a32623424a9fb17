"""One update whole, as a page shows it: what a message told of it, and how it came to that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts.model import Change, Digest, Entry, Kind, Revision
from alerts.rendering import moments
from alerts.rendering.composing import Place, shown_whole
from alerts.rendering.view import Banner, EntryView

#: The earlier revisions that a page shows, and the characters of their bodies together.
EARLIER_MAX, EARLIER_TEXT_MAX = 20, 200_000

_CHANGES = {Kind.CORRECTION: Change.CORRECTED, Kind.CANCEL: Change.CLOSED, Kind.RETRACTION: Change.CLOSED}

#: What is said of a later revision: the banner's kind, its title, what was done, what that means to a reader.
_BEFORE = "What stands here is from before that."
_REVISED = ("revised", "Revised", "revised", _BEFORE)
_LATER = {
    Kind.CORRECTION: ("correction", "Corrected", "corrected", "Do not rely on what stands here."),
    Kind.CANCEL: ("closed", "Closed", "closed", _BEFORE),
    Kind.RETRACTION: ("retracted", "Retracted", "retracted, for it was wrong", "Do not act on it."),
}


@dataclass(frozen=True, slots=True)
class StoryView:
    """An update as a page shows it: what the message told, the revisions before it, newest first."""

    entry: EntryView
    earlier: tuple[EntryView, ...]
    more: bool  #: whether there are earlier ones than those
    since: tuple[Banner, ...]  #: that there is a later revision, which the message did not tell


def story(
    digest: Digest,
    entry: Entry,
    before: Sequence[Revision],
    told: Revision,
    *,
    later: Revision | None,
    place: Place,
) -> StoryView:
    """Show a revision that a digest tells, and how it came to that.

    `before`: the revisions to show, oldest first; `later`: the one that says most of those that came after.
    """
    known: dict[str, Revision] = {revision.ref: revision for revision in (*before, told)}
    numbers = [0, *(revision.number for revision in before)]
    shown = [
        shown_whole(Entry(r.update, r.number, _change(r, since), since), digest, known, place)
        for r, since in zip(before, numbers, strict=False)
    ]
    # What the message says of it stands; but that it is new is seen from what is shown before it.
    own = entry.change in (Change.CORRECTED, Change.CLOSED)
    change = entry.change if own else (Change.UPDATED if before else Change.NEW)
    last = shown_whole(replace(entry, change=change, since=numbers[-1]), digest, known, place)
    earlier = list(reversed(shown[-EARLIER_MAX:]))
    return StoryView(
        last,
        tuple(_within(earlier)),
        len(shown) > len(earlier),
        _since(later, digest.clock) if later else (),
    )


def _change(revision: Revision, since: int) -> Change:
    """What a revision says to who knows the one shown before it."""
    said = _CHANGES.get(revision.kind, Change.UPDATED)
    return said if since or said is Change.CLOSED else Change.NEW


def _within(earlier: Sequence[EntryView]) -> list[EntryView]:
    """The newest whole; of those for whose text there is no room, what they changed and their key points."""
    room, kept = EARLIER_TEXT_MAX, []
    for entry in earlier:
        room -= len(entry.whole)
        kept.append(entry if room >= 0 else replace(entry, body="", cut=bool(entry.whole)))
    return kept


def _since(later: Revision, clock: str) -> tuple[Banner, ...]:
    """That it has changed, how and when; not what the revision says, which the message did not tell."""
    kind, title, verb, advice = _LATER.get(later.kind, _REVISED)
    at = moments.full(moments.utc(later.accepted_ms or 0), clock)
    return (Banner(kind, f"{title} since", f"It was {verb} on {at}. {advice}"),)
