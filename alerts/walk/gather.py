"""Find everybody whom a correction or a cancel must reach."""

from collections.abc import Mapping

from alerts.model import Change, DigestState, Work
from alerts.services import Services
from alerts.store import Progress
from alerts.walk import recipients

#: How soon a gathering looks again for those to whom the earlier revision was still on its way (ms).
GATHER_AGAIN_MS = 2_000


def gather(services: Services, work: Work) -> list[Work]:
    """Find everybody who got, or may have got, an earlier revision. Twice: nobody is added twice.

    Goes on beside the sending until nobody can get the earlier revision any more.
    """
    correction = services.digests.get(work.key)
    [entry] = correction.entries
    # Asked before the digests are: what is matched or opened meanwhile is then among them.
    waiting = recipients.unmatched(services, entry) or recipients.unopened(services, correction.horizon_ms)
    earlier = [
        name
        for name, digest in services.digests.get_all(services.updates.digests(entry.update)).items()
        if digest.channel is correction.channel and 0 < digest.tells(entry.update) < entry.number
    ]
    instead = entry.change is not Change.CLOSED  # of what is closed, they need not hear at all
    far = services.digests.progress(earlier)
    under_way = _under_way(services, far)
    for name, progress in far.items():
        still = 0
        for k in range(1, progress.batches + 1):
            if progress.stopped:
                services.ledger.close(Work.send(name, k))
            still += services.recipients.gather(work.key, name, k, instead, under_way)
        waiting = waiting or still > 0 or progress.state in (DigestState.OPEN, DigestState.FROZEN)
    following = services.digests.send_gathered(correction)
    if waiting:
        services.due.postpone(work, services.server.now_ms() + GATHER_AGAIN_MS)
    else:
        services.digests.all_gathered(work)
    return following


def _under_way(services: Services, earlier: Mapping[str, Progress]) -> list[int]:
    """Those to whom a worker may be sending an earlier revision at this moment: theirs comes after it.

    They may have got one before that, and would be told that it was wrong, and then the next wrong one.
    """
    batches = [Work.send(name, k) for name, p in earlier.items() for k in range(1, p.batches + 1)]
    return [
        sid
        for work in services.leases.in_hand(batches)
        for sid, delivery in services.ledger.records(work.digest, [work.batch.number]).items()
        if delivery.state.owed
    ]
