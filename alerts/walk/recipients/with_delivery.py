"""Who has a delivery of an earlier revision already, once that can be said for good."""

from collections import defaultdict

from alerts.model import DigestState, Revision, Step, Work
from alerts.services import Services
from alerts.walk.recipients.still_waiting import unopened


def with_delivery(
    services: Services, revision: Revision, earlier: list[Revision]
) -> dict[str, set[int]] | None:
    """Who has a delivery of an earlier revision, however it ended, by their audience.

    None while others can still get one: an earlier revision has yet to be matched, a slot to be opened, a
    digest to be put into batches. Whoever has none then never will: for them a correction is the first word.
    """
    digests = services.digests.get_all(services.updates.digests(revision.update))
    names = [name for name, digest in digests.items() if 0 < digest.tells(revision.update) < revision.number]
    progress = services.digests.progress(names)
    if (
        any(services.due.is_owed(Work(Step.MATCH, r.ref, r.urgent)) for r in earlier)
        or unopened(services, revision.accepted_ms or 0)
        or any(how.state in (DigestState.OPEN, DigestState.FROZEN) for how in progress.values())
    ):
        return None
    found: dict[str, set[int]] = defaultdict(set)
    for name, how in progress.items():
        for k in range(1, how.batches + 1):
            for person in services.subscribers.destinations(list(services.ledger.records(name, [k]))):
                if person.active:
                    found[person.audience].add(person.sid)
    return found
