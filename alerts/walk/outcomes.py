"""What one outcome means: a line of the ledger, what is known of the route, and what follows beside."""

import math
from collections.abc import Mapping

from alerts.channels import CHANNELS, taker
from alerts.model import Deferred, Failed, Outcome, RouteDown, Sent, State, Unsure
from alerts.rules import retries
from alerts.services import Services
from alerts.store import Claim, Delivery, LedgerLine
from alerts.walk import consequences
from alerts.walk.outgoing import Outgoing

#: Seconds that a batch backs off longer than its route, if it is what the fault was inferred from: the next
#: look begins with others.
AFTER_OTHERS_S = 2.0


class Outcomes:
    """Understands the outcomes of one claimed batch, in the order in which they come.

    `attempts`: the how-manieth try it is for each person; `addresses`: where it goes, by the same number.
    """

    def __init__(
        self,
        services: Services,
        outgoing: Outgoing,
        claim: Claim,
        attempts: Mapping[int, int],
        addresses: Mapping[int, str],
    ) -> None:
        self._services = services
        self._outgoing = outgoing
        self._claim = claim
        self._attempts = attempts
        self._addresses = addresses
        self._channel, self._age_s = CHANNELS[outgoing.digest.channel], claim.offset_s
        #: Seconds for which the route must back off; 0 while it works.
        self.backoff_s = 0.0
        #: The provider took one, or said of one what becomes of it.
        self.accepted = self.answered = False

    def understand(self, sid: int, outcome: Outcome) -> LedgerLine | None:
        """What the ledger says of one try, once all else that follows is done; None if nothing was tried."""
        services, digest = self._services, self._outgoing.digest
        # The provider was asked before anything else: had the message been there, it would be sent.
        asked = self._channel.asks_after_doubt
        match outcome:
            case Sent():
                self.accepted = self.answered = True
                words = outcome.receipt if self._channel.keeps_receipts else ""
                consequences.accepted(services, digest, sid, outcome)
                sent = Delivery(State.SENT, self._attempts[sid], self._age_s)
                return LedgerLine(sid, sent, words, taker=taker(self._channel.name, self._addresses[sid]))
            case Failed():
                self.answered = True
                consequences.refused(services, digest, sid, self._addresses[sid], outcome)
                failed = Delivery(State.FAILED, self._attempts[sid], self._age_s)
                return LedgerLine(sid, failed, outcome.why, asked)
            case Deferred():
                return self._to_try_again(sid, outcome, State.DEFERRED, asked)
            case Unsure():
                line = self._to_try_again(sid, outcome, State.UNKNOWN, asked=False)
                consequences.left_in_doubt(services, digest, outcome, line)
                return line
            case RouteDown():
                self.backoff_s = self._backoff(outcome)
                return None

    def _to_try_again(self, sid: int, outcome: Deferred | Unsure, state: State, asked: bool) -> LedgerLine:
        """When somebody is tried again, in this state until then; or that they are given up."""
        attempt, age_s = self._attempts[sid], self._age_s
        following = retries.after(
            outcome,
            attempt,
            age_s,
            urgent=self._outgoing.digest.urgent,
            expires_in_s=self._outgoing.expires_in_s(self._claim.now_ms),
            jitter=self._services.jitter.random(),
        )
        if isinstance(following, retries.Wait):
            tries = attempt - 1 if retries.untried(outcome) else attempt
            waiting = Delivery(state, tries, age_s + math.ceil(following.seconds))
            return LedgerLine(sid, waiting, outcome.why, asked)
        if following.state is State.FAILED:
            ended = Delivery(State.FAILED, attempt, age_s, doubt=state.in_doubt)
        else:
            ended = Delivery(State.UNCONFIRMED if state.in_doubt else following.state, attempt, age_s)
        return LedgerLine(sid, ended, following.why, asked)

    def _backoff(self, down: RouteDown) -> float:
        """The seconds a route backs off: what its pace asks for, or what its breaker has come to."""
        if down.paced:
            return down.after_s or 1.0
        channel = self._outgoing.digest.channel
        backoff_s = self._services.breakers.trip(channel, down.why, down.after_s, inferred=down.inferred)
        return backoff_s + AFTER_OTHERS_S if down.inferred else backoff_s
