"""Whose fault it is: judged from what one batch has shown so far. Pure; one per `send`.

A relay says the same words when it is broken and when it cannot bear one person. What tells the two apart is
whether others pass: as long as nobody does, what could be about us is held back.

lost connections  Whoever was first in line is a suspect and comes last, alone. If a fresh connection breaks
                  over the same one again and others pass, it is that delivery's: deferred, counted as a try.
refusals          What is said about us of somebody, while others are accepted, is that delivery's too. When
                  nobody is accepted, and it is about us or they are all refused alike, it is the route's.

A route that is found guilty here fails nobody. Whoever testified rests longer than it, so that the next look
begins with others, here or in another process.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from alerts.channels.contract import REPAIR_S
from alerts.channels.email.replies import Phase
from alerts.model import Deferred, Failed, Outcome, Recipient, RouteDown, Sent

#: Connections in a row that break, each over somebody else, before no further one is opened for now.
LOSSES_MAX = 8

#: … before it is the route, if nobody at all was answered.
LOST_MIN = 3

#: People refused for what is about us before nobody else is tried for now: a full window.
REFUSED_MAX = 16

#: People who must be refused alike, and nobody accepted, before words that are not understood are about us.
ALIKE_MIN = 3

#: Seconds a route may rest for what somebody testified, and how much longer they are left out.
BACKOFF_S, LONGER_S = 30.0, 5.0

_OF_ONE = re.compile(r"<[^>]*>|\S*@\S*|\d+")
_ADDRESS = re.compile(r"<[^<>]*@[^<>]*>|[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")

Verdict = tuple[int, Outcome]
Lost = tuple[Recipient, str]


class Evidence:
    """What the batch has shown. `down`: stop, the route is to blame, though others may yet pass."""

    def __init__(self, people: Sequence[Recipient], known: Collection[str]) -> None:
        """Begin with a batch, and the addresses over which connections broke in earlier ones."""
        self.wary = bool(known) or any(recipient.unsure for recipient in people)  #: some must be alone
        self.culprits: set[str] = set()  #: addresses over which one surely broke in this batch
        self._known = known
        self.accepted = False  #: somebody was
        self.down: RouteDown | None = None
        self._answered = False  #: somebody got a verdict of their own
        self._suspects: dict[int, Lost] = {}  # a connection broke over them once
        self._broke: dict[int, Lost] = {}  # … and again, alone on a fresh one
        self._refused: list[tuple[Recipient, Failed | RouteDown]] = []
        self._in_a_row = 0
        self._last_words = ""

    def alone(self, recipient: Recipient) -> bool:
        """Whether nobody else's message may be under way with theirs."""
        return recipient.unsure or recipient.sid in self._suspects or recipient.address in self._known

    def hear(self, recipient: Recipient, phase: Phase, outcome: Outcome) -> Iterable[Verdict]:
        """Take somebody's verdict. What is certain by now."""
        self._in_a_row = 0
        if self._suspects:
            self._suspects.pop(recipient.sid, None)
        if self.accepted and not self._broke and isinstance(outcome, Sent):  # nearly always
            return ((recipient.sid, outcome),)
        return self._weigh(recipient, phase, outcome)

    def _weigh(self, recipient: Recipient, phase: Phase, outcome: Outcome) -> Iterator[Verdict]:
        if isinstance(outcome, Deferred) and phase is Phase.MAIL:
            outcome = RouteDown(outcome.why)  # nobody was named yet
        if isinstance(outcome, RouteDown) or (isinstance(outcome, Failed) and not outcome.suppress):
            self._refused.append((recipient, outcome))
            about_us = self._about_us()
            if not self.accepted and len(about_us) >= REFUSED_MAX:
                self._blame(about_us[0])
        else:
            self.accepted = self.accepted or isinstance(outcome, Sent)
            self._answered = True
            yield recipient.sid, outcome
        if self._answered:
            yield from self._broken()
        if self.accepted:
            yield from self._refusals()

    def lose(
        self, people: Sequence[Recipient], doubtful: Sequence[Recipient], why: str, *, fresh: bool
    ) -> list[Recipient]:
        """Note that a connection broke over one of these. Those who are to be tried again in this batch.

        `doubtful`: their messages had been handed over, so it may be one of them. `fresh`: there was nobody
        else on it, nor had there been.
        """
        if not all(self.alone(r) or r.attempt > 1 for r in (*people, *doubtful)):
            self._in_a_row += 1
            self._last_words = why
            if self._in_a_row >= LOSSES_MAX:
                self._blame(RouteDown(why))
        self.wary = True
        if fresh:
            self.culprits |= {recipient.address for recipient in (*people, *doubtful)}
        again = []
        for recipient in people:
            if fresh and recipient.sid in self._suspects:
                del self._suspects[recipient.sid]
                self._broke[recipient.sid] = recipient, why
            else:
                self._suspects[recipient.sid] = recipient, why
                again.append(recipient)
        return again

    def verdicts(self, *, out_of_time: bool) -> Iterator[Verdict]:
        """Yield what was held back, now that nothing more will be heard; sets `down` where it must."""
        if self._answered:
            yield from self._broken()
        if not self._answered and self._in_a_row >= (1 if out_of_time else LOST_MIN):
            self._blame(RouteDown(self._last_words))
        if not self.accepted and (self._about_us() or self._alike()):
            self._blame((self._about_us() or [RouteDown(self._refused[0][1].why, REPAIR_S)])[0])
        if self.down is None:
            yield from ((sid, _untold(*lost)) for sid, lost in self._broke.items())
            yield from self._refusals()
            return
        for sid, (_, why) in (*self._broke.items(), *self._suspects.items()):
            yield sid, _suspended(why, self.down.after_s)
        for recipient, outcome in self._refused:
            yield recipient.sid, _suspended(outcome.why, self.down.after_s)

    def _blame(self, fault: RouteDown) -> None:
        if self.down is None:
            self.down = RouteDown(_ADDRESS.sub("<…>", fault.why), fault.after_s, inferred=True)

    def _broken(self) -> Iterator[Verdict]:
        """Others pass: whoever breaks connections has had a try."""
        broke, self._broke = self._broke, {}
        yield from ((sid, Deferred(why)) for sid, (_, why) in broke.items())

    def _refusals(self) -> Iterator[Verdict]:
        refused, self._refused = self._refused, []
        for recipient, outcome in refused:
            yield recipient.sid, Deferred(outcome.why) if isinstance(outcome, RouteDown) else outcome

    def _about_us(self) -> list[RouteDown]:
        return [outcome for outcome in self._first_tries() if isinstance(outcome, RouteDown)]

    def _alike(self) -> bool:
        """Whether enough were refused in the same words that it cannot be about each of them."""
        words = [_OF_ONE.sub("", outcome.why).lower() for outcome in self._first_tries()]
        return len(words) >= ALIKE_MIN and len(set(words)) == 1

    def _first_tries(self) -> list[Failed | RouteDown]:
        """The refusals that say something of the route: whoever had a try was refused while others passed."""
        return [outcome for recipient, outcome in self._refused if recipient.attempt == 1]


def _untold(recipient: Recipient, why: str) -> Deferred:
    """Of somebody alone in a batch nothing new is known: who had a try before has had another."""
    return _suspended(why, None) if recipient.attempt == 1 else Deferred(why)


def _suspended(why: str, backoff_s: float | None) -> Deferred:
    """Not counted as a try: nobody passed, so nobody knows whose fault it was."""
    return Deferred(why, (backoff_s or BACKOFF_S) + LONGER_S, blameless=True)
