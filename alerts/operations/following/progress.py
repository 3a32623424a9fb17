"""How far the deliveries of an update have come: counted by channel and state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from alerts.channels import CHANNELS
from alerts.model import Channel, Digest, DigestState, Revision, State, Step, Work
from alerts.operations.acting import Actor, Permission
from alerts.services import Services
from alerts.store import Progress


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of the deliveries of one update, or of one of its revisions."""

    #: Per channel that has any: how many deliveries are in each state.
    channels: dict[Channel, dict[State, int]]
    failed_digests: dict[str, str] = field(default_factory=dict)  #: those that cannot be rendered, and why
    waiting: bool = False  #: somebody may still be added or tried

    @property
    def people(self) -> int:
        return sum(sum(counts.values()) for counts in self.channels.values())

    @property
    def settled(self) -> int:
        return self.people - self.owed

    @property
    def reached(self) -> int:
        return sum(n for counts in self.channels.values() for state, n in counts.items() if state.reached)

    @property
    def owed(self) -> int:
        return sum(n for counts in self.channels.values() for state, n in counts.items() if state.owed)

    @property
    def failed(self) -> bool:
        return bool(self.failed_digests) or any(State.FAILED in counts for counts in self.channels.values())

    def to_dict(self) -> dict[str, object]:
        return {
            "finished": not self.waiting,
            "deliveries": {
                channel: {state.name.lower(): n for state, n in counts.items()}
                for channel, counts in self.channels.items()
            },
            "failed_digests": self.failed_digests,
        }


def outcome(services: Services, actor: Actor, revision: Revision) -> Funnel:
    """What became of the digests that send this revision at once; slots come later and are not counted."""
    actor.require(Permission.READ)
    match = Work(Step.MATCH, revision.ref, revision.urgent)
    # Asked before the digests are looked up: a match leaves its digests in the instant it is done.
    matching = services.due.is_owed(match)
    digests = {
        name: digest
        for name, digest in of_update(services, revision.update).items()
        if not digest.clock and not digest.resent_to and digest.tells(revision.update) == revision.number
    }
    gathering = any(
        services.due.is_owed(Work(Step.GATHER, name, digest.urgent))
        for name, digest in digests.items()
        if digest.correcting
    )
    return funnel(services, digests, matching or gathering)


def of_update(services: Services, update: str) -> dict[str, Digest]:
    """The digests that tell this update, as far as they are still kept."""
    return of_updates(services, [update])[update]


def of_updates(services: Services, updates: Sequence[str]) -> dict[str, dict[str, Digest]]:
    """The same of each of these updates."""
    names = services.updates.digests_of(updates)
    digests = services.digests.get_all(list(dict.fromkeys(chain.from_iterable(names.values()))))
    return {
        update: {name: digests[name] for name in some if name in digests and digests[name].tells(update)}
        for update, some in names.items()
    }


def funnel(services: Services, digests: dict[str, Digest], waiting: bool) -> Funnel:
    """Count the deliveries of these digests."""
    counts: dict[Channel, Counter[State]] = {}
    progress = services.digests.progress(list(digests))
    for name, p in progress.items():
        counts.setdefault(digests[name].channel, Counter()).update(p.counts)
    return Funnel(in_order(counts), faults(progress), waiting or not all_done(progress))


def in_order(counts: Mapping[Channel, Counter[State]]) -> dict[Channel, dict[State, int]]:
    """What was counted, without what is zero, by channel and state as every door lists them."""
    return {
        channel: {state: counts[channel][state] for state in State if counts[channel][state] > 0}
        for channel in CHANNELS
        if counts.get(channel)
    }


def faults(progress: Mapping[str, Progress]) -> dict[str, str]:
    """Those of the digests that cannot be rendered, and why."""
    return {name: p.fault for name, p in progress.items() if p.fault}


def all_done(progress: Mapping[str, Progress]) -> bool:
    """Whether nothing of any of these digests is owed any more."""
    return all(p.state is DigestState.DONE for p in progress.values())
