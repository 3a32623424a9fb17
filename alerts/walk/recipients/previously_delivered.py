"""What was delivered to somebody of an update before, by the ledger."""

from collections.abc import Mapping
from math import inf

from alerts.model import Digest, Revision, State
from alerts.services import Services
from alerts.store import Delivery


def previously_delivered(services: Services, sid: int, latest: Revision) -> tuple[int, int]:
    """The latest revision of an update that was or is being delivered to this subscriber, and the latest that
    was over when it was their turn.

    If the latest corrects or closes it, what may have been delivered before counts as well.
    """
    digests = services.digests.get_all(services.updates.digests(latest.update))
    found = services.ledger.find(sid, list(digests))
    expired = [digests[name].tells(latest.update) for name, r in found.items() if r.state is State.EXPIRED]
    correction = latest.number if latest.kind.corrective else 0
    delivered = latest_delivered(found, digests, latest.update, correction=correction)
    return delivered, max(expired, default=0)


def latest_delivered(
    found: Mapping[str, Delivery],
    digests: Mapping[str, Digest],
    update: str,
    most: float = inf,
    correction: int = 0,
) -> int:
    """The latest revision of an update, up to `most`, among the deliveries found for somebody.

    What is in doubt counts as delivered where a correction is to reach whoever may have it, and else as not
    delivered: it is sent.
    """
    numbers = ((digests[name].tells(update), record) for name, record in found.items())
    return max((n for n, r in numbers if n <= most and r.reaches(or_maybe=n < correction)), default=0)
