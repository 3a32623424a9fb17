"""What became of one update: its revisions, its deliveries, and what is still owed of it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from alerts.model import Digest, Instant, Ref, Revision, Step, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.progress import Funnel, funnel, of_update
from alerts.services import Services
from alerts.store import Progress

#: Batches that are read in one round trip when an update's deliveries are looked through.
BATCHES_AT_ONCE = 100


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
    """One update: its revisions, what became of every delivery of it, and what is still owed."""

    update: str
    headline: str
    revisions: tuple[RevisionStatus, ...]
    funnel: Funnel
    first_ms: Instant | None
    last_ms: Instant | None
    owed: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.update,
            "headline": self.headline,
            "revisions": [asdict(revision) for revision in self.revisions],
            **self.funnel.to_dict(),
            "first_at": utc_text(self.first_ms),
            "last_at": utc_text(self.last_ms),
            "owed": list(self.owed),
        }


def status(services: Services, actor: Actor, update: str) -> UpdateStatus:
    """Look an update up. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    latest, gone = services.updates.latest(update), services.updates.withdrawn(update)
    found = services.updates.revisions(Ref.between(update, 0, latest))
    digests = of_update(services, update)
    progress = services.digests.progress(list(digests))
    owed = services.due.owed_among(list(_may_be_owed(found, digests, progress)))
    in_hand = services.leases.in_hand([work for work in owed if work.step is Step.SEND])
    times = [at for name, p in progress.items() for at in _reached(services, name, p)]
    return UpdateStatus(
        update,
        found[Ref.of(update, latest)].draft.headline,
        tuple(_revision(services, revision, gone) for revision in found.values()),
        funnel(services, digests, bool(owed), in_hand),
        min(times, default=None),
        max(times, default=None),
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


def _reached(services: Services, name: str, progress: Progress) -> Iterator[Instant]:
    """The first and the last instant at which each part of a digest reached somebody."""
    for start in range(1, progress.batches + 1, BATCHES_AT_ONCE):
        batches = range(start, min(start + BATCHES_AT_ONCE, progress.batches + 1))
        offsets = [r.offset_s for r in services.ledger.records(name, batches).values() if r.state.reached]
        if offsets and progress.frozen_ms is not None:
            yield progress.frozen_ms + min(offsets) * 1000
            yield progress.frozen_ms + max(offsets) * 1000
