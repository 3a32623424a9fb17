"""What a message says, as an update says it: its headline, what to do as key points, the rest as the body."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

import nh3

from alerts.ingest.blocks import Block, blocks, literal
from alerts.ingest.cap.messages import CapInfo
from alerts.ingest.cleaning import one_line, prose
from alerts.ingest.field_texts import KEY_POINTS_MAX, LINE_MAX
from alerts.model import HEADLINE_MAX

#: Some senders put pages of the web into texts, which CAP has as plain.
_MARKED_UP = re.compile(r"<(?:br|p|a|b|i|u|ul|ol|li|div|span|strong|em)\b[^>]{0,500}>", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|/p|/li|/div)\b[^>]{0,100}>", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?。！？])\s+(?=\S)")
#: An area that is described at more length is a list of them.
_AREA_MAX = 1_000


def headline_of(info: CapInfo, notes: list[str]) -> str:
    """Its headline, else its event, with where it is if there is room."""
    headline = one_line(_plain(info.headline, notes))
    if 0 < len(headline) <= HEADLINE_MAX:
        return headline
    if headline:
        notes.append("has a headline that is too long for one: it is the first line of the text")
    where = ", ".join(dict.fromkeys(area.description for area in info.areas if area.description))
    event = one_line(_plain(info.event, notes))
    both = f"{event}: {where}" if event and where else event
    return both if len(both) <= HEADLINE_MAX else event


def key_points_of(info: CapInfo, notes: list[str]) -> tuple[str, ...]:
    """What to do: its instruction by line, or by sentence where that is too long; none for a treatise."""
    points = [line for block in blocks(_lines(info.instruction, notes)) for line in block.lines]
    if any(len(point) > LINE_MAX for point in points):
        points = [sentence for point in points for sentence in _SENTENCE_ENDS.split(point)]
    fitting = len(points) <= KEY_POINTS_MAX and all(len(point) <= LINE_MAX for point in points)
    return tuple(points) if fitting else ()


def body_of(info: CapInfo, others: Sequence[CapInfo], notes: list[str]) -> str:
    """The text: what is described, what else is said in this language, then where, from when, whom to ask."""
    parts = list(_told(info, notes))
    for other in others:
        told = [f"**{literal(headline)}**"] if (headline := headline_of(other, notes)) else []
        told += _told(other, notes)
        points = key_points_of(other, notes)
        told += [str(Block([[point] for point in points], "-"))] if points else []
        parts += [part for part in told if part not in parts]
    facts = list(_facts((info, *others), notes))
    return "\n\n".join([*parts, "\n".join(facts)] if facts else parts)


def _told(info: CapInfo, notes: list[str]) -> Iterator[str]:
    """What it describes; also its headline and its instruction, where those have no place of their own."""
    headline = one_line(_plain(info.headline, notes))
    if len(headline) > HEADLINE_MAX:
        yield literal(headline)
    yield from map(str, blocks(_lines(info.description, notes)))
    if info.instruction and not key_points_of(info, notes):
        yield from map(str, blocks(_lines(info.instruction, notes)))


def _facts(infos: Sequence[CapInfo], notes: list[str]) -> Iterator[str]:
    areas = dict.fromkeys(area.description for info in infos for area in info.areas if area.description)
    onsets = dict.fromkeys(_hour(info.onset) for info in infos if info.onset)
    contacts = dict.fromkeys(one_line(_plain(info.contact, notes)) for info in infos if info.contact)
    listed = "; ".join(areas)
    if len(listed) > _AREA_MAX:
        listed = "a long list of areas"
    for name, said in (("Area", listed), ("Begins", "; ".join(onsets)), ("Contact", "; ".join(contacts))):
        if said:
            yield f"- {name}: {literal(said)}"


def _hour(when: datetime) -> str:
    """To the minute, on its sender's clock."""
    return f"{when:%Y-%m-%d %H:%M}" + (f" (UTC{when:%z})" if when.tzinfo else "")


def _lines(text: str, notes: list[str]) -> list[str]:
    return prose(_plain(text, notes)).split("\n")


def _plain(text: str, notes: list[str]) -> str:
    if not _MARKED_UP.search(text):
        return text
    notes.append("has HTML in its texts: what it says is taken, how it looks is not")
    return html.unescape(nh3.clean(_BREAKS.sub("\n", text), tags=set()))
