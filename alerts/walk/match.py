"""Find who gets a revision at once."""

from alerts.model import Work
from alerts.services import Services
from alerts.walk import overtaking, recipients
from alerts.walk.exchange import exchange


def match(services: Services, work: Work) -> list[Work]:
    """Find who gets it at once. Twice: only what is still owed is exchanged for digests."""
    revision = services.updates.accept(work.key)
    if revision is None:
        why = services.updates.withdrawn(work.ref.update)[work.ref.number]
        services.notices.notify("held revision withdrawn", ref=work.key, why=why)
        services.due.done(work)
        return []
    services.events.add(
        "update.accepted",
        update=revision.update,
        revision=revision.number,
        kind=revision.kind.value,
        headline=revision.draft.headline,
        severity=revision.draft.severity.value,
    )
    overtaking.overtake_earlier(services, revision)
    if revision.kind.ends:
        services.mutes.end_all(revision.update)
    return exchange(services, work, recipients.at_once(services, revision))
