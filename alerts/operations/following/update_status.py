"""What became of one update: its revisions, its deliveries, and what is still owed of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from alerts.model import Channel, Digest, Instant, Ref, Revision, State, Step, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.latest_deliveries import LatestDeliveries, PeopleCount
from alerts.operations.following.progress import Funnel, all_done, faults, in_order, of_update
from alerts.operations.instants import utc_text
from alerts.operations.sending import returns_to_dict, update_rates
from alerts.services import Services
from alerts.store import Progress, Returns


@dataclass(frozen=True, slots=True)
class RevisionStatus:
    """One revision of an update. Times are in UTC, as the interface writes them."""

    revision: int
    kind: str
    headline: str
    accepted_at: str | None
    held_until: str | None
    withdrawn: str | None  #: why it was taken back before it was accepted
    in_review: bool = False  #: it is held until somebody releases it


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """One update: its revisions, what became of it for everybody, and what is still owed.

    Whoever it goes to is counted once, with their latest revision (`LatestDeliveries`).
    """

    update: str
    headline: str
    revisions: tuple[RevisionStatus, ...]
    people: tuple[PeopleCount, ...]
    funnel: Funnel  #: the same people by channel and state, but for those who wait for a slot
    first_ms: Instant | None
    last_ms: Instant | None
    owed: tuple[str, ...]

    @property
    def rates(self) -> Mapping[Channel, Returns]:
        """How much of it came back, by channel."""
        return update_rates(self.funnel.channels)

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.update,
            "headline": self.headline,
            "revisions": [asdict(revision) for revision in self.revisions],
            **self.funnel.to_dict(),
            "rates": {channel: returns_to_dict(returns) for channel, returns in self.rates.items()},
            "people": sum(count.people for count in self.people),
            "latest": [_count_to_dict(count) for count in self.people if count.state],
            "slots": [_count_to_dict(count) for count in self.people if count.state is None],
            "first_at": utc_text(self.first_ms),
            "last_at": utc_text(self.last_ms),
            "owed": list(self.owed),
        }


def _count_to_dict(count: PeopleCount) -> dict[str, object]:
    what = {"state": count.state.name.lower()} if count.state else {"slot": utc_text(count.slot_ms)}
    return {"channel": count.channel, "revision": count.revision, **what, "people": count.people}


def status(services: Services, actor: Actor, update: str) -> UpdateStatus:
    """Look an update up. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    latest, gone = services.updates.latest(update), services.updates.withdrawn(update)
    found = services.updates.revisions(Ref.between(update, 0, latest))
    digests = of_update(services, update)
    progress = services.digests.progress(list(digests))
    owed = services.due.owed_among(list(_may_be_owed(found, digests, progress)))
    deliveries = LatestDeliveries(services, update)
    people = deliveries.counts()
    by_state: dict[Channel, Counter[State]] = defaultdict(Counter)
    for count in people:
        if count.state is not None:
            by_state[count.channel][count.state] += count.people
    return UpdateStatus(
        update,
        found[Ref.of(update, latest)].draft.headline,
        tuple(_revision(services, revision, gone) for revision in found.values()),
        tuple(people),
        Funnel(in_order(by_state), faults(progress), bool(owed) or not all_done(progress)),
        deliveries.first_ms,
        deliveries.last_ms,
        tuple(str(work) for work in owed),
    )


def _revision(services: Services, revision: Revision, gone: Mapping[int, str]) -> RevisionStatus:
    held_until_ms = None if revision.accepted_ms else services.updates.held_until(revision)
    held = revision.accepted_ms is None and revision.number not in gone
    return RevisionStatus(
        revision.number,
        revision.kind.value,
        revision.draft.headline,
        utc_text(revision.accepted_ms),
        utc_text(held_until_ms),
        gone.get(revision.number),
        held and held_until_ms is None,
    )


def _may_be_owed(
    revisions: Mapping[str, Revision], digests: Mapping[str, Digest], progress: Mapping[str, Progress]
) -> Iterator[Work]:
    """Every work entry there can be about an update."""
    for ref, revision in revisions.items():
        yield Work(Step.MATCH, ref, revision.urgent)
    for name, p in progress.items():
        urgent = digests[name].urgent
        for step in (Step.GATHER, Step.RENDER, Step.FAN_OUT):
            yield Work(step, name, urgent)
        for k in range(1, p.batches + 1):
            yield Work.send(name, k)
