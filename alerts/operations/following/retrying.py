"""What failed is owed again. To an address that is suppressed it is not: that is lifted first."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.channels import masked
from alerts.errors import Conflict, NotFound
from alerts.model import Change, Channel, Digest, State, Step, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.following.progress import of_update
from alerts.services import Services

#: How many addresses are named where nothing can be retried.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Retried:
    """What is sent again: how many people's deliveries, how many renderings, and the work to ring for."""

    name: str  #: of the digest, or of the update
    deliveries: int
    renderings: int
    #: Addresses left out because nothing is sent to them, with the reason that stands.
    suppressed: Mapping[str, str]
    delivered_since: int  #: deliveries left out because a catch-up or a resend told the same since
    work: tuple[Work, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "name": self.name,
            "deliveries": self.deliveries,
            "renderings": self.renderings,
            "suppressed": dict(self.suppressed),
            "delivered_since": self.delivered_since,
        }


@dataclass(slots=True)
class _Left:
    """Who failed and is left out: by suppression, and because they have it by now."""

    suppressed: dict[str, str] = field(default_factory=dict)
    delivered_since: int = 0


def retry(services: Services, actor: Actor, name: str) -> Retried:
    """Owe again what failed of a digest, or of every digest of an update.

    Those whose address is suppressed are left out: they would end as `suppressed`. So are those who were told
    all of it since, by a catch-up or a resend. Raises Forbidden, NotFound, Conflict where nothing can be
    tried again.
    """
    actor.require(Permission.PUBLISH)
    digests = of_update(services, name)
    if not digests:
        if not services.digests.progress([name]):
            raise NotFound(
                f"There is no digest or update “{name[:64]}”.", "List updates with `alerts updates list`."
            )
        digests = {name: services.digests.get(name)}
    work: list[Work] = []
    left = _Left()
    deliveries = renderings = 0
    for digest in digests.values():
        corrections = _corrections(services, digest)
        rendered = services.digests.rerender(digest, corrections)
        work += rendered
        renderings += len(rendered)
        for k, sids in _failed(services, digest, left).items():
            sends, people = services.digests.reopen(digest, k, sids, corrections=corrections)
            work += sends
            deliveries += people
    if not work:
        raise _refusal(services, name, digests, left)
    after = {"deliveries": deliveries, "renderings": renderings}
    record(services, actor, "delivery.retry", name, after=after)
    return Retried(name, deliveries, renderings, left.suppressed, left.delivered_since, tuple(work))


def _failed(services: Services, digest: Digest, left: _Left) -> dict[int, list[int]]:
    """Who failed and can be tried again, by batch; notes who is left out, and why."""
    failed = defaultdict[int, list[int]](list)
    for k in range(1, services.digests.progress([digest.id])[digest.id].batches + 1):
        records = services.ledger.records(digest.id, [k])
        sids = [sid for sid, record in records.items() if record.state is State.FAILED]
        standing = _standing(services, digest.channel, sids)
        left.suppressed |= dict(standing.values())
        told = {sid for sid in sids if sid not in standing and _delivered_since(services, digest, sid)}
        left.delivered_since += len(told)
        failed[k] = [sid for sid in sids if sid not in standing and sid not in told]
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
    return {sid: (masked(at), found[at].reason) for sid, at in people.items() if at in found}


def _delivered_since(services: Services, digest: Digest, sid: int) -> bool:
    """Whether catch-ups have told somebody everything that this digest tells."""
    told = [entry for entry in digest.entries if digest.tells(entry.update)]
    return all(_caught_up(services, sid, entry.update, entry.number) for entry in told)


def _caught_up(services: Services, sid: int, update: str, number: int) -> bool:
    catch_ups = [
        n
        for n, d in of_update(services, update).items()
        if (d.catch_up or d.resent_to) and d.tells(update) >= number
    ]
    return any(r.state.reached or r.state.owed for r in services.ledger.find(sid, catch_ups).values())


def _refusal(services: Services, name: str, digests: Collection[str], left: _Left) -> Conflict:
    """Why nothing is tried again."""
    if left.suppressed:
        named = ", ".join(f"{address} ({why})" for address, why in list(left.suppressed.items())[:NAMED])
        more = f" and {len(left.suppressed) - NAMED} more" if len(left.suppressed) > NAMED else ""
        return Conflict(
            f"Nothing is sent to {named}{more}.",
            f"Repair what is named, then lift it with `alerts unsuppress {next(iter(left.suppressed))}`: "
            "what was missed is sent with that.",
        )
    if left.delivered_since:
        has = "has" if left.delivered_since == 1 else "have"
        return Conflict(
            f"{left.delivered_since} failed and {has} it by now: a catch-up or a resend told them since.",
            f"See who with `alerts deliveries {name}`.",
        )
    counts = Counter[State]()
    for progress in services.digests.progress(list(digests)).values():
        counts.update(progress.counts)
    if counts[State.FAILED]:
        return Conflict(
            f"What failed of {name} was stopped since: a newer revision or a cancel took its place.",
            "Nothing is to be repaired; `alerts deliveries UPDATE` says what became of it.",
        )
    said = ", ".join(f"{counts[state]:,} {state.name.lower()}" for state in State if counts[state])
    hint = "See what became of it with `alerts deliveries UPDATE`."
    if counts[State.SUPPRESSED]:
        hint = f"See who, and why, with `alerts deliveries {name} --state suppressed`."
    elif any(counts[state] for state in State if state.owed):
        hint = "What is on its way is tried by itself; `alerts work` says what it waits for."
    return Conflict(f"Nothing of {name} has failed{f': {said}' if said else ''}.", hint)
