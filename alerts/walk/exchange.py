"""A step exchanged for digests: how matching ends, and a slot run."""

from collections.abc import Mapping

from alerts.model import Digest, Work
from alerts.services import Services
from alerts.store import ClockAdvance
from alerts.walk.recipients import Addressees


def exchange(
    services: Services,
    taken: Work,
    digests: Mapping[Digest, Addressees],
    advance: ClockAdvance | None = None,
) -> list[Work]:
    """Exchange a step for digests: first say to whom each goes, then create all of them at one instant."""
    for digest, people in digests.items():
        services.recipients.add_audiences(digest.id, people.aids)
        services.recipients.include(digest.id, people.sids)
        services.recipients.exclude(digest.id, people.excluded)
    return services.digests.create(taken, list(digests), advance)
