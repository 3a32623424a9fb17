"""Nobody gets an older revision after a newer one: what of it still waits is not sent."""

from alerts.model import Digest, Revision, State
from alerts.services import Services


def overtake_earlier(services: Services, revision: Revision) -> None:
    """Have the digests of earlier revisions give way to this one.

    What is matched only later, out of order, is found overtaken when it is rendered.
    """
    digests = services.digests.get_all(services.updates.digests(revision.update))
    for digest in digests.values():
        if _can_be_overtaken(digest) and digest.entries[0].number < revision.number:
            _give_way(services, digest, revision)


def give_way_to_newer(services: Services, digest: Digest) -> None:
    """Have a digest that is rendered only now give way to whatever was accepted since."""
    if _can_be_overtaken(digest):
        [entry] = digest.entries
        for newer in services.updates.newer(entry.update, entry.number):
            _give_way(services, digest, newer)


def _can_be_overtaken(digest: Digest) -> bool:
    return len(digest.entries) == 1 and not digest.clock


def _give_way(services: Services, digest: Digest, newer: Revision) -> None:
    """Let a newer revision take the place of the one in a digest.

    A correction or cancel stops the digest. A plain update only takes its place for those who want the newer
    one too.
    """
    if newer.kind.corrective:
        services.digests.stop(digest.id, State.WITHDRAWN, f"revision {newer.number} took its place")
    else:
        services.digests.supersede(digest.id, newer.number)
