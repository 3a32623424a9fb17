"""The part of YAML that front matter needs: keys with a text, a list of texts, a block, or keys within.

Refuses the rest by line.
"""

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt

#: This many faults are told at once.
_FAULTS_SHOWN = 8

#: Keys within keys within a key: of a translation, its language and its fields.
_DEPTH_MAX = 3

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
# Possessive (`*+`): a text that does not end as it should is refused without being read again.
_QUOTED = r""""(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'"""
_QUOTED_ALONE = re.compile(rf"({_QUOTED})[ \t]*+(?:(?<=[ \t])#.*)?")
_LIST = re.compile(r"\[(.*)\][ \t]*+(?:(?<=[ \t])#[^\]]*)?")
_LISTED = re.compile(rf"[ \t]*+({_QUOTED}|[^\s\"'\[\]{{}},][^\[\]{{}},]*+)[ \t]*+(?:,[ \t]*+|$)")
#: What begins something else in YAML: a block, an anchor, an alias, a tag, a mapping, a directive.
_NOT_PLAIN = (*"[]{}&*!|>%@`,\"'", "- ", "? ")
#: How a text of several lines begins, which stand below it and further in: as they are.
_BLOCK = re.compile(r"\|[-+]?[ \t]*(?:#.*)?")
_NOTHING = ("", "~", "null", "Null", "NULL")


class FrontMatter(NamedTuple):
    """The fields of it, the line that each begins in, and in which line the text below it begins."""

    fields: dict[str, object]
    lines: dict[str, int]
    below: int


def split(text: str) -> FrontMatter:
    """Read the front matter at the top. Raises BadInput naming the lines."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        raise _endless(lines)
    faults: list[BadInput] = []
    found = _fields(lines[1:end], 2, faults, 1)
    if faults:
        hints = dict.fromkeys(fault.hint for fault in faults)
        raise BadInput(" ".join(fault.sentence for fault in faults), " ".join(hints))
    return FrontMatter(found.fields, found.lines, end + 2)


def _fields(lines: Sequence[str], first: int, faults: list[BadInput], depth: int) -> "_Fields":
    """The fields that lines say, the first of which has this number."""
    found, at = _Fields(), 0
    while at < len(lines) and len(faults) < _FAULTS_SHOWN:
        number, line, within = first + at, lines[at], 0
        try:
            found.read(number, line)
            if found.key and (within := _further_in(lines, at + 1)):
                below = lines[at + 1 : at + 1 + within]
                if found.block:
                    found.fields[found.key] = textwrap.dedent("\n".join(below)).rstrip()
                elif depth < _DEPTH_MAX and _begins_with_a_key(below):
                    dedented = textwrap.dedent("\n".join(below)).split("\n")
                    found.fields[found.key] = _fields(dedented, number + 1, faults, depth + 1).fields
                else:
                    within = 0
        except BadInput as fault:
            faults.append(fault)
        at += 1 + within
    return found


def _begins_with_a_key(lines: Sequence[str]) -> bool:
    said = (text for line in lines if (text := line.strip()) and not text.startswith("#"))
    return _KEY.fullmatch(next(said, "")) is not None


def _further_in(lines: Sequence[str], at: int) -> int:
    """How many lines from there on stand further in, those without a word among them left out at the end."""
    end = at
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t"):
        end += 1
    while end > at and not lines[end - 1].strip():
        end -= 1
    return end - at


@dataclass(slots=True)
class _Fields:
    """What the lines read so far say."""

    fields: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    key: str = ""  #: of the line read last, where what it says may stand below it
    block: bool = False  #: whether that is a text of several lines
    listing: list[object] | None = None  #: the list that `- item` lines would go on with

    def read(self, number: int, line: str) -> None:
        self.key, self.block = "", False
        if not line.strip() or line.lstrip().startswith("#"):
            return
        if self.listing is not None and (item := _ITEM.fullmatch(line)):
            self.listing.append(_scalar(item[1], number))
        elif key := _KEY.fullmatch(line):
            if key[1] in self.fields:
                raise BadInput(f"Line {number}: {excerpt(key[1])} stands twice.", "Keep one of them.")
            self.fields[key[1]] = None  # named, should its value be faulty
            self.lines[key[1]] = number
            self.block = _BLOCK.fullmatch(key[2] or "") is not None
            value = None if self.block else _value(key[2] or "", number)
            self.key = key[1] if value is None else ""
            self.listing = [] if value is None else None
            self.fields[key[1]] = value if self.listing is None else self.listing
        else:
            raise _fault(number, line)


def _endless(lines: Sequence[str]) -> BadInput:
    """Where it should have ended: below the last line, of those that follow one another, that has a field."""
    fields = takewhile(
        lambda line: not line.strip() or _KEY.fullmatch(line.strip()) or _ITEM.fullmatch(line), lines[1:]
    )
    last = max((at for at, line in enumerate(fields, 2) if line.strip()), default=1)
    return BadInput(
        "The front matter that begins in line 1 does not end.", f"Write a line `---` below line {last}."
    )


def _value(text: str, number: int) -> object:
    inside = _LIST.fullmatch(text.strip())
    if inside is None:
        return _scalar(text, number)
    listed = inside[1].rstrip()
    items = []
    at = 0
    while at < len(listed):
        item = _LISTED.match(listed, at)
        if item is None:
            raise _fault(number, text)
        items.append(_scalar(item[1].strip("“”„"), number))  # a word processor made the quotes smart
        at = item.end()
    return items


def _scalar(text: str, number: int) -> str | None:
    text = text.strip()
    if quoted := _QUOTED_ALONE.fullmatch(text):
        return _unquoted(quoted[1], number)
    plain = "" if text.startswith("#") else re.split(r"[ \t]#", text, maxsplit=1)[0].rstrip()
    if plain.startswith(_NOT_PLAIN):
        raise _fault(number, text)
    return None if plain in _NOTHING else plain


def _unquoted(text: str, number: int) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        return str(json.loads(text, strict=False))  # the escapes of JSON are those of YAML that people write
    except ValueError:
        raise _fault(number, text) from None


def _fault(number: int, line: str) -> BadInput:
    return BadInput(
        f"Line {number} of the front matter cannot be read: {excerpt(line)}.",
        "Write `key: text`, `key: [one, two]`, or `key:` with a line `- item` for each; quote odd texts.",
    )
