"""What is under way on one connection, and what is heard of it: each reply goes to whom it is about.

Replies carry no name, so any that nobody asked for would give each its neighbour's. A verdict is therefore
believed only when what follows is in step: the RSET after it is answered, or the next DATA with a 354. In a
window nothing is answered like that, so there replies must be told apart by their words: a connection speaks
in turn until it has learned them, and goes on in turn where they are alike (ADR 27).
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from alerts.channels.email.evidence import Evidence
from alerts.channels.email.replies import Phase, Reply, classify, plain
from alerts.channels.email.route import Connection
from alerts.channels.email.transaction import Transaction
from alerts.channels.email.wire import Lost
from alerts.model import Outcome, Recipient, Unsure

#: Seconds before a message that may have been accepted is sent again (RFC 1047: likely it was).
IN_DOUBT_S = 60.0

IN_DOUBT = "connection lost after the message was handed over; sent again with the same Message-ID"

#: A yes to these says nothing but: go on.
_ENVELOPE = (Phase.MAIL, Phase.RCPT)


class Patience(NamedTuple):
    """How long an answer may take while others wait in the queue."""

    seconds: float
    room: int  #: for how many under way: where there are more, nobody could go elsewhere


class Hearing:
    """The transactions that are open on a connection. `queue` holds whoever has not been begun.

    Hearing raises Lost when the connection breaks; `settle` then tells whose message is in doubt and puts the
    others back into the queue. It raises Slow when its `patience` is over: others go elsewhere once it is
    `set_aside`, and `finish` hears it out. `in_flight` may be under way at most, and at first `cautiously`
    one; without `windows` they are sent in turn, whatever the server offers.
    """

    def __init__(
        self,
        connection: Connection,
        queue: deque[Recipient],
        *,
        evidence: Evidence,
        in_flight: int,
        cautiously: bool,
        windows: bool,
        patience: Patience | None,
    ) -> None:
        self._connection = connection
        self._wire = connection.wire
        self._queue = queue
        self._evidence = evidence
        self._patience = patience
        self._most = in_flight
        self._window_most = 1 if cautiously else in_flight
        kinds, able = connection.reply_kinds, windows and connection.chunking and connection.pipelining
        self._kinds = kinds
        self._learning = able and not kinds.learned
        self._chunked = able and kinds.distinct
        self._attentive = able  #: the words of a yes are learned from, or tell commands apart
        self._open: deque[Transaction] = deque()
        self._known: deque[tuple[int, Outcome]] = deque()
        self._lost = False
        self._answered = 0  #: verdicts the server gave

    @property
    def under_way(self) -> int:
        """How many have been begun here and not concluded."""
        return len(self._open)

    @property
    def settled(self) -> bool:
        """Whether the connection can be used for another batch."""
        return not (self._open or self._lost or self._evidence.down)

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
        fresh = self._answered == 0 and len(self._open) == 1
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

    def _handed_over(self, transaction: Transaction) -> bool:
        return transaction.end <= self._wire.written

    def _reply(self) -> Reply:
        """Wait for a reply: patiently, unless others wait who could go elsewhere."""
        reply = self._wire.heard()
        if reply is not None:  # nearly always: one packet answers all that was asked at once
            return reply
        patience = self._patience
        if patience is None or not self._queue or len(self._open) >= patience.room:
            return self._wire.reply()
        return self._wire.reply(patience.seconds)

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

    def _say(self, data: bytes) -> None:
        """Write, once all that was asked is answered."""
        self._wire.must_be_idle()
        self._wire.write(data)

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
        self._answered += 1
        if self._window_most < self._most:
            self._window_most = min(self._most, 2 * self._window_most)
        self._known.extend(self._evidence.hear(transaction.recipient, *transaction.verdict))

    def _outcomes(self) -> Iterator[tuple[int, Outcome]]:
        while self._known:
            yield self._known.popleft()
