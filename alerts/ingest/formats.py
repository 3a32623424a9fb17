"""Which format a file is in, and what it says. A new format is a module and a line in FORMATS."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Literal

from alerts.errors import BadInput, Faults
from alerts.ingest import cap, json_updates, markdown, page, tables
from alerts.ingest.cleaning import excerpt
from alerts.ingest.decoding import decode
from alerts.ingest.fields import draft_of
from alerts.ingest.skeletons import blanks_of
from alerts.model import Draft

FormatName = Literal["text", "markdown", "json", "cap"]


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is known (by the text and the suffix of its file) and read into fields."""

    name: FormatName
    recognises: Callable[[str, str], bool]
    read: Callable[[str], list[dict[str, object]]]


#: Asked in this order. The last one takes what nobody else knows.
FORMATS = (
    Format("json", json_updates.recognises, json_updates.read),
    Format("markdown", markdown.recognises, markdown.read),
    Format("text", page.recognises, page.read),
)


#: Lines at the top of a body that were meant as fields, perhaps; of the first lines, this many are looked at.
_LIKE_A_FIELD = re.compile(r"(?:regions?|country|severity|urgency|certainty|tags?|expires) ?: ?\S.*", re.I)
_LOOKED_AT = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, before it is complete: headline and regions may be missing, regions are texts."""

    draft: Draft
    format: FormatName
    notes: tuple[str, ...] = ()
    provenance: cap.Provenance | None = None  #: the message it was read from, where it was one


def read(source: bytes, name: str, allowed: Collection[cap.Allowance] = ()) -> Reading:
    """Read the one update in `source`; `name` is the file's. Raises BadInput, also for several updates."""
    return sole(read_all(source, name, allowed))


def read_all(source: bytes, name: str, allowed: Collection[cap.Allowance] = ()) -> list[Reading]:
    """Read every update in `source`, in order. Raises BadInput with all that cannot be read.

    `allowed`: messages of CAP that are taken although they are not meant for everybody.
    """
    if cap.recognises(source):
        return _messages(cap.read(source, allowed))
    text, encoding = decode(source)
    tables.refuse(text)
    if unfilled := blanks_of(text):
        raise BadInput(
            f"It is not filled in yet: {', '.join(unfilled)}.",
            "Write in place of each `<fill in …>`, or take its line away where it says so.",
        )
    suffix = PurePath(name).suffix.lower()
    known = next(known for known in FORMATS if known.recognises(text, suffix))
    found = known.read(text)
    faults = Faults()
    drafts = [
        faults.of(partial(_draft, fields, place, len(found)), None) for place, fields in enumerate(found, 1)
    ]
    faults.complain()
    return [Reading(draft, known.name, tuple(_notes(draft, encoding))) for draft in drafts if draft]


def _draft(fields: dict[str, object], place: int, of: int) -> Draft:
    try:
        return draft_of(fields)
    except BadInput as fault:
        if of == 1:
            raise
        raise BadInput(f"Update {place}: {fault.sentence}", fault.hint) from None


def _messages(found: list[cap.CapReading]) -> list[Reading]:
    """What messages of CAP say. One that only cancels says nothing itself, which is no fault."""
    faults = Faults()
    drafts = [
        faults.of(partial(_draft, one.fields, place, len(found)), None) for place, one in enumerate(found, 1)
    ]
    faults.complain()
    return [
        Reading(draft, "cap", (*one.notes, *_notes(draft, "") * bool(draft.headline)), one.provenance)
        for draft, one in zip(drafts, found, strict=True)
        if draft
    ]


def sole(readings: list[Reading]) -> Reading:
    """Return the only one. Raises BadInput if there are several."""
    if len(readings) > 1:
        raise BadInput(f"It holds {len(readings)} updates where one is wanted.", "Give one update at a time.")
    return readings[0]


def _notes(draft: Draft, encoding: str) -> list[str]:
    lacking = {
        "has no headline": draft.headline,
        "names no region": draft.regions,
        "names no tag": draft.tags,
        "has its headline in capitals": not (" " in draft.headline and draft.headline.isupper()),
    }
    notes = [note for note, there in lacking.items() if not there] + [f"is in {encoding}"] * bool(encoding)
    beginning = draft.body.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    return notes + [
        f"takes {excerpt(line)} for text: it is a field between two lines `---` at the top"
        for line in beginning
        if _LIKE_A_FIELD.fullmatch(line)
    ]
