"""Subscriptions as rows of CSV or JSON lines, in and out: the format only, no word is looked up.

What is written reads back as the same row, whatever is on the one line of its cells.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple, TextIO

from alerts.channels import CHANNELS
from alerts.errors import BadInput, did_you_mean
from alerts.operations.lines import Numbered, NumberedLines, lines_of
from alerts.texts import guarded

#: What `guarded` has written: read, it loses its `'`.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DELIMITERS = ",;\t"
#: What a line consists of that says nothing.
_NOTHING = f'{_DELIMITERS}" \r\n\xa0'
#: How Excel has a file say what separates its cells.
_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
#: A quoted cell may go on for N lines; a postal address has five.
_LINES_MOST = 20
#: What other systems call a column.
_ELSEWHERE = {column: "address" for kind in CHANNELS.values() for column in kind.address.columns} | {
    "country": "regions",
    "countries": "regions",
    "region": "regions",
    "tag": "tags",
    "tz": "timezone",
    "severity": "min_severity",
    "frequency": "cadence",
}


class Form(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


class Row(NamedTuple):
    """One subscription with whom it belongs to. Lists are separated by `;`; what is absent is empty."""

    channel: str = ""
    address: str = ""
    name: str = ""
    timezone: str = ""
    regions: str = ""
    tags: str = ""
    all_tags: str = ""
    none_tags: str = ""
    min_severity: str = ""
    cadence: str = ""
    quiet_hours: str = ""
    bypass: str = ""
    daily_cap: str = ""
    all_quiet: str = ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """The cells that say what is wanted: all but whose and where."""
        return self[4:]


COLUMNS = Row._fields
_LISTS = frozenset({"regions", "tags", "all_tags", "none_tags"})

#: A row, or why the line is none, with the number of the line it begins on.
LedgerLine = tuple[int, Row | BadInput]


def split(cell: str) -> tuple[str, ...]:
    """The items of a list in a cell. `|` separates too: there `;` may be what separates the cells."""
    return tuple(item for item in re.split("[;|]", cell) if item.strip()) if cell else ()


def read(stream: BinaryIO) -> Iterator[LedgerLine]:
    """Read CSV or JSON lines, whichever it is: UTF-8, or UTF-16.

    Raises BadInput for a header that cannot be used, for a line without an end, and for what is no table.
    """
    with lines_of(stream) as lines:
        for number, line in lines:
            if line.strip():
                lines.put_back([(number, line)])
                yield from _read_jsonl(lines) if line.lstrip().startswith("{") else _read_csv(lines)
                return
        raise _nothing()


def write(rows: Iterable[Row], stream: TextIO, form: Form) -> None:
    """Write rows as they come, CSV with its header first."""
    if form is Form.JSONL:
        for row in rows:
            cells = {name: _listed(name, cell) for name, cell in zip(COLUMNS, row, strict=True)}
            stream.write(json.dumps(cells, ensure_ascii=False) + "\n")
        return
    writer = csv.writer(stream)  # lines end with CRLF (RFC 4180)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in row] for row in rows)


def _listed(name: str, cell: str) -> str | list[str]:
    return cell.split(";") if name in _LISTS and cell else [] if name in _LISTS else cell


def _read_csv(lines: NumberedLines) -> Iterator[LedgerLine]:
    names, delimiter = _header(lines)
    places = _places(names)
    for begun in lines:
        cells = _cells(begun, lines, len(places), delimiter)
        if isinstance(cells, BadInput):
            yield begun[0], cells
        elif any(map(str.strip, cells)):
            yield begun[0], _row_of_cells(cells, places)


def _cells(begun: Numbered, lines: NumberedLines, width: int, delimiter: str) -> list[str] | BadInput:
    """The cells of the row that begins in a line, which may end in a later one.

    A quote that strays opens a cell that swallows the lines below. Rows run together never make one of the
    right width unless a cell has swallowed separators: then the line stands alone, and the next is read anew.
    """
    taken = [begun]

    def asked_for() -> Iterator[str]:
        yield begun[1]
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
            return BadInput(f"It is no row of CSV: {fault}.", "Double the quotes inside quoted cells.")
        return _stray()
    broken = [cell for cell in cells if len(cell.splitlines()) > 1]
    if len(taken) > 1 and (
        len(cells) != width or any(delimiter in c for c in cells) or any("@" in c for c in broken)
    ):
        lines.put_back(taken[1:])
        return _stray()
    if sum(line.count('"') for _, line in taken) % 2:
        return _stray()
    return cells


def _stray() -> BadInput:
    return BadInput(
        "A quotation mark in it has no other.", "Take it away, or double it inside a quoted cell."
    )


def _nothing() -> BadInput:
    return BadInput("There is nothing in it.", f"Begin with the line {','.join(COLUMNS)}.")


def _header(lines: NumberedLines) -> tuple[list[str], str]:
    """The names of the columns and what separates them. Skips what spreadsheets and people write above."""
    named = ""
    for _, line in lines:
        if said := _SEPARATOR.fullmatch(line):
            named = said[1]
        elif line.strip(_NOTHING) and not line.lstrip().startswith("#"):
            marks = named or _DELIMITERS
            delimiter = max(marks, key=lambda mark: len(set(_names(line, mark)).intersection(COLUMNS)))
            return _names(line, delimiter), delimiter
    raise _nothing()


def _names(header: str, delimiter: str) -> list[str]:
    """The columns as we name them, or as they are written where we have none of the name."""
    try:
        written = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    ours = {_plain(name): name for name in COLUMNS}
    return [ours.get(_plain(name), name.strip().lower()) for name in written]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _places(names: Sequence[str]) -> list[int | None]:
    """Where each cell of a line belongs in a `Row`; None where its column has no name. Raises BadInput."""
    strangers = [name for name in names if name and name not in COLUMNS]
    if strangers:
        listed = ", ".join(f"“{name[:40]}”" for name in strangers[:5])
        hints = dict.fromkeys(map(_near_column, strangers[:5]))
        raise BadInput(f"There is no column {listed}.", " ".join(hints))
    for name in filter(None, names):
        if names.count(name) > 1:
            raise BadInput(f"The column “{name}” stands there twice.", "Remove or rename one of them.")
    for needed in ("address", "regions"):
        if needed not in names:
            raise BadInput(f"The column “{needed}” is missing.", f"The columns are {', '.join(COLUMNS)}.")
    return [COLUMNS.index(name) if name else None for name in names]


def _near_column(name: str) -> str:
    if elsewhere := _ELSEWHERE.get(_plain(name)):
        return f"Call “{name[:40]}” {elsewhere}."
    near = get_close_matches(name[:40], COLUMNS, n=2)
    return did_you_mean(near, "") if near else f"The first line names the columns: {', '.join(COLUMNS)}."


def _row_of_cells(cells: Sequence[str], places: Sequence[int | None]) -> Row | BadInput:
    if len(cells) != len(places):
        return BadInput(
            f"It has {len(cells)} cells, the header {len(places)}.", "Quote cells that hold the separator."
        )
    ordered = [""] * len(COLUMNS)
    for place, cell in zip(places, cells, strict=True):
        if place is not None:
            ordered[place] = cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
        elif cell.strip():
            return BadInput(
                f"“{cell.strip()[:40]}” stands in a column without a name.", "Name it, or empty it."
            )
    return _row(ordered)


def _read_jsonl(lines: Iterable[Numbered]) -> Iterator[LedgerLine]:
    for number, line in lines:
        if line.strip():
            yield number, _row_of_object(line)


def _row_of_object(line: str) -> Row | BadInput:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return BadInput("It is no JSON object.", "Write one object per line.")
    if not isinstance(data, dict):
        return BadInput("It is no JSON object.", "Write one object per line.")
    for name, value in data.items():
        if name not in COLUMNS:
            return BadInput(f"There is no field “{name[:40]}”.", _near_column(name))
        if not _fits(name, value):
            return BadInput(f"The field “{name}” holds no text.", "Lists are for regions and tags only.")
    return _row([_joined(data.get(name)) for name in COLUMNS])


def _fits(name: str, value: Any) -> bool:
    if isinstance(value, list):
        return name in _LISTS and all(isinstance(item, str) for item in value)
    return value is None or isinstance(value, str)


def _joined(value: str | list[str] | None) -> str:
    return ";".join(value) if isinstance(value, list) else value or ""


def _row(cells: Sequence[str]) -> Row | BadInput:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return BadInput("It holds bytes that are no UTF-8.", "Save the file as UTF-8, in Excel “CSV UTF-8”.")
    return Row(*cells)
