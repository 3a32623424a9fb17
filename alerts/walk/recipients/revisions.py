"""The accepted revisions of an update, whole, as the log has them."""

from alerts.model import Instant, Ref, Revision
from alerts.services import Services


def whole_updates(services: Services, start_ms: Instant, end_ms: Instant) -> list[Revision]:
    """Every accepted revision, up to the last, of each update that had one accepted in `[start, end)`."""
    latest: dict[str, int] = {}
    for ref, _ in services.updates.log(start_ms, end_ms):
        latest[ref.update] = max(ref.number, latest.get(ref.update, 0))
    refs = [ref for update, last in latest.items() for ref in Ref.between(update, 0, last)]
    return [r for r in services.updates.revisions(refs).values() if r.accepted_ms is not None]


def before(services: Services, revision: Revision) -> list[Revision]:
    """The revisions of the same update that were accepted earlier."""
    refs = Ref.between(revision.update, 0, revision.number - 1)
    found = services.updates.revisions(refs).values()
    return [r for r in found if r.accepted_ms is not None and r.accepted_ms <= (revision.accepted_ms or 0)]
