"""One batch over as many connections as it takes: broken ones are replaced, slow ones set aside."""

from collections import deque
from collections.abc import Iterator

from alerts.channels.email.dialogue import Dialogue
from alerts.channels.email.evidence import Evidence
from alerts.channels.email.hearing import Patience
from alerts.channels.email.permits import Leave
from alerts.channels.email.pool import Pool
from alerts.channels.email.return_path import ReturnPath
from alerts.channels.email.route import Connection
from alerts.channels.email.wire import Lost, Slow
from alerts.model import DigestId, Message, Outcome, Recipient, RouteDown

#: Seconds that a relay may take over somebody before the others of a batch go on without them.
SLOW_S = 1.0

#: Connections of one batch that may wait so. Urgent mail shares the window out among them and one more.
ASIDE_MAX = 3


class Batch:
    """The mails of one `send`. `queue` holds whoever has not been begun, `in_flight` as in `SmtpSender`.

    After `until` (monotonic) no answer is waited for. Once it has run: `unreachable` says why no connection
    could be had for those who are left, `astray` that the relay was out of step.
    """

    def __init__(
        self,
        pool: Pool,
        message: Message,
        return_path: ReturnPath,
        queue: deque[Recipient],
        *,
        leave: Leave,
        evidence: Evidence,
        in_flight: int,
        until: float,
        windows: bool,
    ) -> None:
        self._pool = pool
        self._message = message
        self._return_path = return_path
        self._queue = queue
        self._leave = leave
        self._evidence = evidence
        self._in_flight = in_flight
        self._until = until
        self._windows = windows
        # What is under way on a connection when that hangs waits with it: with urgent mail that is not much.
        urgent = DigestId(message.digest).urgent
        self._window = max(1, in_flight // (ASIDE_MAX + 1)) if urgent else in_flight
        self._drops = 0
        self._aside: deque[tuple[Connection, Dialogue]] = deque()
        self._alone = False  #: no second connection could be had
        self.astray = False
        self.unreachable: RouteDown | None = None

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Send to everybody for whom there is leave; hear out the slow ones after all others."""
        try:
            while True:
                if self._more():
                    yield from self._begin()
                elif self._aside:
                    yield from self._finish()
                else:
                    return
        finally:
            for connection, _ in self._aside:
                connection.close()

    def _more(self) -> bool:
        """Whether somebody can be begun."""
        if not self._queue or self.unreachable or self._evidence.down is not None:
            return False
        return not self._leave.ended() and (self._leave.wait_s == 0 or self._leave.wait())

    def _begin(self) -> Iterator[tuple[int, Outcome]]:
        """Send on one connection, as long as it works and answers in time."""
        connection = self._pool.take(self._until)
        if isinstance(connection, Connection):
            talk = self._dialogue(connection)
            yield from self._heard(connection, talk, talk.run())
        elif self._aside:  # the relay may bear one connection at a time: what waits comes first
            self._alone = True
            yield from self._finish()
        else:
            self.unreachable = connection

    def _finish(self) -> Iterator[tuple[int, Outcome]]:
        """Hear out the one that has waited longest."""
        connection, talk = self._aside.popleft()
        yield from self._heard(connection, talk, talk.finish())

    def _dialogue(self, connection: Connection) -> Dialogue:
        room = self._in_flight - sum(talk.under_way for _, talk in self._aside)
        may_wait = len(self._aside) < ASIDE_MAX and not self._alone
        return Dialogue(
            connection,
            self._message,
            self._return_path,
            self._queue,
            leave=self._leave,
            evidence=self._evidence,
            in_flight=max(1, min(self._window >> self._drops, room)),
            cautiously=self._drops > 0,
            windows=self._windows and not self.astray,
            patience=Patience(SLOW_S, room) if may_wait else None,
        )

    def _heard(
        self, connection: Connection, talk: Dialogue, outcomes: Iterator[tuple[int, Outcome]]
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield what a talk yields, and do with its connection what it has come to."""
        waits = False
        try:
            yield from outcomes
        except Slow:
            talk.set_aside()
            waits = True
        except Lost as lost:
            yield from talk.settle(lost)
            self.astray = self.astray or lost.astray
            self._drops += not lost.closing
        finally:
            if waits:
                self._aside.append((connection, talk))
            elif talk.settled:
                self._pool.keep(connection)
            else:
                connection.close()
