"""Members of an audience for whom the ledger and the rules may differ."""

from alerts.model import Channel, Instant, Revision
from alerts.services import Services
from alerts.walk.recipients.previously_delivered import latest_delivered


class IndividualCases:
    """Those for whom the ledger and the rules may differ about the corrected updates of a window.

    What the ledger says of the very slot being opened does not count: that is what is to be delivered.
    """

    def __init__(self, services: Services, revisions: list[Revision], clock: str, slot_ms: Instant) -> None:
        self._services = services
        ordered = sorted(revisions, key=lambda r: r.number)
        corrected = [r for r in ordered if r.kind.corrective and (r.accepted_ms or 0) < slot_ms]
        self._correction = {r.update: r.number for r in corrected}
        self._updates = sorted(self._correction)
        self._last = {r.update: r.number for r in ordered}
        names = sorted({name for update in self._updates for name in services.updates.digests(update)})
        self._digests = {
            name: digest
            for name, digest in services.digests.get_all(names).items()
            if (digest.clock, digest.horizon_ms) != (clock, slot_ms)
        }

    def gathered(self, aid: str, channel: Channel) -> set[int]:
        """Members of an audience who were sent one of the corrections."""
        return {
            sid
            for name, digest in self._digests.items()
            if digest.correcting and digest.channel is channel
            for sid in self._services.recipients.gathered_among(name, aid)
        }

    def known(self, sid: int) -> dict[str, int]:
        """The latest revision of each corrected update that was delivered to this subscriber.

        At a late slot they may have newer ones already: of those, its window knows nothing.
        """
        found = self._services.ledger.find(sid, list(self._digests))
        return {
            u: latest_delivered(found, self._digests, u, self._last[u], self._correction[u])
            for u in self._updates
        }
