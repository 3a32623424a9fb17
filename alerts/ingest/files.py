"""Files and standard input → readings. Whatever cannot be opened is a sentence, not a traceback."""

from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from alerts.documents.bounded import OCTETS_MAX
from alerts.errors import BadInput
from alerts.ingest.allowances import Allowance
from alerts.ingest.cleaning import excerpt
from alerts.ingest.formats import Reading, attempt_all, read_all


def load_all(path: str, stdin: BinaryIO, allowed: Collection[Allowance] = ()) -> list[Reading]:
    """Read every update in a file, or in `stdin` for `-`; see `read_all`. Raises BadInput."""
    return read_all(_bytes(path, stdin), path, allowed)


def attempt_file(path: str, stdin: BinaryIO, allowed: Collection[Allowance] = ()) -> list[Reading]:
    """The same for whoever looks for more that is wrong: see `attempt_all`."""
    return attempt_all(_bytes(path, stdin), path, allowed)


def _bytes(path: str, stdin: BinaryIO) -> bytes:
    if path == "-":
        return stdin.read(OCTETS_MAX + 1)
    try:
        with Path(path).open("rb") as file:
            return file.read(OCTETS_MAX + 1)
    except FileNotFoundError:
        raise BadInput(
            f"There is no file {excerpt(path)}.", "Check the path, or give - to read from a pipe."
        ) from None
    except IsADirectoryError:
        raise BadInput(f"{excerpt(path)} is a folder.", "Give the files in it.") from None
    except (OSError, ValueError) as fault:  # ValueError: a NUL in the path
        reason = getattr(fault, "strerror", None) or "it is not a path"
        raise BadInput(
            f"{excerpt(path)} cannot be read: {reason}.", "Check the path and its permissions."
        ) from None
