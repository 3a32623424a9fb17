"""Releasing what is held: an operator has seen it, and it goes out now."""

from dataclasses import dataclass

from alerts.errors import Conflict
from alerts.model import Revision, Step, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.publishing.expiry import require_not_over
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class Released:
    """A revision that was held, for review or until a time, and is no more."""

    revision: Revision
    already: bool = False  #: it was accepted before; nothing was done now
    work: tuple[Work, ...] = ()  #: to ring for

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.revision.number,
            "already": self.already,
            "accepted_at": utc_text(self.revision.accepted_ms),
        }


def release(services: Services, actor: Actor, update: str) -> Released:
    """Let the latest revision go out now, whatever it is held for. Twice is once.

    Raises Forbidden, NotFound, BadInput if it has expired meanwhile, and Conflict if it was taken back.
    """
    actor.require(Permission.PUBLISH)
    history = services.updates.history(update)
    latest = history.revisions[-1]
    if latest.accepted_ms is not None:
        return Released(latest, already=True)
    gone = history.taken_back.get(latest.number)
    if gone is None:
        require_not_over(latest.draft, services.server.now_ms())
        if services.updates.release(latest):
            record(services, actor, "update.release", latest.ref)
            return Released(latest, work=(Work(Step.MATCH, latest.ref, latest.urgent),))
        return release(services, actor, update)  # accepted or taken back a moment ago
    raise Conflict(f"{latest.ref} was taken back: {gone}.", "Publish it again if it is to go out.")
