"""Members of an audience for whom the ledger and the rules may differ."""

from collections.abc import Collection, Sequence

from alerts.model import Channel, Digest, Instant, Revision
from alerts.services import Services
from alerts.walk.recipients.previously_delivered import latest_delivered


class IndividualCases:
    """Those for whom the ledger and the rules may differ: about the corrected updates of a window, what
    they have muted of it and, if their subscriptions began inside it, what was published of an update before.

    What the ledger says of the very slot being opened does not count: that is what is to be delivered.
    """

    def __init__(self, services: Services, revisions: list[Revision], clock: str, slot_ms: Instant) -> None:
        self._services = services
        ordered = sorted(revisions, key=lambda r: r.number)
        corrected = [r for r in ordered if r.kind.corrective and (r.accepted_ms or 0) < slot_ms]
        self._correction = {r.update: r.number for r in corrected}
        self._updates = sorted(self._correction)
        self._last = {r.update: r.number for r in ordered}
        self._ordered, self._slot = ordered, (clock, slot_ms)
        self._found: dict[str, dict[str, Digest]] = {}

    def gathered(self, aid: str, channel: Channel) -> set[int]:
        """Members of an audience who were sent one of the corrections."""
        return {
            sid
            for name, digest in self._digests(self._updates).items()
            if digest.correcting and digest.channel is channel
            for sid in self._services.recipients.gathered_among(name, aid)
        }

    def known(self, sid: int, joined_ms: Instant = 0, muted: Collection[str] = ()) -> dict[str, int]:
        """The latest revision delivered to this subscriber, of each update that the ledger is asked about.

        `joined_ms`: when their subscriptions began, if that was inside the window. At a late slot they may
        have newer ones already: of those, its window knows nothing. `muted`: what they have muted, or had.
        """
        updates = sorted({*self._updates, *self._begun(joined_ms), *muted})
        digests = self._digests(updates)
        found = self._services.ledger.find(sid, list(digests))
        return {
            u: latest_delivered(found, digests, u, self._last[u], self._correction.get(u, 0)) for u in updates
        }

    def _begun(self, joined_ms: Instant) -> set[str]:
        """The updates that had been published in part, and went on afterwards."""
        before = {r.update for r in self._ordered if (r.accepted_ms or 0) < joined_ms}
        return {r.update for r in self._ordered if r.update in before and (r.accepted_ms or 0) >= joined_ms}

    def _digests(self, updates: Sequence[str]) -> dict[str, Digest]:
        """Those that tell one of these updates, but for the slot being opened. Each is asked for once."""
        for update in updates:
            if update not in self._found:
                names = self._services.updates.digests(update)
                self._found[update] = {
                    name: digest
                    for name, digest in self._services.digests.get_all(names).items()
                    if (digest.clock, digest.horizon_ms) != self._slot
                }
        return {name: digest for update in updates for name, digest in self._found[update].items()}
