"""One digest as sending needs it, the same for all of its batches."""

from dataclasses import dataclass

from alerts.model import Digest, Instant, Message, Ref, Revision
from alerts.services import Services


@dataclass(frozen=True)
class Outgoing:
    """One rendered digest, and what its batches ask about it."""

    digest: Digest
    message: Message
    revisions: tuple[Revision, ...]
    #: With those before them that its readers do not have: what it says may be there for their sake.
    undelivered: tuple[Revision, ...]
    audiences: frozenset[str]

    def expires_in_s(self, now_ms: Instant) -> float | None:
        """Seconds until the time of what it says at once is over; None if never.

        What has waited for a slot or for a catch-up is sent even when its time is over, and says so.
        """
        ends = [r.draft.expires_at for r in self.revisions]
        if None in ends or self.digest.clock or self.digest.catch_up:
            return None
        return max(e.timestamp() for e in ends if e) - now_ms / 1000


def load(services: Services, digest: str) -> Outgoing:
    """Read a digest that was rendered. Raises NotFound."""
    found = services.digests.get(digest)
    revisions = services.updates.revisions(
        ref for e in found.entries for ref in Ref.between(e.update, e.since, e.number)
    )
    return Outgoing(
        found,
        services.messages.get(digest),
        tuple(revisions[entry.ref] for entry in found.entries),
        tuple(r for r in revisions.values() if r.accepted_ms is not None),
        frozenset(services.recipients.audiences(digest)),
    )
