"""Subscriptions as rows of CSV or JSON lines, in and out: the format only, no word is looked up.

What is written reads back as the same row, whatever its cells hold. Memory is bounded by the longest line.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from enum import StrEnum
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, TextIO

from alerts.errors import BadInput, did_you_mean

#: Characters of one line; a longer one is no line of a table.
LINE_MAX = 1 << 20
#: A spreadsheet runs a cell that begins so, also in full width
#: (https://owasp.org/www-community/attacks/CSV_Injection). Written, it gets a `'`; read, it loses it.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_DELIMITERS = ",;\t"


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
    def wish(self) -> tuple[str, ...]:
        """The cells that say what is wanted: all but whose and where."""
        return self[4:]


COLUMNS = Row._fields
_LISTS = frozenset({"regions", "tags", "all_tags", "none_tags"})

#: A row, or why the line is none, with the number of the line it begins on.
Line = tuple[int, Row | BadInput]


def split(cell: str) -> tuple[str, ...]:
    """The items of a list in a cell. `|` separates too: there `;` may be what separates the cells."""
    return tuple(item for item in re.split("[;|]", cell) if item.strip()) if cell else ()


def read(stream: BinaryIO) -> Iterator[Line]:
    """Read CSV or JSON lines, whichever it is: UTF-8, or UTF-16 with a byte order mark.

    Raises BadInput for a header that cannot be used, and for a line without an end.
    """
    buffered: io.BufferedReader = io.BufferedReader(stream)  # type: ignore[arg-type]  # `readinto` will do
    text = _decoded(buffered)
    try:
        yield from _read(_numbered(text))
    finally:
        text.detach()  # else it would close what is not ours
        buffered.detach()


def _read(lines: Iterator[tuple[int, str]]) -> Iterator[Line]:
    for number, line in lines:
        if line.strip():
            whole = chain([(number, line)], lines)
            return _read_jsonl(whole) if line.lstrip().startswith("{") else _read_csv(whole)
    raise BadInput("There is nothing in it.", f"Begin with the line {','.join(COLUMNS)}.")


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


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _listed(name: str, cell: str) -> str | list[str]:
    return cell.split(";") if name in _LISTS and cell else [] if name in _LISTS else cell


def _decoded(buffered: io.BufferedReader) -> io.TextIOWrapper:
    """Bytes that are no UTF-8 become surrogates, so that only their line is bad."""
    if buffered.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return io.TextIOWrapper(buffered, "utf-16", "replace", newline="")
    return io.TextIOWrapper(buffered, "utf-8-sig", "surrogateescape", newline="")


def _numbered(text: TextIO) -> Iterator[tuple[int, str]]:
    number = 0
    while line := text.readline(LINE_MAX):
        number += 1
        if len(line) == LINE_MAX:
            raise BadInput(
                f"Line {number} is longer than {LINE_MAX} characters.", "Is it a table of subscribers?"
            )
        yield number, line


def _read_csv(lines: Iterator[tuple[int, str]]) -> Iterator[Line]:
    number, header = next(lines)
    delimiter = max(_DELIMITERS, key=lambda mark: len(set(_names(header, mark)).intersection(COLUMNS)))
    places = _places(_names(header, delimiter))
    width = len(places)
    reader = csv.reader((line for _, line in lines), delimiter=delimiter, strict=True)
    while True:
        begun = number + 1 + reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            yield begun, BadInput(f"It is no row of CSV: {fault}.", "Double the quotes inside quoted cells.")
            continue
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield begun, _row_of_cells(cells, places, width)


def _names(header: str, delimiter: str) -> list[str]:
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in names]


def _places(names: Sequence[str]) -> list[int]:
    """Where each cell of a line belongs in a `Row`. Raises BadInput."""
    for name in names:
        if name not in COLUMNS:
            raise BadInput(f"There is no column “{name[:40]}”.", _near_column(name))
        if names.count(name) > 1:
            raise BadInput(f"The column “{name}” stands there twice.", "Remove or rename one of them.")
    for needed in ("address", "regions"):
        if needed not in names:
            raise BadInput(f"The column “{needed}” is missing.", f"The columns are {', '.join(COLUMNS)}.")
    return [COLUMNS.index(name) for name in names]


def _near_column(name: str) -> str:
    near = get_close_matches(name[:40], COLUMNS, n=2)
    return did_you_mean(near, "") if near else f"The first line names the columns: {', '.join(COLUMNS)}."


def _row_of_cells(cells: Sequence[str], places: Sequence[int], width: int) -> Row | BadInput:
    if len(cells) != width:
        return BadInput(
            f"It has {len(cells)} cells, the header {width}.", "Quote cells that hold the separator."
        )
    ordered = [""] * len(COLUMNS)
    for place, cell in zip(places, cells, strict=True):
        ordered[place] = cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
    return _row(ordered)


def _read_jsonl(lines: Iterator[tuple[int, str]]) -> Iterator[Line]:
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
