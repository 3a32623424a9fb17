"""What fits is shown, what does not is folded to a line, then to a count: nothing is dropped in silence."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.view import EntryList, EntryView, Group

#: The longest piece of a body, in characters, that a digest of several shows of each entry.
EXCERPT = 600

_POINTS, _PARAGRAPHS = 5, 2
#: What the markup around one line costs, in characters of the budget.
_LINE_COST = 100


def fitted(points: Sequence[str], body: str, room: int | None) -> tuple[tuple[str, ...], str, bool]:
    """Key points first, then whole paragraphs of the body, as far as `room` characters go.

    Without a room, for one of several entries: the first few points and paragraphs. Also tells whether
    anything was left out.
    """
    if room is None:
        kept = tuple(shortened(one_line(point), EXCERPT // 2) for point in points[:_POINTS])
        text, cut = _paragraphs(body, EXCERPT, _PARAGRAPHS)
    else:
        kept = tuple(one_line(point) for point in points[: _count(map(len, points), room)])
        text, cut = _paragraphs(body, room - sum(map(len, kept)), len(body) + 1)
    return kept, text, cut or len(kept) < len(points)


def _paragraphs(body: str, room: int, most: int) -> tuple[str, bool]:
    """The first paragraphs, and whether there are more; of a first one that is too long, its beginning."""
    text = ""
    for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", body)):
        if number == most or len(text) + len(paragraph) > room:
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
    """Split where the room ends: what follows the first entry that does not fit is folded with it."""
    for place, entry in enumerate(entries):
        room -= entry.size
        if room < 0:
            return list(entries[:place]), list(entries[place:])
    return list(entries), []


def lines(title: str, entries: Sequence[EntryView], room: int) -> EntryList:
    """One line an entry, then a count."""
    count = _count((len(entry.headline) + len(entry.url) for entry in entries), room)
    return EntryList(title, tuple(entries[:count]), len(entries) - count)


def groups(entries: Sequence[EntryView]) -> tuple[Group, ...]:
    """One group a country, in the order in which the countries first appear."""
    first = {entry.country: place for place, entry in reversed(list(enumerate(entries)))}
    ordered = sorted(entries, key=lambda entry: first[entry.country])
    return tuple(Group(name, tuple(found)) for name, found in groupby(ordered, lambda e: e.country))
