"""The work that is still owed: what `alerts work` lists."""

from dataclasses import dataclass

from alerts.model import Instant, Step, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """One entry of work: when it is looked at next, and owed since when, as far as that is known."""

    work: Work
    due: bool
    look_ms: Instant
    since_ms: Instant | None

    def to_dict(self) -> dict[str, object]:
        return {
            "entry": str(self.work),
            "step": self.work.step.value,
            "about": self.work.key,
            "urgent": self.work.urgent,
            "due": self.due,
            "look_at": utc_text(self.look_ms),
            "since": utc_text(self.since_ms),
        }


@dataclass(frozen=True, slots=True)
class Pending:
    """What is owed, the longest due first: at most 1,000 entries of `total`."""

    entries: tuple[PendingEntry, ...]
    total: int


def pending(services: Services, actor: Actor) -> Pending:
    """What is owed, the longest due first."""
    actor.require(Permission.READ)
    found = services.due.owed()
    digests = services.digests.progress(list({o.work.digest for o in found}))
    horizons = {n: d.horizon_ms for n, d in services.digests.get_all(list(digests)).items()}
    now_ms = services.server.now_ms()
    entries = tuple(
        PendingEntry(
            o.work,
            o.look_ms <= now_ms,
            o.look_ms,
            horizons.get(o.work.digest) or _accepted(services, o.work),
        )
        for o in found
    )
    return Pending(entries, services.due.count())


def _accepted(services: Services, work: Work) -> Instant | None:
    return services.updates.revision(work.key).accepted_ms if work.step is Step.MATCH else None
