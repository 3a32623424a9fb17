"""One update whole, as a page shows it: what is told of it, and how it came to that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from alerts.locales import Locale
from alerts.model import Change, Digest, Entry, Kind, Revision
from alerts.rendering import moments
from alerts.rendering.composing import Place, shown_alone
from alerts.rendering.times import Seen
from alerts.rendering.view import Banner, EntryView

#: The earlier revisions that a page shows, and the characters of their bodies together.
EARLIER_MAX, EARLIER_TEXT_MAX = 20, 200_000

_CHANGES = {Kind.CORRECTION: Change.CORRECTED, Kind.CANCEL: Change.CLOSED, Kind.RETRACTION: Change.CLOSED}

#: Revisions that say of all before them that something in it was wrong.
CORRECTING = (Kind.CORRECTION, Kind.RETRACTION)


@dataclass(frozen=True, slots=True)
class StoryView:
    """An update as a page shows it: what it tells, the revisions before it, newest first."""

    entry: EntryView
    earlier: tuple[EntryView, ...]
    more: bool  #: whether there are earlier ones than those
    since: tuple[
        Banner, ...
    ]  #: what came later: a revision that the message did not tell, the end of its time


def story(
    digest: Digest,
    entry: Entry,
    before: Sequence[Revision],
    told: Revision,
    *,
    later: Revision | None,
    place: Place,
    locale: Locale,
) -> StoryView:
    """Show a revision that a digest tells, and how it came to that.

    `before`: the revisions to show, oldest first; `later`: the one that says most of those that came after.
    """
    known = {str(revision.ref): revision for revision in (*before, told)}
    shown = [
        shown_alone(one, digest, known, place, locale=locale)
        for one in entries_of(before[-EARLIER_MAX - 1 :])
    ]
    # What the message says of it stands; but that it is new is seen from what is shown before it.
    own = entry.change in (Change.CORRECTED, Change.CLOSED)
    change = entry.change if own else (Change.UPDATED if before else Change.NEW)
    since = before[-1].number if before else 0
    last = shown_alone(replace(entry, change=change, since=since), digest, known, place, locale=locale)
    earlier, more = _earlier(shown)
    return StoryView(last, earlier, more, (_since(later, digest.clock, locale),) if later else ())


def public_story(revisions: Sequence[Revision], seen: Seen, place: Place, locale: Locale) -> StoryView:
    """Show the last of these revisions, and how it came to that: all of them are for everybody, oldest first.

    Of what was corrected or retracted later, its place says so: somebody may have acted on it.
    """
    looked_at = revisions[-EARLIER_MAX - 2 :]
    known = {str(revision.ref): revision for revision in looked_at}
    *before, last = (shown_alone(entry, seen, known, place, locale=locale) for entry in entries_of(looked_at))
    marked = [
        replace(view, banners=(*view.banners, *_found_wrong(looked_at[position:], seen, locale)))
        for position, view in enumerate(before, 1)
    ]
    earlier, more = _earlier(marked)
    over = not last.ended and last.expires is not None and last.expires <= moments.utc(seen.horizon_ms)
    return StoryView(last, earlier, more, (_expired(last, seen, locale),) if over else ())


def entries_of(revisions: Sequence[Revision]) -> Iterable[Entry]:
    """Each revision as it reads to who knows the one before it."""
    since = 0
    for revision in revisions:
        yield Entry(revision.update, revision.number, _change(revision, since), since)
        since = revision.number


def _change(revision: Revision, since: int) -> Change:
    """What a revision says to who knows the one shown before it."""
    said = _CHANGES.get(revision.kind, Change.UPDATED)
    return said if since or said is Change.CLOSED else Change.NEW


def _earlier(shown: Sequence[EntryView]) -> tuple[tuple[EntryView, ...], bool]:
    """The newest first, the newest whole, and whether there are more.

    Of those for whose text there is no room, what they changed and their key points.
    """
    newest = list(reversed(shown[-EARLIER_MAX:]))
    room, kept = EARLIER_TEXT_MAX, []
    for entry in newest:
        room -= len(entry.whole)
        kept.append(entry if room >= 0 else replace(entry, body="", cut=bool(entry.whole)))
    return tuple(kept), len(shown) > len(newest)


def _found_wrong(later: Sequence[Revision], seen: Seen, locale: Locale) -> Iterable[Banner]:
    """That one of these, the first to do so, said that what was before it was wrong."""
    correcting = next((revision for revision in later if revision.kind in CORRECTING), None)
    if correcting is not None:
        yield _since(correcting, seen.clock, locale)


def _since(later: Revision, clock: str, locale: Locale) -> Banner:
    """That it has changed, how and when, and what that means to a reader; not what the revision says."""
    at = moments.full(moments.utc(later.accepted_ms or 0), clock, locale)
    match later.kind:
        case Kind.CORRECTION:
            title = locale.gettext("Corrected since")
            text = locale.gettext(
                "It was corrected on %(moment)s. Do not rely on what stands here.", moment=at
            )
            return Banner("correction", title, text)
        case Kind.RETRACTION:
            title = locale.gettext("Retracted since")
            text = locale.gettext(
                "It was retracted on %(moment)s. It was wrong: do not act on it.", moment=at
            )
            return Banner("retracted", title, text)
        case Kind.CANCEL:
            title = locale.gettext("Closed since")
            text = locale.gettext(
                "It was closed on %(moment)s. What stands here is from before that.", moment=at
            )
            return Banner("closed", title, text)
        case _:
            title = locale.gettext("Revised since")
            text = locale.gettext(
                "It was revised on %(moment)s. What stands here is from before that.", moment=at
            )
            return Banner("revised", title, text)


def _expired(entry: EntryView, seen: Seen, locale: Locale) -> Banner:
    """That nobody has said anything of it since its time was over."""
    until = moments.full(entry.expires, seen.clock, locale) if entry.expires else ""
    text = locale.gettext(
        "It was valid until %(moment)s, and nothing has been said about it since.", moment=until
    )
    return Banner("expired", locale.gettext("This has expired"), text)
