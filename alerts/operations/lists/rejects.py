"""The lines that were left out, as a table to correct and feed again: its own columns, and why."""

import csv
import io
from collections.abc import Sequence
from typing import TextIO

from alerts.errors import BadInput
from alerts.operations.lists.columns import REASON, Header
from alerts.operations.lists.tables import TableLine


class Rejects:
    """Writes a table of the same kind, with the same columns and separator, into a stream.

    JSON lines are written as they stand: an object has no place for a comment, and what is no object has
    none for a reason. So is a line of a CSV whose quotes run astray, if it has a reason from before.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._header: Header | None = None

    def begin(self, header: Header) -> None:
        """Write the first line of a CSV, with the mark by which a spreadsheet knows UTF-8."""
        self._header = header
        self._stream.write("\ufeff" + _joined([*_kept(header, header.written), REASON], header.delimiter))

    def add(self, line: TableLine, fault: BadInput) -> None:
        """Write one line that was left out."""
        header, text = self._header, line.text.rstrip("\r\n")
        if header is None:
            self._stream.write(text + "\n")
            return
        reason = f"{fault.sentence} {fault.hint}".strip()
        width = len(header.positions)
        if line.cells and len(line.cells) <= width:
            cells = [*line.cells, *[""] * (width - len(line.cells))]
            self._stream.write(_joined([*_kept(header, cells), reason], header.delimiter))
        elif REASON in header.written:
            self._stream.write(text + "\r\n")
        else:
            self._stream.write(text + header.delimiter + _joined([reason], header.delimiter))


def _joined(cells: Sequence[str], delimiter: str) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=delimiter).writerow(cells)
    return line.getvalue()


def _kept(header: Header, cells: Sequence[str]) -> list[str]:
    """The cells of all columns but the reason of before."""
    named = zip(header.written, cells, strict=True)
    return [cell for name, cell in named if name.strip().lower() != REASON]
