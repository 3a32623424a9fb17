"""What failed is owed again. To an address that is suppressed it is not: that is lifted first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alerts.errors import Conflict, NotFound
from alerts.model import Change, Channel, Digest, State, Step, Work
from alerts.operations.progress import of_update
from alerts.services import Services

#: So many addresses are named where nothing can be retried.
NAMED = 3


@dataclass(slots=True)
class Retried:
    """What is sent again: how many people's deliveries, how many renderings, and the work to ring for."""

    deliveries: int = 0
    renderings: int = 0
    works: list[Work] = field(default_factory=list)
    #: Addresses left out because nothing is sent to them, with the reason that stands.
    suppressed: dict[str, str] = field(default_factory=dict)


def retry(services: Services, name: str) -> Retried:
    """Owe again what failed of a digest, or of every digest of an update. Raises NotFound, Conflict.

    Those whose address is suppressed are left out: they would end as `suppressed`. So are those who were told
    all of it by a catch-up since.
    """
    digests = of_update(services, name)
    if not digests:
        if not services.digests.progress([name]):
            raise NotFound(f"There is no digest or update “{name[:64]}”.", "See `alerts status`.")
        digests = {name: services.digests.get(name)}
    again = Retried()
    for digest in digests.values():
        corrections = _corrections(services, digest)
        works = services.digests.rerender(digest, corrections)
        again.works += works
        again.renderings += len(works)
        for k, sids in _failed(services, digest, again.suppressed).items():
            works, people = services.digests.reopen(digest, k, sids, corrections=corrections)
            again.works += works
            again.deliveries += people
    if not again.works:
        raise _refusal(name, again.suppressed)
    return again


def _failed(services: Services, digest: Digest, suppressed: dict[str, str]) -> dict[int, list[int]]:
    """Who failed and can be tried again, by batch; notes who cannot because of a suppression."""
    failed = defaultdict[int, list[int]](list)
    for k in range(1, services.digests.progress([digest.id])[digest.id].batches + 1):
        records = services.ledger.records(digest.id, [k])
        sids = [sid for sid, record in records.items() if record.state is State.FAILED]
        standing = _standing(services, digest.channel, sids)
        suppressed |= dict(standing.values())
        failed[k] = [sid for sid in sids if sid not in standing and not _told_since(services, digest, sid)]
    return {k: sids for k, sids in failed.items() if sids}


def _corrections(services: Services, digest: Digest) -> list[Work]:
    """The gatherings for what corrected or closed what a digest tells: a retry lets them go on."""
    found = []
    for told in digest.entries:
        digests = of_update(services, told.update) if told.change is not Change.TOLD else {}
        for name, other in digests.items():
            same = other.correcting and other.channel is digest.channel
            if same and other.tells(told.update) > told.number:
                found.append(Work(Step.GATHER, name, other.urgent))
    return found


def _standing(services: Services, channel: Channel, sids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Those of the subscribers to whom nothing is sent: their address, and the reason."""
    people = {p.sid: p.address for p in services.subscribers.destinations(sids) if p.address} if sids else {}
    found = services.suppressions.find(channel, list(people.values()))
    return {sid: (at, found[at].reason) for sid, at in people.items() if at in found}


def _told_since(services: Services, digest: Digest, sid: int) -> bool:
    """Whether catch-ups have told somebody everything that this digest tells."""
    told = [entry for entry in digest.entries if digest.tells(entry.update)]
    return all(_caught_up(services, sid, entry.update, entry.number) for entry in told)


def _caught_up(services: Services, sid: int, update: str, number: int) -> bool:
    catch_ups = [
        n for n, d in of_update(services, update).items() if d.catch_up and d.tells(update) >= number
    ]
    return any(r.state.reached or r.state.owed for r in services.ledger.find(sid, catch_ups).values())


def _refusal(name: str, suppressed: Mapping[str, str]) -> Conflict:
    if not suppressed:
        return Conflict(f"Nothing of {name} has failed.", "See what became of it with `alerts status`.")
    named = ", ".join(f"{address} ({why})" for address, why in list(suppressed.items())[:NAMED])
    more = f" and {len(suppressed) - NAMED} more" if len(suppressed) > NAMED else ""
    return Conflict(
        f"Nothing is sent to {named}{more}.",
        f"Repair what is named, then lift it with `alerts unsuppress {next(iter(suppressed))}`: "
        "what was missed is sent with that.",
    )
