"""Put the frozen recipients of a digest into batches."""

from alerts.model import Work
from alerts.services import Services

#: Batches one doorbell fans out before it makes room for others.
FANNED_AT_ONCE = 64


def fan_out(services: Services, work: Work) -> list[Work]:
    """Put the frozen into batches. Twice: each call takes other people, until none are left."""
    following: list[Work] = []
    for _ in range(FANNED_AT_ONCE):
        batch = services.digests.fan(work.key, work)
        if batch is None:
            return following
        following.append(batch)
    return [*following, work]
