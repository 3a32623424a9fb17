"""The outcomes of one batch, written a window at a time by whoever holds its lease."""

from alerts.services import Services
from alerts.store import Claim, LedgerLine

#: Outcomes are written after this many, while the next ones are on the wire. With as many in flight
#: (`Sender.in_flight`), at most W = 32 per connection are sent but not recorded at any instant.
RECORDED_AT_ONCE = 16


class OutcomeBuffer:
    """Collects the outcomes of one claimed batch and writes them a window at a time."""

    def __init__(self, services: Services, claim: Claim) -> None:
        self._services = services
        self._claim = claim
        self._lines: list[LedgerLine] = []
        self._open = True

    def write(self, line: LedgerLine) -> None:
        self._lines.append(line)
        if len(self._lines) >= RECORDED_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        lines, self._lines = self._lines, []  # first, so that what cannot be written is tried once
        if lines:
            self._open = self._services.ledger.record(self._claim, lines) and self._open

    def closed(self) -> bool:
        """Whether to put nothing more on the wire: we are stopping, or the batch is not ours any more."""
        return self._services.stopping.is_set() or not self._open
