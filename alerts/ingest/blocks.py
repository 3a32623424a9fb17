"""Plain text → Markdown: paragraphs and lists found by eye, everything else escaped to mean itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alerts.ingest.cleaning import one_line

_BULLET = re.compile(r"[•·▪◦‣●○■*–-] (.+)")
_NUMBER = re.compile(r"([0-9]{1,9})[.)] (.+)")

# What CommonMark and its usual extensions would read as markup inside a line ...
_INLINE = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~]|$)         # a backslash that would escape, or break the line
    | [`*\[]
    | _(?![^\W_]) | (?<![^\W_])_        # inside a word, an underscore is only itself
    | ~(?=~) | (?<=~)~
    | <(?=[A-Za-z/!?])
    | &(?=\#?[A-Za-z0-9]+;)""",
    re.VERBOSE,
)
# ... and at its beginning: headings, quotes, lists, rules, and the lines under headings and table heads.
_FIRST = re.compile(r"\#{1,6}(?=\ |$) | > | [+-](?=\ |$) | (?=[-=:|\ ]+$)", re.VERBOSE)
_FIRST_NUMBER = re.compile(r"([0-9]{1,9})([.)])(?= |$)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of lines, or a list of items: bulleted (`-`), or numbered from 1 (`1`)."""

    pieces: list[list[str]]  #: of each line; an item can have been wrapped
    listed: str = ""

    @property
    def lines(self) -> list[str]:
        return [" ".join(pieces) for pieces in self.pieces]

    def __str__(self) -> str:
        marks = {"": "", "-": "- ", "1": "{}. "}[self.listed]
        return "\n".join(marks.format(n) + literal(line) for n, line in enumerate(self.lines, 1))


def literal(line: str) -> str:
    """Escape a line of plain text, so that Markdown shows exactly it."""
    escaped = _INLINE.sub(r"\\\g<0>", line)
    if _FIRST.match(line):
        return "\\" + escaped
    return _FIRST_NUMBER.sub(r"\1\\\2", escaped, count=1) if _FIRST_NUMBER.match(line) else escaped


def blocks(lines: Iterable[str]) -> list[Block]:
    """Find the paragraphs and lists. Blank lines part paragraphs; a deeper line goes on with its item."""
    found: list[Block] = []
    item_depth = 0
    after_blank = True
    for line in lines:
        text = one_line(line)
        depth = len(line) - len(line.lstrip())
        last = found[-1] if found else Block([])
        listed, item = _item(text, last)
        if listed:
            item_depth = depth
            if last.listed == listed:
                last.pieces.append([item])
            else:
                found.append(Block([[item]], listed))
        elif text and (after_blank or (last.listed and depth <= item_depth)):
            found.append(Block([[text]]))
        elif text and last.listed:
            last.pieces[-1].append(text)
        elif text:
            last.pieces.append([text])
        after_blank = not text
    return found


def _item(text: str, last: Block) -> tuple[str, str]:
    """The kind of list and the text of its item; a number is only one if it goes on with a count from 1."""
    if bullet := _BULLET.fullmatch(text):
        return "-", bullet[1]
    number = _NUMBER.fullmatch(text)
    if number and int(number[1]) == (len(last.pieces) + 1 if last.listed == "1" else 1):
        return "1", number[2]
    return "", ""
