"""What is over before anybody could be told is not published."""

from alerts.errors import BadInput, NotFound
from alerts.model import Draft, Instant, Ref
from alerts.operations.instants import utc_text
from alerts.services import Services


def require_time_left(services: Services, draft: Draft, from_ms: Instant) -> None:
    """Raise BadInput if the draft is over at an instant: everybody would end as `expired`.

    What was published while there was time may be published again, which sends nothing.
    """
    try:
        require_not_over(draft, from_ms)
    except BadInput:
        if not _is_published(services, draft):
            raise


def require_not_over(draft: Draft, at_ms: Instant) -> None:
    """Raise BadInput if the draft is over at an instant, whatever was published."""
    ends_ms = int(draft.expires_at.timestamp() * 1000) if draft.expires_at else None
    if ends_ms is not None and ends_ms <= at_ms:
        raise BadInput(
            f"It expired at {utc_text(ends_ms)}: nobody would be told.",
            "Give `expires_at` a time to come, or leave it out.",
        )


def _is_published(services: Services, draft: Draft) -> bool:
    try:
        latest, gone = services.updates.latest(draft.id), services.updates.withdrawn(draft.id)
    except NotFound:
        return False
    found = services.updates.revisions(Ref.between(draft.id, 0, latest)).values()
    return any(r.draft.fingerprint == draft.fingerprint and r.number not in gone for r in found)
