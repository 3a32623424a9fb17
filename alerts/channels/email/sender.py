"""Mail through one relay: the `Sender` of the email channel."""

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence

from alerts.channels.contract import Pace, Stop
from alerts.channels.email.batch import Batch
from alerts.channels.email.envelope import with_crlf
from alerts.channels.email.evidence import Evidence
from alerts.channels.email.permits import Leave
from alerts.channels.email.pool import Pool
from alerts.channels.email.return_path import ReturnPath
from alerts.channels.email.route import Route
from alerts.model import Message, Outcome, Recipient, RouteDown

#: Seconds for which messages are sent in turn after a server said more than it was asked.
IN_TURN_S = 600.0

#: Times as long as a `send` begins anything, after which no answer is waited for any more.
PATIENCE = 3


#: Seconds for which whoever a connection broke over is sent to last and alone by this process.
REMEMBERED_S = 3600.0
#: … and how many of them at most.
CULPRITS = 1000


class SmtpSender:
    """The `Sender` of the email channel. Each `send` has connections of its own while it runs.

    At most `in_flight` messages are under way whose outcome has not been yielded. `timeout`: seconds the
    relay may take for a reply; `call`: seconds of one `send` after which nobody further is begun, so that a
    slow relay costs a batch and not a thread. Raises BadInput for a URL that cannot be used.
    """

    def __init__(
        self,
        url: str,
        return_path: ReturnPath,
        pace: Pace,
        *,
        in_flight: int = 16,
        timeout: float = 30.0,
        call: float = 60.0,
    ) -> None:
        self.in_flight = in_flight
        self._pool = Pool(Route.parse(url), timeout)
        self._return_path = return_path
        self._pace = pace
        self._call = call
        self._in_turn_until = -math.inf  # (monotonic)
        self._culprits: dict[str, float] = {}  # addresses over which a connection broke, and when

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """See `Sender.send`. What was under way when a connection broke is sent again on the next one,
        but for what had been handed over: that is `Unsure`, and stays the caller's to decide.

        Who was tried before comes last, and whoever connections broke over in earlier batches last of all: no
        route is judged by its hardest cases first. Whoever is answered slowly holds nobody else.
        """
        began = time.monotonic()
        known = self._known(began)
        queue = deque(recipients)
        if known or any(r.unsure or r.attempt > 1 for r in recipients):
            queue = deque(sorted(recipients, key=lambda r: (r.address in known, r.unsure, r.attempt)))
        leave = Leave(self._pace, stop, self.in_flight, began + self._call)
        evidence = Evidence(recipients, known)
        batch = Batch(
            self._pool,
            with_crlf(message),
            self._return_path,
            queue,
            leave=leave,
            evidence=evidence,
            in_flight=self.in_flight,
            until=began + PATIENCE * self._call,
            windows=began >= self._in_turn_until,
        )
        try:
            yield from batch.run()
        finally:
            if batch.astray:
                self._in_turn_until = time.monotonic() + IN_TURN_S
        if batch.unreachable is not None:
            yield queue[0].sid, batch.unreachable
            return
        self._culprits |= dict.fromkeys(evidence.culprits, began)
        yield from evidence.verdicts(out_of_time=leave.late())
        down = evidence.down
        if down is None and leave.wait_s > 0:
            down = RouteDown("the route's rate is reached", leave.wait_s, paced=True)
        if down is not None:
            yield (queue or recipients)[0].sid, down

    def close(self) -> None:
        """Take leave of the relay on every connection; those in use follow when their `send` ends.

        In a forked child it only lets go: the parent's sessions go on.
        """
        self._pool.close()

    def _known(self, now: float) -> set[str]:
        """The addresses over which connections broke of late."""
        self._culprits = {
            a: at for a, at in list(self._culprits.items())[-CULPRITS:] if now - at < REMEMBERED_S
        }
        return set(self._culprits)
