"""Find who is told a revision at once."""

from alerts.model import Work, split_ref
from alerts.services import Services
from alerts.walk import overtaking, recipients
from alerts.walk.exchange import exchange


def match(services: Services, work: Work) -> list[Work]:
    """Find who is told at once. Twice: only what is still owed is exchanged for digests."""
    revision = services.updates.accept(work.key)
    if revision is None:
        update, number = split_ref(work.key)
        why = services.updates.withdrawn(update)[number]
        services.work.tell("held revision withdrawn", ref=work.key, why=why)
        services.work.done(work)
        return []
    overtaking.overtake_earlier(services, revision)
    return exchange(services, work, recipients.at_once(services, revision))
