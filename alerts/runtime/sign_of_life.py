"""A worker's sign of life: a file that it touches whenever it has swept. Who looks at it starts nothing.

It is empty while the server takes what the sweep writes, else it holds the sentence that says why not. So an
old file means a worker that hangs, and one that is not empty a worker that waits.
"""

import os
import time
from contextlib import suppress
from pathlib import Path


def give(sign: Path, why: str = "") -> None:
    """Say that this worker lives, and what it waits for, if it does. Whole or not at all."""
    ours = sign.with_name(f"{sign.name}.{os.getpid()}")
    with suppress(OSError):  # what cannot be written grows old, and that says enough
        ours.write_text(why, encoding="utf-8")
        ours.replace(sign)


def age_s(sign: Path) -> float | None:
    """Seconds since the last sign; None before the first."""
    try:
        return max(0.0, time.time() - sign.stat().st_mtime)
    except FileNotFoundError:
        return None
