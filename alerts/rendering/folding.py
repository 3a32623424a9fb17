"""What fits is shown, what does not is folded to a line, then to a count: nothing is dropped in silence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from alerts.locales import Locale
from alerts.model import Change, Severity, Status
from alerts.rendering.cleaning import shortened
from alerts.rendering.view import EntryList, EntryView, Group, octets

#: The key points of one entry, and the characters of each, where there is no room for those of all.
_POINTS, _POINT_MAX = 12, 300
#: A body is shown as far as this many octets at least, or not at all: less says nothing.
_EXCERPT_MIN = 120
#: What the markup around one line costs, in characters of the budget.
_LINE_COST = 100


def fitted(points: Sequence[str], body: str, room: int | None) -> tuple[tuple[str, ...], str, bool]:
    """Key points, clean lines, then whole paragraphs of the body, as far as `room` characters go.

    Without a room, for one of several entries, all points and no more: `fold` shares what room there is among
    the entries. Also tells whether anything was left out.
    """
    if room is None:
        return tuple(points), "", False
    kept = tuple(points[: _count(map(len, points), room)])
    text, cut = _paragraphs(body, room - sum(map(len, kept)))
    return kept, text, cut or len(kept) < len(points)


def _paragraphs(body: str, room: int) -> tuple[str, bool]:
    """The first paragraphs, and whether there are more; of a first one that is too long, its beginning."""
    text = ""
    for paragraph in re.split(r"\n[ \t]*\n", body):
        if len(text) + len(paragraph) > room:
            return text or shortened(paragraph, max(room, 1)), True
        text += ("\n\n" if text else "") + paragraph
    return text, False


def _count(sizes: Iterable[int], room: int) -> int:
    """How many lines fit."""
    count = 0
    for count, size in enumerate(sizes, 1):
        room -= size + _LINE_COST
        if room < 0:
            return count - 1
    return count


def fold(entries: Sequence[EntryView], room: int) -> tuple[list[EntryView], list[EntryView]]:
    """Split where the room ends: what follows the first entry that does not fit is folded with it.

    Bodies take what the rest leaves, each the same share at most: they are shortened before any key point is
    dropped, those before any entry is folded to its line, and the most that any gets is the same for the
    first and the last.
    """
    if sum(entry.size for entry in entries) > room:
        entries = [_with_fewer_points(entry) for entry in entries]
    count = 0
    while count < len(entries) and entries[count].size <= room:
        room -= entries[count].size
        count += 1
    share = _share([octets(entry.whole) for entry in entries[:count]], room)
    return [_excerpted(entry, share) for entry in entries[:count]], list(entries[count:])


def _with_fewer_points(entry: EntryView) -> EntryView:
    kept = tuple(shortened(point, _POINT_MAX) for point in entry.key_points[:_POINTS])
    return replace(entry, key_points=kept, cut=entry.cut or kept != entry.key_points)


def _share(sizes: Sequence[int], room: int) -> int:
    """The most that each may take so that all fit: what the short ones leave goes to the long."""
    left = sorted(sizes)
    for position, size in enumerate(left):
        share = room // (len(left) - position)
        if size > share:
            return share
        room -= size
    return max(left, default=0)


def _excerpted(entry: EntryView, share: int) -> EntryView:
    size = octets(entry.whole)
    if size <= share or not entry.whole:
        return replace(entry, body=entry.whole)
    if share < _EXCERPT_MIN:
        return replace(entry, cut=True)
    room = share * len(entry.whole) // size  # in characters: letters of several octets take their part
    body, cut = _paragraphs(entry.whole, room)
    return replace(entry, body=body, cut=entry.cut or cut)


def lines(title: str, entries: Sequence[EntryView], room: int) -> EntryList:
    """One line an entry, then a count."""
    count = _count((len(entry.headline) + len(entry.page) for entry in entries), room)
    return EntryList(title, tuple(entries[:count]), len(entries) - count)


def groups(entries: Sequence[EntryView], locale: Locale) -> tuple[Group, ...]:
    """The severe ones of all countries, then one group a country as they first appear, exercises last.

    A country is that of the region the reader asked for, else of the one the author named first. Where all is
    of one, or all is severe, nothing stands apart from its country.
    """
    severe = [entry for entry in entries if _stands_out(entry)]
    severest = severe if len({e.country for e in entries}) > 1 and len(severe) < len(entries) else []
    of_all = locale.gettext("Severe and extreme")
    name = {entry.update: of_all if entry in severest else _group(entry, locale) for entry in entries}
    first: dict[str, int] = {}
    for position, entry in enumerate(entries):
        first.setdefault(name[entry.update], position)
    ordered = sorted(entries, key=lambda entry: first[name[entry.update]])
    return tuple(
        Group(title, tuple(map(partial(_under, title), found)))
        for title, found in groupby(ordered, lambda entry: name[entry.update])
    )


def _stands_out(entry: EntryView) -> bool:
    real = entry.status == Status.ACTUAL
    return real and entry.change != Change.CLOSED and entry.rank >= Severity.SEVERE.rank


def _group(entry: EntryView, locale: Locale) -> str:
    return entry.country if entry.status == Status.ACTUAL else locale.gettext("Exercises and tests")


def _under(title: str, entry: EntryView) -> EntryView:
    """What stands under its country does not name it again."""
    return replace(entry, places=()) if entry.places == (title,) else entry
