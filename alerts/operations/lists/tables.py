"""Tables of subscribers, CSV or JSON lines, read row by row: the format only, no word is looked up."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from alerts.errors import BadInput
from alerts.operations.lists.columns import (
    AS_WE_NAME_THEM,
    DELIMITERS,
    ColumnChoices,
    Header,
)
from alerts.operations.lists.lines import Numbered, NumberedLines, lines_of
from alerts.operations.lists.rows import COLUMNS, LISTS, Row
from alerts.texts import number_of

#: What `guarded` has written: read, it loses its `'`.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
#: What a line consists of that says nothing.
_NOTHING = f'{DELIMITERS}" \r\n\xa0'
#: How Excel has a file say what separates its cells.
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
#: A quoted cell may go on for N lines; a postal address has five.
_LINES_MOST = 20


class TableLine(NamedTuple):
    """A row, or why the line is none; the line of the file it begins in, and what stands there.

    `cells` is empty for what falls into no cells: an object, or a line that a stray quote runs through.
    """

    number: int
    row: Row | BadInput
    text: str
    cells: Sequence[str] = ()


#: Told the columns of a CSV once they are known, before the first row.
Begun = Callable[[Header], None]


def read(
    stream: BinaryIO, choices: ColumnChoices = AS_WE_NAME_THEM, begun: Begun = lambda _: None
) -> Iterator[TableLine]:
    """Read CSV or JSON lines, whichever it is: UTF-8, or UTF-16.

    Raises BadInput for a header that cannot be used, for a line without an end, and for what is no table.
    """
    with lines_of(stream) as lines:
        for number, line in lines:
            if line.strip():
                lines.put_back([(number, line)])
                if line.lstrip().startswith("{"):
                    yield from _read_jsonl(lines, choices)
                else:
                    yield from _read_csv(lines, choices, begun)
                return
        raise _nothing()


def _read_csv(lines: NumberedLines, choices: ColumnChoices, begun: Begun) -> Iterator[TableLine]:
    header = _header(lines, choices)
    begun(header)
    for first in lines:
        cells, text = _cells(first, lines, header)
        if isinstance(cells, BadInput):
            yield TableLine(first[0], cells, text)
        elif any(map(str.strip, cells)):
            yield TableLine(first[0], _row_of_cells(cells, header), text, cells)


def _cells(first: Numbered, lines: NumberedLines, header: Header) -> tuple[list[str] | BadInput, str]:
    """The cells of the row that begins in a line, which may end in a later one; and the text of it.

    A quote that strays opens a cell that swallows the lines below. Rows run together never make one of the
    right width unless a cell has swallowed separators: then the line stands alone, and the next is read anew.
    """
    taken, width, delimiter = [first], len(header.positions), header.delimiter

    def asked_for() -> Iterator[str]:
        yield first[1]
        for further in lines:
            taken.append(further)
            yield further[1]
            if len(taken) > _LINES_MOST:
                return

    try:
        # skipinitialspace: people put a space after the comma, and the quote after that.
        cells = next(csv.reader(asked_for(), delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error as fault:
        lines.put_back(taken[1:])
        if len(taken) == 1:
            words = f"It is no row of CSV: {fault}."
            return BadInput(words, "Double the quotes inside quoted cells."), first[1]
        return _stray(), first[1]
    broken = [cell for cell in cells if len(cell.splitlines()) > 1]
    if len(taken) > 1 and (
        len(cells) != width or any(delimiter in c for c in cells) or any("@" in c for c in broken)
    ):
        lines.put_back(taken[1:])
        return _stray(), first[1]
    text = "".join(line for _, line in taken)
    if text.count('"') % 2:
        return _stray(), text
    return cells, text


def _stray() -> BadInput:
    return BadInput(
        "A quotation mark in it has no other.", "Take it away, or double it inside a quoted cell."
    )


def _nothing() -> BadInput:
    return BadInput("There is nothing in it.", f"Begin with the line {','.join(COLUMNS)}.")


def _header(lines: NumberedLines, choices: ColumnChoices) -> Header:
    """The columns of a table. Skips what spreadsheets and people write above."""
    named = ""
    for number, line in lines:
        if said := _SEPARATOR.fullmatch(line):
            named = said[1]
        elif line.strip(_NOTHING) and not line.lstrip().startswith("#"):
            return Header.read(number, line, named, choices)
    raise _nothing()


def _row_of_cells(cells: Sequence[str], header: Header) -> Row | BadInput:
    if len(cells) != len(header.positions):
        return BadInput(
            f"It has {number_of(len(cells), 'cell')}, the header {len(header.positions)}.",
            "Quote cells that hold the separator.",
        )
    ordered = [""] * len(COLUMNS)
    for position, passed_over, cell in zip(header.positions, header.passed_over, cells, strict=True):
        if position is not None:
            ordered[position] = cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
        elif cell.strip() and not passed_over:
            return BadInput(
                f"“{cell.strip()[:40]}” stands in a column without a name.",
                "Name it, or empty it; --ignore-unknown passes over it.",
            )
    return _row(ordered)


def _read_jsonl(lines: Iterable[Numbered], choices: ColumnChoices) -> Iterator[TableLine]:
    for number, line in lines:
        if line.strip():
            yield TableLine(number, _row_of_object(line, choices), line)


def _row_of_object(line: str, choices: ColumnChoices) -> Row | BadInput:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return BadInput("It is no JSON object.", "Write one object per line.")
    if not isinstance(data, dict):
        return BadInput("It is no JSON object.", "Write one object per line.")
    faults = choices.faults(list(data))
    cells = {choices.name(field): value for field, value in data.items()}
    faults += [
        BadInput(f"The field “{name}” holds no text.", "Lists are for regions and tags only.")
        for name in COLUMNS
        if not _fits(name, cells.get(name))
    ]
    return BadInput.together(faults) if faults else _row([_joined(cells.get(name)) for name in COLUMNS])


def _fits(name: str, value: Any) -> bool:
    if isinstance(value, list):
        return name in LISTS and all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str)


def _joined(value: str | list[str] | None) -> str:
    return ";".join(value) if isinstance(value, list) else value or ""


def _row(cells: Sequence[str]) -> Row | BadInput:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return BadInput("It holds bytes that are no UTF-8.", "Save the file as UTF-8, in Excel “CSV UTF-8”.")
    return Row(*cells)
