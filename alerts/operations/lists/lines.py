"""The bytes of a table → its lines, numbered as an editor does. Memory is bounded by the longest line."""

import io
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

from alerts.errors import BadInput
from alerts.ingest import signatures
from alerts.ingest.decoding import utf_16

#: Characters of one line; a longer one is no line of a table.
LINE_MAX = 1 << 20
#: Octets by which a file is known for what it is.
_START = 4096
_HINT = "In the program it comes from, save the table as CSV UTF-8, and import that."

Numbered = tuple[int, str]


class NumberedLines(Iterator[Numbered]):
    """Numbered lines; some that were taken can be put back, and come again."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._number = 0
        self._back: deque[Numbered] = deque()

    def __next__(self) -> Numbered:
        if self._back:
            return self._back.popleft()
        line = self._text.readline(LINE_MAX)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) == LINE_MAX:
            raise BadInput(
                f"Line {self._number} is longer than {LINE_MAX} characters.", "Is it a table of subscribers?"
            )
        return self._number, line

    def put_back(self, taken: list[Numbered]) -> None:
        self._back.extendleft(reversed(taken))


@contextmanager
def lines_of(stream: BinaryIO) -> Iterator[NumberedLines]:
    """Have the lines of a stream, which stays open. Raises BadInput for what is no text."""
    buffered: io.BufferedReader = io.BufferedReader(stream, _START)  # type: ignore[arg-type]  # `readinto` will do
    try:
        text = _decoded(buffered, buffered.peek(_START)[:_START])
        try:
            yield NumberedLines(text)
        finally:
            text.detach()  # else it would close what is not ours
    finally:
        buffered.detach()


def _decoded(buffered: io.BufferedReader, start: bytes) -> io.TextIOWrapper:
    """Bytes that are no UTF-8 become surrogates, so that only their line is bad."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return io.TextIOWrapper(buffered, "utf-16", "replace", newline="")
    if unmarked := utf_16(start):
        return io.TextIOWrapper(buffered, unmarked, "replace", newline="")
    known = signatures.of_bytes(start) or signatures.of_text(start.decode("utf-8", "replace"))
    if known:
        raise BadInput(f"It is {known[0]}, not a table of text.", _HINT)
    return io.TextIOWrapper(buffered, "utf-8-sig", "surrogateescape", newline="")
