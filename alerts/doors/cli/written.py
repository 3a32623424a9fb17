"""Files that a command writes: in place once they are whole, and read by nobody but their owner."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from alerts.errors import BadInput


@contextmanager
def written(file: str, wanted: Callable[[], bool] = lambda: True) -> Iterator[TextIO]:
    """Put the file in place once it is whole, if it is `wanted` then. It holds addresses: only its owner
    may read it. Bytes that were no UTF-8 when they were read are written as they were.
    """
    if file == "-":
        stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
        try:
            yield stream
        finally:
            stream.detach()  # else it would close standard output
        return
    unfinished = Path(f"{file}.part")
    try:
        unfinished.touch(mode=0o600)
        with unfinished.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
            yield stream
        if wanted():
            unfinished.replace(file)
    except OSError as fault:
        raise BadInput(
            f"{file} cannot be written: {fault.strerror}.", "Check path and permissions."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
