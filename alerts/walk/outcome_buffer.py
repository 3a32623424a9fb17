"""The outcomes of one batch, written a window at a time by whoever holds its lease."""

import time
from collections.abc import Callable

from alerts.services import Services
from alerts.store import Claim, LedgerLine

#: Outcomes are written after this many, while the next ones are on the wire. With as many in flight
#: (`Sender.in_flight`), at most W = 32 per connection are sent but not recorded at any instant.
RECORDED_AT_ONCE = 16

#: Seconds for which a slow batch may go on without asking whether it was stopped: a correction waits for it.
ASKED_AGAIN_S = 1.0


class OutcomeBuffer:
    """Collects the outcomes of one claimed batch and writes them a window at a time, or once a second."""

    def __init__(self, services: Services, claim: Claim, clock: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._claim = claim
        self._clock = clock
        self._lines: list[LedgerLine] = []
        self._open = True
        self._asked_at = clock()

    def write(self, line: LedgerLine) -> None:
        self._lines.append(line)
        if len(self._lines) >= RECORDED_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self._lines:
            self._record()

    def closed(self) -> bool:
        """Whether to put nothing more on the wire: we are stopping, or the batch is not ours any more."""
        if self._open and self._clock() - self._asked_at >= ASKED_AGAIN_S:
            self._record()
        return self._services.stopping.is_set() or not self._open

    def _record(self) -> None:
        """Write what there is, be it nothing, and hear whether to go on."""
        lines, self._lines = self._lines, []  # first, so that what cannot be written is tried once
        self._open = self._services.ledger.record(self._claim, lines) and self._open
        self._asked_at = self._clock()
