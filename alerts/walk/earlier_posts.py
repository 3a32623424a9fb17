"""Where an earlier revision's post stands, while nobody knows: the newer one waits, then asks the channel.

Posted by itself it would be a second card of one update, and the first would never be kept up to date.
"""

from functools import cached_property

from alerts.channels.contract import FindsMessages
from alerts.model import Digest, Post, State, Work
from alerts.services import Services
from alerts.store import Claim, Delivery, Destination, LedgerLine, Progress

#: Seconds that a newer revision waits at most for what becomes of an earlier one's post; urgent ones, others.
URGENT_WAIT_S, WAIT_S = 30, 120
#: Seconds after which it looks again.
LOOK_AGAIN_S = 6


class EarlierPosts:
    """For one claimed batch: which of its channels wait for the post of an earlier revision.

    `left_s`: seconds until what it tells expires; then there is no time to wait.
    """

    def __init__(self, services: Services, digest: Digest, claim: Claim, left_s: float | None) -> None:
        self._services = services
        self._digest = digest
        sender = services.senders[digest.channel]
        # Looked at once a batch: to ask whether something keeps a protocol costs more than to send a mail.
        self._sender = sender if isinstance(sender, FindsMessages) else None
        self._now_s = claim.offset_s
        in_time = left_s is None or left_s > 2 * LOOK_AGAIN_S
        self._patient = in_time and claim.offset_s < (URGENT_WAIT_S if digest.urgent else WAIT_S)

    def wait_for(self, person: Destination, attempt: int) -> LedgerLine | None:
        """The line that puts a delivery off, not counted as a try; None: it may go.

        A post that is found is remembered, so that it is edited. What cannot be found out in time is not
        waited for any longer: better a second card than none.
        """
        sender, sid = self._sender, person.sid
        if sender is None or not self._earlier:
            return None
        update = self._digest.entries[0].update
        if self._services.posts.get(update, sid):
            return None
        found = self._services.ledger.find(sid, list(self._earlier))
        unsettled = {name for name, record in found.items() if self._unsettled(name, sid, record)}
        waits = self._patient and bool(unsettled)
        for name in [] if waits else self._earlier:
            if name in unsettled or (name in found and found[name].in_doubt):
                since_ms = self._earlier[name].frozen_ms or 0
                post = sender.find(person.address, f"{name}.{sid}", since_ms)
                if isinstance(post, Post):
                    self._services.posts.keep([update], sid, post)
                    return None
                waits = waits or (self._patient and post is not None)
        if not waits:
            return None
        later = Delivery(State.DEFERRED, attempt - 1, self._now_s + LOOK_AGAIN_S)
        return LedgerLine(sid, later, "it waits until it is known where an earlier revision was posted")

    @cached_property
    def _earlier(self) -> dict[str, Progress]:
        """Digests of an earlier revision alone, so that theirs is the post to edit; the latest first."""
        digest = self._digest
        if not digest.alone or digest.clock or digest.resent_to or digest.entries[0].number == 1:
            return {}
        update, number = digest.entries[0].update, digest.entries[0].number
        others = self._services.digests.get_all(self._services.updates.digests(update)).values()
        alone = [d for d in others if d.channel is digest.channel and d.alone and not d.clock]
        earlier = sorted((d for d in alone if 0 < d.tells(update) < number), key=lambda d: -d.tells(update))
        return self._services.digests.progress([d.id for d in earlier])

    def _unsettled(self, name: str, sid: int, record: Delivery) -> bool:
        """Whether a post may yet be made, or turn out to have been made, by somebody else."""
        if record.state is State.UNKNOWN or not record.state.owed:
            return record.state is State.UNKNOWN
        k = self._services.ledger.batch_of(name, sid, self._earlier[name].batches)
        return bool(k and self._services.leases.in_hand([Work.send(name, k)]))
