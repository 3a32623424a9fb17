"""One batch on its way: the loop from whose turn it is to what came of each try."""

from collections.abc import Mapping
from functools import cache, lru_cache

from alerts.errors import NotFound
from alerts.model import Recipient
from alerts.services import Services
from alerts.store import Claim, Delivery, LedgerLine
from alerts.walk import outgoing, poison
from alerts.walk.blanks import Blanks
from alerts.walk.doubts import in_doubt
from alerts.walk.earlier_posts import EarlierPosts
from alerts.walk.eligibility import sift
from alerts.walk.outcome_buffer import OutcomeBuffer
from alerts.walk.outcomes import Outcomes

#: Digests whose message a process keeps at hand.
AT_HAND = 16


class BatchSender:
    """Where batches are worked on. One per process; what it keeps at hand never changes."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._outgoing = lru_cache(maxsize=AT_HAND)(self._load)
        self._blanks = Blanks(services, self._outgoing)
        self._folded = cache(services.installation.fold)

    def deliver(self, claim: Claim) -> float:
        """Send what a claimed batch owes and record it. Seconds its route must back off; 0 while it works."""
        self._folded()
        services, rendered = self.services, self._outgoing(claim.digest)
        channel = rendered.digest.channel
        buffer = OutcomeBuffer(services, claim)
        attempts = poison.taken_now(claim, services.jitter)
        recipients = self._recipients(claim, rendered, attempts, buffer)
        addresses = {recipient.sid: recipient.address for recipient in recipients}
        outcomes = Outcomes(services, rendered, claim, attempts, addresses)
        try:
            for sid, outcome in services.senders[channel].send(rendered.message, recipients, buffer.closed):
                line = outcomes.understand(sid, outcome)
                if line is not None:
                    buffer.write(line)
        finally:
            buffer.flush()
        if outcomes.accepted or (outcomes.answered and not outcomes.backoff_s):
            services.breakers.close(channel, accepted=outcomes.accepted)
        return outcomes.backoff_s

    def _recipients(
        self, claim: Claim, rendered: outgoing.Outgoing, attempts: Mapping[int, int], buffer: OutcomeBuffer
    ) -> list[Recipient]:
        """Those whose turn it is and who still want it; how it ends for the others is written down."""
        services, links = self.services, self.services.links
        doubts = in_doubt(services, claim)
        closed = services.senders[rendered.digest.channel].in_flight == 0  # then nothing is filled in
        earlier = EarlierPosts(services, rendered.digest, claim, rendered.expires_in_s(claim.now_ms))
        found = []
        for person, reason in sift(services, rendered, claim, attempts):
            sid = person.sid
            if reason is not None:
                ended = Delivery(reason.state, attempts[sid] - 1, claim.offset_s)
                buffer.write(LedgerLine(sid, ended, reason.why))
            elif sid not in doubts and (line := earlier.wait_for(person, attempts[sid])):
                buffer.write(line)
            else:
                blanks = {} if closed else self._blanks.values(claim.digest, person, links, claim.now_ms)
                unsure, reached = sid in doubts, doubts.get(sid, "")
                found.append(
                    Recipient(sid, person.address, blanks, attempts[sid], unsure, claim.frozen_ms, reached)
                )
        return found

    def is_rendered(self, digest: str) -> bool:
        """Whether there is a message to send. False: it cannot be rendered, or has yet to be once more."""
        try:
            self._outgoing(digest)
        except NotFound:
            return False
        return True

    def _load(self, digest: str) -> outgoing.Outgoing:
        return outgoing.load(self.services, digest)
