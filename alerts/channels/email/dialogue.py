"""One talk on one connection: many transactions, each reply given to the person it is about.

With CHUNKING a window of whole messages is under way (RFC 3030); with PIPELINING a body shares its write
with the next envelope (RFC 2920): one round trip a message; with neither, one command at a time.

Replies carry no name, so any that nobody asked for would give each its neighbour's. A verdict is therefore
believed only when what follows is in step: the RSET after it is answered, or the next DATA with a 354. In a
window nothing is answered like that, so there replies must be told apart by their words: a connection speaks
in turn until it has learned them, and goes on in turn where they are alike (ADR 27).
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from alerts.channels.email.envelope import dotted
from alerts.channels.email.evidence import Evidence
from alerts.channels.email.permits import Leave
from alerts.channels.email.replies import Phase, Reply, classify, plain
from alerts.channels.email.return_path import ReturnPath
from alerts.channels.email.route import Connection
from alerts.channels.email.transaction import Transaction, compose
from alerts.channels.email.wire import Lost
from alerts.errors import BadInput
from alerts.model import Failed, Message, Outcome, Recipient, Unsure

#: Octets gathered before a write: one system call for several messages, and not much copied.
GATHER = 64 * 1024

#: Seconds before a message that may have been accepted is sent again (RFC 1047: likely it was).
IN_DOUBT_S = 60.0

IN_DOUBT = "connection lost after the message was handed over; sent again with the same Message-ID"


#: A yes to these says nothing but: go on.
_ENVELOPE = (Phase.MAIL, Phase.RCPT)


class Patience(NamedTuple):
    """How long an answer may take while others wait in the queue."""

    seconds: float
    room: int  #: for how many under way: where there are more, nobody could go elsewhere


class Dialogue:
    """The messages of one batch on one connection. `queue` holds whoever has not been begun.

    `run` raises Lost when the connection breaks; `settle` then tells whose message is in doubt and puts
    the others back into the queue. It raises Slow when its `patience` is over: others go elsewhere once it is
    `set_aside`, and `finish` hears it out. `in_flight` are under way at most, and at first `cautiously`
    one; without `windows` they are sent in turn, whatever the server offers.
    """

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
        cautiously: bool = False,
        windows: bool = True,
        patience: Patience | None = None,
    ) -> None:
        self._connection = connection
        self._wire = connection.wire
        self._return_path = return_path
        self._queue = queue
        self._leave = leave
        self._evidence = evidence
        self._patience = patience
        self._most = in_flight
        self._window_most = 1 if cautiously else in_flight
        kinds, able = connection.reply_kinds, windows and connection.chunking and connection.pipelining
        self._kinds = kinds
        self._learning = able and not kinds.learned
        self._chunked = able and kinds.distinct
        self._attentive = able  #: the words of a yes are learned from, or tell commands apart
        self._whole = message
        self._message = message if self._chunked else dotted(message)
        self._open: deque[Transaction] = deque()
        self._known: deque[tuple[int, Outcome]] = deque()
        self._lost = False
        self.answered = 0  #: verdicts the server gave

    @property
    def under_way(self) -> int:
        """How many have been begun here and not concluded."""
        return len(self._open)

    @property
    def settled(self) -> bool:
        """Whether the connection can be used for another batch."""
        return not (self._open or self._lost or self._evidence.down)

    def run(self) -> Iterator[tuple[int, Outcome]]:
        """Send while there is leave, yielding each outcome as soon as it is certain."""
        if not self._chunked:
            yield from self._in_turn()
        if self._chunked:
            yield from self._windowed()

    def set_aside(self) -> None:
        """Leave it waiting for an answer. Whoever was announced behind that goes elsewhere, as if not begun.

        Nothing more is handed over here: of whoever was not, only what was asked already is answered.
        """
        self._wire.hasten()
        due = next((t for t in self._open if t.heard < len(t.phases)), None)
        behind = [t for t in self._open if t is not due and not self._handed_over(t) and t.verdict is None]
        for transaction in behind:
            transaction.moved = True
        self._queue.extendleft(transaction.recipient for transaction in reversed(behind))
        for transaction in self._open:
            if not self._handed_over(transaction):
                announced = len(transaction.commands) if self._connection.pipelining else 0
                asked = max(announced, transaction.heard + (transaction is due))
                transaction.phases = transaction.phases[:asked]

    def finish(self) -> Iterator[tuple[int, Outcome]]:
        """Hear out what was set aside. Raises Lost.

        Whose message was not handed over before goes back into the queue.
        """
        self._patience, self._lost = None, True  # it may end in the middle of what somebody was asked
        while any(t.heard < len(t.phases) for t in self._open):
            self._hear(self._wire.reply())
        if self._open:
            yield from self._synchronised()
        yield from self._outcomes()

    def settle(self, lost: Lost) -> Iterator[tuple[int, Outcome]]:
        """Yield what is known after a loss, and queue again whose message was not handed over.

        A 421 stands where the answer to the first of those was due; after a mere drop it may be any of them.
        Those go last, and alone; the others as if nothing had been.
        """
        self._lost = True
        try:
            while not lost.astray and self._open and (reply := self._wire.heard()) is not None:
                self._hear(reply)
        except Lost as last_words:
            lost.why, lost.closing, lost.astray = last_words.why, last_words.closing, last_words.astray
        fresh = self.answered == 0 and len(self._open) == 1
        here = [t for t in self._open if not t.moved]
        due = next((t for t in here if t.verdict is None), None)
        innocent, doubtful, lost_over = [], [], []
        for transaction in here:
            if transaction.chunked and transaction.accepted:  # or so it reads: the RSET would have shown it
                doubtful.append(transaction.recipient)
            elif transaction.verdict is not None and not lost.astray:
                self._conclude(transaction)
            elif self._handed_over(transaction) and not lost.closing:
                doubtful.append(transaction.recipient)
            elif lost.closing and transaction is not due:
                innocent.append(transaction.recipient)
            else:
                lost_over.append(transaction.recipient)
        self._open.clear()
        self._known.extend((recipient.sid, Unsure(IN_DOUBT, IN_DOUBT_S)) for recipient in doubtful)
        self._queue.extend(self._evidence.lose(lost_over, doubtful, lost.why, fresh=fresh))
        self._queue.extendleft(reversed(innocent))
        yield from self._outcomes()

    def _handed_over(self, transaction: Transaction) -> bool:
        return transaction.end <= self._wire.written

    def _reply(self) -> Reply:
        """Wait for a reply: patiently, unless others wait who could go elsewhere."""
        patience = self._patience
        if patience is None or not self._queue or len(self._open) >= patience.room:
            return self._wire.reply()
        return self._wire.reply(patience.seconds)

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

    def _synchronised(self) -> Iterator[tuple[int, Outcome]]:
        """Ask for an answer that shows whether we are in step, where nothing else follows that would."""
        self._open[-1].phases = (*self._open[-1].phases, Phase.RSET)
        self._say(b"RSET\r\n")
        self._hear_last()
        yield from self._outcomes()

    def _hear_last(self) -> None:
        """Hear the answer to the last command of all. It is believed only if nothing more was said."""
        reply = self._reply()
        self._wire.must_be_idle()
        self._hear(reply)

    def _hand_over(self, ready: Transaction, ahead: list[bytes]) -> None:
        ready.end = self._wire.written + len(ready.body)
        self._say(b"".join([ready.body, *ahead]))

    def _say(self, data: bytes) -> None:
        """Write, once all that was asked is answered."""
        self._wire.must_be_idle()
        self._wire.write(data)

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
            self._return_path(self._whole.digest, recipient.sid),
            self._message.fill(recipient.blanks),
            chunked=self._chunked,
            reset=self._connection.unfinished or self._learning,
            smtputf8=self._connection.smtputf8,
        )

    def _hear(self, reply: Reply) -> None:
        """Give a reply to the phase it answers."""
        if reply.code == 421:
            raise Lost(plain(f"421 {reply.words}"), closing=True)
        for transaction in self._open:  # nearly always the first
            if transaction.heard < len(transaction.phases):
                break
        else:
            raise Lost("the server is out of step: it said more than it was asked", astray=True)
        phase = transaction.phases[transaction.heard]
        if phase in _ENVELOPE and transaction.verdict is None and reply.code < 300 and not self._attentive:
            transaction.heard += 1  # nearly always
            return
        refused = reply.code >= 400
        if transaction.out_of_step(reply, self._kinds if self._chunked else None):
            raise Lost(plain(f"the server is out of step: {reply.code} {reply.words}"), astray=True)
        transaction.heard += 1
        if self._learning and not refused:
            self._learn(phase, reply)
        if refused or phase is Phase.DOT:
            if transaction.verdict is None:
                transaction.verdict = phase, classify(phase, reply.code, reply.words)
            self._connection.unfinished = refused
            if refused and (phase is Phase.DATA or not self._connection.pipelining):
                transaction.heard = len(transaction.phases)  # nothing more was, or will be, said of it
        elif phase is Phase.RSET:
            self._connection.unfinished = False
            self._confirm(acceptances=transaction.heard == len(transaction.phases))
        elif phase is Phase.DATA:
            self._confirm()

    def _learn(self, phase: Phase, reply: Reply) -> None:
        """Note how a yes is worded; once that is known, windows may begin."""
        self._kinds.note(phase, reply)
        if self._kinds.learned:
            self._learning, self._chunked = False, self._kinds.distinct
            self._message = self._whole if self._chunked else self._message

    def _confirm(self, *, acceptances: bool = True) -> None:
        """Conclude what has been answered: we are in step. An RSET before DATA shows it of refusals only."""
        while self._open and self._open[0].heard == len(self._open[0].phases):
            if not acceptances and self._open[0].accepted:
                return
            self._conclude(self._open.popleft())

    def _conclude(self, transaction: Transaction) -> None:
        if transaction.moved:
            return
        if transaction.verdict is None:  # set aside before it was handed over, and then answered
            self._queue.append(transaction.recipient)
            return
        self.answered += 1
        if self._window_most < self._most:
            self._window_most = min(self._most, 2 * self._window_most)
        self._known.extend(self._evidence.hear(transaction.recipient, *transaction.verdict))

    def _outcomes(self) -> Iterator[tuple[int, Outcome]]:
        while self._known:
            yield self._known.popleft()
