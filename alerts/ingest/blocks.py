"""Plain text → Markdown: paragraphs and lists found by eye, everything else escaped to mean itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from alerts.ingest.cleaning import one_line

_BULLET = re.compile(r"[•·▪◦‣●○■*–-] (.+)")
_NUMBER = re.compile(r"([0-9]{1,9})[.)] (.+)")
#: A row of a table, as Markdown draws it, and the line below the head of one.
_ROW = re.compile(r"\|(.*)\|")
_RULE = re.compile(r"\|(?:[ :]*-+[ :]*\|)+")
_MARK = re.compile(r"(?:[•·▪◦‣●○■*–-]|[0-9]{1,9}[.)])")

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
    """A paragraph of lines, a list of items: bulleted (`-`), or numbered from 1 (`1`), or a table (`|`)."""

    pieces: list[list[str]]  #: of each line; an item can have been wrapped
    listed: str = ""
    at: int = 0  #: the index of its first line

    @property
    def lines(self) -> list[str]:
        return [" ".join(pieces) for pieces in self.pieces]

    def __str__(self) -> str:
        if self.listed == "|":
            return _table(self.lines)
        marks = {"": "", "-": "- ", "1": "{}. "}[self.listed]
        return "\n".join(marks.format(n) + literal(line) for n, line in enumerate(self.lines, 1))


def literal(line: str) -> str:
    """Escape a line of plain text, so that Markdown shows exactly it."""
    escaped = _INLINE.sub(r"\\\g<0>", line)
    if _FIRST.match(line):
        return "\\" + escaped
    return _FIRST_NUMBER.sub(r"\1\\\2", escaped, count=1) if _FIRST_NUMBER.match(line) else escaped


def blocks(lines: Iterable[str]) -> list[Block]:
    """Find paragraphs, lists and tables. Blank lines part paragraphs; a deeper line goes on with its item."""
    found: list[Block] = []
    item_depth = 0
    after_blank = True
    for at, line in enumerate(_with_rows(list(lines))):
        text = one_line(line)
        depth = len(line) - len(line.lstrip())
        last = found[-1] if found else Block([])
        listed, item = _item(text, last)
        if listed:
            item_depth = depth
            if last.listed == listed:
                last.pieces.append([item])
            else:
                found.append(Block([[item]], listed, at))
        elif text and (after_blank or (last.listed and depth <= item_depth)):
            found.append(Block([[text]], at=at))
        elif text and last.listed:
            last.pieces[-1].append(text)
        elif text:
            last.pieces.append([text])
        after_blank = not text
    return [replace(block, listed="") if _is_no_table(block) else block for block in found]


def _with_rows(lines: list[str]) -> Iterator[str]:
    """The lines, those of a table copied from a sheet (cells parted by tabs) as rows of a drawn one.

    Two lines of three cells, or three of two, are one: people part other things with a tab, too.
    """
    for cells, group in groupby(lines, key=_cells):
        run = list(group)
        if cells and len(run) + cells >= 5:
            yield from ("| " + " | ".join(line.strip().replace("|", "¦").split("\t")) + " |" for line in run)
        else:
            yield from run


def _cells(line: str) -> int:
    """How many cells a line has that are parted by tabs; 0 for none, or an item with a tab after its mark."""
    first, *others = line.strip().split("\t")
    return len(others) + 1 if others and not _MARK.fullmatch(first.strip()) else 0


def _is_no_table(block: Block) -> bool:
    return block.listed == "|" and len([line for line in block.lines if not _RULE.fullmatch(line)]) < 2


def _table(lines: list[str]) -> str:
    """A table, its first line the head; a row that is shorter than another is filled up."""
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if not _RULE.fullmatch(line)]
    width = max(map(len, rows))
    drawn = [[literal(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    drawn.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in drawn)


def _item(text: str, last: Block) -> tuple[str, str]:
    """The kind of list and the text of its item; a number is only one if it goes on with a count from 1."""
    if bullet := _BULLET.fullmatch(text):
        return "-", bullet[1]
    if len(text) > 2 and _ROW.fullmatch(text):
        return "|", text
    number = _NUMBER.fullmatch(text)
    if number and int(number[1]) == (len(last.pieces) + 1 if last.listed == "1" else 1):
        return "1", number[2]
    return "", ""
