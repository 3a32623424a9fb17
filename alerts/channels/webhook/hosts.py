"""How the hosts of receivers have fared of late. Whichever does not answer is left alone for a while.

One per process, and each learns it for itself. A host and not a URL: thousands of receivers stand behind one
service. Any answer of theirs speaks for the host, so one receiver that hangs does not stop its neighbours.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

#: Calls in a row without an answer before a host is left alone.
UNANSWERED_MOST = 3
#: Seconds it is left alone at first; twice as long each time, up to the second number.
PAUSE_S, PAUSE_MAX_S = 15.0, 300.0
#: Seconds after which nothing is remembered of a host that was not called any more.
REMEMBERED_S = 3600.0


@dataclass(slots=True)
class HostRecord:
    unanswered: int = 0
    until: float = 0.0
    at: float = 0.0


class Hosts:
    """Remembers those that did not answer. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, HostRecord] = {}

    def pause_s(self, host: str) -> float:
        """The seconds a host is still to be left alone; 0 when it may be called."""
        known = self._known.get(host)
        return max(0.0, known.until - self._clock()) if known else 0.0

    def in_doubt(self, host: str) -> bool:
        """Whether the last call was not answered: then one at a time is enough, after the others."""
        return host in self._known

    def answered(self, host: str) -> None:
        """It works, or was not at fault: nothing is held against it."""
        with self._lock:
            self._known.pop(host, None)

    def unanswered(self, host: str) -> None:
        """It could not be reached, or said nothing in time."""
        now = self._clock()
        with self._lock:
            self._known = {name: one for name, one in self._known.items() if now - one.at < REMEMBERED_S}
            record = self._known.setdefault(host, HostRecord())
            record.at, record.unanswered = now, record.unanswered + 1
            longer = record.unanswered - UNANSWERED_MOST
            if longer >= 0:
                record.until = now + min(PAUSE_S * 2.0 ** min(longer, 10), PAUSE_MAX_S)
