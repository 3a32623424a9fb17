"""What somebody was told of an update, by the log and the ledger."""

from collections.abc import Mapping
from math import inf

from alerts.model import (
    Digest,
    Instant,
    Ref,
    Revision,
    State,
)
from alerts.services import Services
from alerts.store import Delivery


def whole_updates(services: Services, start_ms: Instant, end_ms: Instant) -> list[Revision]:
    """Every accepted revision, up to the last, of each update that had one accepted in `[start, end)`."""
    latest: dict[str, int] = {}
    for ref, _ in services.updates.log(start_ms, end_ms):
        latest[ref.update] = max(ref.number, latest.get(ref.update, 0))
    refs = [ref for update, last in latest.items() for ref in Ref.between(update, 0, last)]
    return [r for r in services.updates.revisions(refs).values() if r.accepted_ms is not None]


def told_number(services: Services, sid: int, latest: Revision) -> tuple[int, int]:
    """The latest revision of an update that this subscriber was told or is being told, and the latest that
    was over when it was their turn, by the ledger.

    If the latest corrects or closes it, what they may have been told before counts as well.
    """
    digests = services.digests.get_all(services.updates.digests(latest.update))
    found = services.ledger.find(sid, list(digests))
    expired = [digests[name].tells(latest.update) for name, r in found.items() if r.state is State.EXPIRED]
    correction = latest.number if latest.kind.corrective else 0
    told = latest_told(found, digests, latest.update, correction=correction)
    return told, max(expired, default=0)


def latest_told(
    found: Mapping[str, Delivery],
    digests: Mapping[str, Digest],
    update: str,
    most: float = inf,
    correction: int = 0,
) -> int:
    """The latest revision of an update, up to `most`, among the deliveries found for somebody.

    Who is in doubt counts as told where a correction is to reach them, and else as not told: they are told.
    """
    told = ((digests[name].tells(update), record) for name, record in found.items())
    return max((n for n, r in told if n <= most and r.reaches(or_maybe=n < correction)), default=0)
