"""Accept an update: the walk begins."""

from alerts.model import Draft, Instant, Step, Work
from alerts.services import Services
from alerts.store import Published


def publish(
    services: Services,
    draft: Draft,
    held_until_ms: Instant | None = None,
    *,
    for_review: bool = False,
    after: int | None = None,
) -> tuple[Published, list[Work]]:
    """Accept an update: on disk, numbered, its match owed. Twice: the same content is the same revision.

    What is held, until a time or `for_review`, is accepted later. Raises RevisedMeanwhile unless there are
    `after` revisions, where that is given.
    """
    published = services.updates.publish(draft, held_until_ms, for_review=for_review, after=after)
    revision = published.revision
    bell = published.created and revision.accepted_ms is not None
    return published, [Work(Step.MATCH, revision.ref, revision.urgent)] if bell else []
