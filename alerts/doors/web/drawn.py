"""What was drawn a moment ago, for whoever asks next: an urgent mail brings a whole office to one page."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

#: Answers that are remembered. One is some 100 KB, and at most what a page may come to.
_MOST = 32


class Answered(NamedTuple):
    """An answer: its octets, their media type, and what it may load."""

    body: bytes
    kind: str
    policy: str


class Drawn:
    """Remembers the last answers of this process, each for `kept_s` seconds: not longer than readers may."""

    def __init__(self, kept_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept_s = kept_s
        self._clock = clock
        self._answers: dict[str, tuple[float, Answered]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, draw: Callable[[], Answered]) -> Answered:
        """The answer of this name, drawn now if none is remembered. Two who ask at once may both draw it."""
        at = self._clock()
        with self._lock:
            since, known = self._answers.get(name, (0.0, None))
        if known is not None and at - since < self._kept_s:
            return known
        drawn = draw()
        with self._lock:
            self._answers.pop(name, None)
            self._answers[name] = at, drawn
            while len(self._answers) > _MOST:
                del self._answers[next(iter(self._answers))]
        return drawn
