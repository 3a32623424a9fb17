"""Whether tests try everything, as `make soak` has it, or the part that decides whether a change comes in."""

import os
from typing import TypeVar

T = TypeVar("T")

THOROUGH = bool(os.environ.get("ALERTS_TEST_DICE"))


def usually(part: T, everything: T) -> T:
    """How much a test tries: a part of it, or everything where there is time."""
    return everything if THOROUGH else part
