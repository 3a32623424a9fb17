"""One talk on one connection: many transactions, written as fast as the server takes them.

With CHUNKING a window of whole messages is under way (RFC 3030); with PIPELINING a body shares its write
with the next envelope (RFC 2920): one round trip a message; with neither, one command at a time.
"""

from collections import deque
from collections.abc import Iterator

from alerts.channels.email.envelope import dotted
from alerts.channels.email.evidence import Evidence
from alerts.channels.email.hearing import Hearing, Patience
from alerts.channels.email.permits import Leave
from alerts.channels.email.replies import Phase, Reply
from alerts.channels.email.return_path import ReturnPath
from alerts.channels.email.route import Connection
from alerts.channels.email.transaction import Transaction, compose
from alerts.errors import BadInput
from alerts.model import Failed, Message, Outcome, Recipient

#: Octets gathered before a write: one system call for several messages, and not much copied.
GATHER = 64 * 1024


class Dialogue(Hearing):
    """The messages of one batch on one connection. What `run` raises, and what follows, `Hearing` says."""

    def __init__(
        self,
        connection: Connection,
        message: Message,
        return_path: ReturnPath,
        queue: deque[Recipient],
        *,
        leave: Leave,
        evidence: Evidence,
        in_flight: int,
        cautiously: bool,
        windows: bool,
        patience: Patience | None,
    ) -> None:
        super().__init__(
            connection,
            queue,
            evidence=evidence,
            in_flight=in_flight,
            cautiously=cautiously,
            windows=windows,
            patience=patience,
        )
        self._return_path = return_path
        self._leave = leave
        self._whole, self._dotted = message, dotted(message)

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Send while there is leave, yielding each outcome as soon as it is certain."""
        if not self._chunked:
            yield from self._in_turn()
        if self._chunked:
            yield from self._windowed()

    def _windowed(self) -> Iterator[tuple[int, Outcome]]:
        while True:
            writes = self._window()
            yield from self._outcomes()
            self._wire.write(b"".join(writes))
            if not self._open:
                return
            reply: Reply | None = self._reply()
            while reply is not None:
                self._hear(reply)
                reply = self._wire.heard() if self._open else None
            yield from self._outcomes()

    def _window(self) -> list[bytes]:
        """Whole messages, as many as the window and one write have room for."""
        writes: list[bytes] = []
        end = start = self._wire.written
        while len(self._open) < self._window_most and end - start < GATHER:
            transaction = self._begin()
            if transaction is None:
                break
            whole = (*transaction.commands, b"BDAT %d LAST\r\n" % len(transaction.body), transaction.body)
            end += sum(map(len, whole))
            transaction.end = end
            end += len(b"RSET\r\n")
            writes += (*whole, b"RSET\r\n")
        return writes

    def _in_turn(self) -> Iterator[tuple[int, Outcome]]:
        ready: Transaction | None = None  # its body is what the server waits for
        while True:
            if self._chunked and ready:  # the 354 that it waited for was the last to be learned from
                yield from self._last(ready)
                self._window_most = 1  # whether BDAT is answered in the same words is seen by one
                return
            following = self._begin()
            yield from self._outcomes()
            if ready is None and following is None:
                if not self._open:
                    return
                yield from self._synchronised()
                continue
            ahead = following.commands if following and self._connection.pipelining else []
            if ready is None:
                self._say(b"".join(ahead))
            elif following is None:
                yield from self._last(ready)
            else:
                self._hand_over(ready, ahead)
                self._hear(self._reply())
            ready = self._proposed(following) if following else None

    def _last(self, ready: Transaction) -> Iterator[tuple[int, Outcome]]:
        """Hand over a message that no other follows."""
        if self._connection.pipelining:
            ready.phases = (*ready.phases, Phase.RSET)
            self._hand_over(ready, [b"RSET\r\n"])
            self._hear(self._reply())
            self._hear_last()
            yield from self._outcomes()
        else:
            self._hand_over(ready, [])
            self._hear(self._reply())
            yield from self._synchronised()

    def _hand_over(self, ready: Transaction, ahead: list[bytes]) -> None:
        ready.end = self._wire.written + len(ready.body)
        self._say(b"".join([ready.body, *ahead]))

    def _proposed(self, transaction: Transaction) -> Transaction | None:
        """Hear the replies up to DATA's. None when there is no body to send."""
        for command in transaction.commands:
            if not self._connection.pipelining:
                self._say(command)
            self._hear(self._reply())
            if transaction.heard == len(transaction.phases):
                return None
        if transaction.verdict:  # DATA may be taken all the same: an empty message ends it (RFC 2920 §3.1)
            transaction.body = b".\r\n"
        return transaction

    def _begin(self) -> Transaction | None:
        """Open the next transaction, if there is anyone, and leave; the unfit are known at once."""
        while self._queue and self._evidence.down is None:
            recipient = self._queue[0]
            if self._open and self._evidence.wary:
                alone = self._evidence.alone
                if alone(recipient) or alone(self._open[-1].recipient):
                    return None
            if not self._leave.take(len(self._queue)):
                return None
            self._queue.popleft()
            try:
                transaction = self._transaction(recipient)
            except BadInput as unfit:
                self._known.append((recipient.sid, Failed(unfit.sentence)))
            else:
                self._open.append(transaction)
                return transaction
        return None

    def _transaction(self, recipient: Recipient) -> Transaction:
        return compose(
            recipient,
            self._return_path(recipient),
            (self._whole if self._chunked else self._dotted).fill(recipient.blanks),
            chunked=self._chunked,
            reset=self._connection.unfinished or self._learning,
            smtputf8=self._connection.smtputf8,
        )
