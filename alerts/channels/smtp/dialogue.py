"""One talk on one connection: many transactions, each reply given to the person it is about.

With CHUNKING a window of whole messages is under way (RFC 3030); with PIPELINING a body shares its write
with the next envelope (RFC 2920): one round trip a message; with neither, one command at a time.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.channels.smtp.envelope import dotted, wire_address
from alerts.channels.smtp.leave import Leave
from alerts.channels.smtp.replies import Phase, Reply, classify, plain
from alerts.channels.smtp.route import Connection
from alerts.channels.smtp.wire import Lost
from alerts.errors import BadInput
from alerts.model import Failed, Message, Outcome, Recipient, RouteDown, Unsure

#: Octets gathered before a write: one system call for several messages, and not much copied.
GATHER = 64 * 1024

#: Seconds before a message that may have been accepted is sent again (RFC 1047: likely it was).
IN_DOUBT_S = 60.0

IN_DOUBT = "connection lost after the message was handed over; sent again with the same Message-ID"

_CHUNKED: Sequence[Phase] = (Phase.MAIL, Phase.RCPT, Phase.DOT)
_IN_TURN = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)

_NEVER = 1 << 62


@dataclass(slots=True)
class Transaction:
    """One message to one person. It is handed over once `end` octets of the wire are written."""

    recipient: Recipient
    commands: list[bytes]
    phases: Sequence[Phase]  #: one for each reply
    body: bytes
    heard: int = 0  #: so many of its replies
    end: int = _NEVER
    refusal: Outcome | None = None


class Dialogue:
    """The messages of one batch on one connection. `queue` holds whoever has not been begun.

    `run` raises Lost when the connection breaks; `settle` then tells whose message is in doubt and puts
    the others back into the queue.
    """

    def __init__(
        self,
        connection: Connection,
        message: Message,
        mail_from: bytes,
        queue: deque[Recipient],
        *,
        leave: Leave,
        in_flight: int,
    ) -> None:
        self._connection = connection
        self._wire = connection.wire
        self._mail = b"MAIL FROM:<" + mail_from + b">\r\n"
        self._queue = queue
        self._leave = leave
        self._in_flight = in_flight
        self._chunked = connection.chunking and connection.pipelining
        self._message = message if self._chunked else dotted(message)
        self._open: deque[Transaction] = deque()
        self._known: deque[tuple[int, Outcome]] = deque()
        self._lost = False
        self.answered = 0  #: outcomes the server gave
        self.down: tuple[int, RouteDown] | None = None  #: the last thing to be yielded

    @property
    def settled(self) -> bool:
        """Whether the connection can be used for another batch."""
        return not (self._open or self._lost or self.down)

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Send while there is leave, yielding each outcome as soon as it is heard."""
        return self._windowed() if self._chunked else self._in_turn()

    def settle(self, lost: Lost) -> Iterator[tuple[int, Outcome]]:
        """Yield what is known after a loss, and queue again whose message was not handed over.

        Of those the first goes last: if it is what breaks connections, the others still get theirs.
        """
        self._lost = True
        try:
            while self._open and (reply := self._wire.heard()) is not None:
                self._hear(reply)
        except Lost as last_words:
            if last_words.closing:
                lost.why, lost.closing = last_words.why, True
        again = []
        for transaction in self._open:
            if transaction.refusal is not None:
                self._conclude(transaction.recipient, transaction.refusal)
            elif transaction.end <= self._wire.written and not lost.closing:
                self._known.append((transaction.recipient.sid, Unsure(IN_DOUBT, IN_DOUBT_S)))
            else:
                again.append(transaction.recipient)
        self._open.clear()
        self._queue.extendleft(reversed(again[1:]))
        self._queue.extend(again[:1])
        yield from self._outcomes()

    def _windowed(self) -> Iterator[tuple[int, Outcome]]:
        while True:
            writes = self._window()
            yield from self._outcomes()
            self._wire.write(b"".join(writes))
            if not self._open:
                return
            reply: Reply | None = self._wire.reply()
            while reply is not None:
                self._hear(reply)
                reply = self._wire.heard() if self._open else None
            yield from self._outcomes()

    def _window(self) -> list[bytes]:
        """Whole messages, as many as the window and one write have room for."""
        writes: list[bytes] = []
        end = start = self._wire.written
        while len(self._open) < self._in_flight and end - start < GATHER:
            transaction = self._begin()
            if transaction is None:
                break
            whole = (*transaction.commands, b"BDAT %d LAST\r\n" % len(transaction.body), transaction.body)
            end += sum(map(len, whole))
            transaction.end = end
            writes += whole
        return writes

    def _in_turn(self) -> Iterator[tuple[int, Outcome]]:
        ready: Transaction | None = None  # its body is what the server waits for
        while True:
            following = self._begin()
            if ready is None and following is None:
                break
            ahead = following.commands if following and self._connection.pipelining else []
            if ready is not None:
                ready.end = self._wire.written + len(ready.body)
                self._wire.write(b"".join([ready.body, *ahead]))
                self._hear(self._wire.reply())
                yield from self._outcomes()
            else:
                self._wire.write(b"".join(ahead))
            ready = self._proposed(following) if following else None
        yield from self._outcomes()

    def _proposed(self, transaction: Transaction) -> Transaction | None:
        """Hear the replies up to DATA's. None when there is no body to send."""
        for command in transaction.commands:
            if not self._connection.pipelining:
                self._wire.write(command)
            self._hear(self._wire.reply())
            if transaction.heard == len(transaction.phases):
                return None
        if transaction.refusal:  # DATA may be taken all the same: an empty message ends it (RFC 2920 §3.1)
            transaction.body = b".\r\n"
        return transaction

    def _begin(self) -> Transaction | None:
        """Open the next transaction, if there is anyone, and leave; the unfit are known at once."""
        while self._queue and self.down is None and self._leave.take(len(self._queue)):
            recipient = self._queue.popleft()
            try:
                transaction = self._transaction(recipient)
            except BadInput as unfit:
                self._known.append((recipient.sid, Failed(unfit.sentence)))
            else:
                self._open.append(transaction)
                return transaction
        return None

    def _transaction(self, recipient: Recipient) -> Transaction:
        address = wire_address(recipient.address)
        mail = self._mail
        if not address.isascii():
            if not self._connection.smtputf8:
                raise BadInput(
                    "The relay cannot write to addresses outside ASCII (no SMTPUTF8).",
                    "Ask them for another address, or use a relay that can.",
                )
            mail = mail.replace(b"\r\n", b" SMTPUTF8\r\n")
        commands, phases = [mail, b"RCPT TO:<" + address + b">\r\n"], _CHUNKED
        if not self._chunked:
            commands.append(b"DATA\r\n")
            phases = _IN_TURN
        # A refused BDAT leaves its transaction open (RFC 3030 §2), and whether one under way will be refused
        # is not known yet: without RSET this person's message could go to the one before as well.
        if self._connection.unfinished or (self._chunked and self._open):
            commands.insert(0, b"RSET\r\n")
            phases = (Phase.RSET, *phases)
        return Transaction(recipient, commands, phases, self._message.fill(recipient.blanks))

    def _hear(self, reply: Reply) -> None:
        """Give a reply to the phase it answers, and conclude the transaction with its last one."""
        if reply.code == 421:
            raise Lost(plain(f"421 {reply.words}"), closing=True)
        transaction = self._open[0]
        phase = transaction.phases[transaction.heard]
        transaction.heard += 1
        refused = reply.code >= 400
        if not refused and (reply.code >= 300) != (phase is Phase.DATA):
            raise Lost(plain(f"the server is out of step: {reply.code} {reply.words}"))
        if refused and phase is not Phase.RSET:
            transaction.refusal = transaction.refusal or classify(phase, reply.code, reply.words)
            if phase is Phase.DATA or not self._connection.pipelining:
                transaction.heard = len(transaction.phases)  # nothing more was, or will be, said of it
        if transaction.heard == len(transaction.phases):
            self._open.popleft()
            self._connection.unfinished = transaction.refusal is not None
            self._conclude(
                transaction.recipient, transaction.refusal or classify(phase, reply.code, reply.words)
            )

    def _conclude(self, recipient: Recipient, outcome: Outcome) -> None:
        self.answered += 1
        if not isinstance(outcome, RouteDown):
            self._known.append((recipient.sid, outcome))
        elif self.down is None:  # said once, and last: whoever follows was not tried either
            self.down = (recipient.sid, outcome)

    def _outcomes(self) -> Iterator[tuple[int, Outcome]]:
        while self._known:
            yield self._known.popleft()
