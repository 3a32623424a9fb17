"""One batch on its way: the loop from whose turn it is to what came of each try."""

import time
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from alerts.channels import Stop
from alerts.errors import NotFound
from alerts.model import Digest, DigestState, Outcome, Recipient, RouteDown
from alerts.services import Services
from alerts.store import Claim, Delivery, LedgerLine
from alerts.walk import outgoing, poison
from alerts.walk.blanks import Blanks
from alerts.walk.comparing import Comparisons
from alerts.walk.doubts import in_doubt
from alerts.walk.earlier_posts import EarlierPosts
from alerts.walk.eligibility import sift
from alerts.walk.outcome_buffer import OutcomeBuffer
from alerts.walk.outcomes import Outcomes

#: Digests whose message a process keeps at hand.
AT_HAND = 16
#: Seconds between two events about one digest, and how many of its updates one names.
ANNOUNCED_EVERY_S, UPDATES_NAMED = 1.0, 20


class BatchSender:
    """Where batches are worked on. One per process; what it keeps at hand never changes."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._outgoing = lru_cache(maxsize=AT_HAND)(self._load)
        self._blanks = Blanks(services, self._outgoing)
        self._comparisons = Comparisons(services)
        self._folded = cache(services.installation.fold)
        self._announced: dict[str, float] = {}  #: digests of late, and when

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
            for sid, outcome in self._sent(rendered, recipients, buffer.closed):
                line = outcomes.understand(sid, outcome)
                if line is not None:
                    buffer.write(line)
        finally:
            buffer.flush()
        if outcomes.accepted or (outcomes.answered and not outcomes.backoff_s):
            services.breakers.close(channel, accepted=outcomes.accepted)
        return outcomes.backoff_s

    def _sent(
        self, rendered: outgoing.Outgoing, recipients: list[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Send to each the message that is compared with what they have, until the route is closed."""
        sender, down = self.services.senders[rendered.digest.channel], False
        for message, people in self._comparisons.messages(rendered, recipients):
            if down:
                return
            for sid, outcome in sender.send(message, people, stop):
                down = down or isinstance(outcome, RouteDown)
                yield sid, outcome

    def _recipients(
        self, claim: Claim, rendered: outgoing.Outgoing, attempts: Mapping[int, int], buffer: OutcomeBuffer
    ) -> list[Recipient]:
        """Those whose turn it is and who still want it; how it ends for the others is written down."""
        services, links, batch = self.services, self.services.links, claim.work.batch.number
        doubts = in_doubt(services, claim)
        closed = services.senders[rendered.digest.channel].in_flight == 0  # then nothing is filled in
        earlier = EarlierPosts(services, rendered.digest, claim, rendered.expires_in_s(claim.now_ms))
        found = []
        for person, reason, said in sift(services, rendered, claim, attempts):
            sid = person.sid
            if reason is not None:
                ended = Delivery(reason.state, attempts[sid] - 1, claim.offset_s)
                buffer.write(LedgerLine(sid, ended, reason.why))
            elif sid not in doubts and (line := earlier.wait_for(person, attempts[sid])):
                buffer.write(line)
            else:
                blanks = {}
                if not closed:
                    blanks = self._blanks.values(rendered, batch, person, links, claim.now_ms, said=said)
                unsure, reached = sid in doubts, doubts.get(sid, "")
                told = attempts[sid], unsure, claim.frozen_ms, reached, person.language
                found.append(Recipient(sid, person.address, blanks, *told))
        return found

    def announce_progress(self, digest: Digest, *, last: bool) -> None:
        """Add an event of how far the deliveries of a digest are: once a second, and after its `last` one."""
        now = time.monotonic()
        lately = {name: at for name, at in self._announced.items() if now - at < ANNOUNCED_EVERY_S}
        if digest.id in lately and not last:
            return
        progress = self.services.digests.progress([digest.id]).get(digest.id)
        if progress is None:
            return
        done = progress.state is DigestState.DONE
        self._announced = lately | {digest.id: now}
        counts = {state.name.lower(): n for state, n in progress.counts.items() if n}
        updates = [entry.update for entry in digest.entries[:UPDATES_NAMED]]
        self.services.events.add(
            "deliveries", digest=digest.id, updates=updates, deliveries=counts, done=done
        )

    def is_rendered(self, digest: str) -> bool:
        """Whether there is a message to send. False: it cannot be rendered, or has yet to be once more."""
        try:
            self._outgoing(digest)
        except NotFound:
            return False
        return True

    def _load(self, digest: str) -> outgoing.Outgoing:
        return outgoing.load(self.services, digest)
