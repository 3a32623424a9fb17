"""Withdrawing an update, for programs that do not know how far it is: undone if held, else closed."""

from dataclasses import dataclass

from alerts.errors import Conflict, NotFound
from alerts.model import Revision, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.publishing.ending import Ending, close
from alerts.operations.publishing.undoing import undo
from alerts.services import Services

#: What those who got it are told where no reason is given.
WITHDRAWN = "It was withdrawn."


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal did. Without a `cancel` it was held: nobody has seen it, and nobody is told."""

    revision: Revision  #: the one that was withdrawn
    cancel: Revision | None = None  #: the one that tells those who got it that it is closed
    #: Digests that tell others as well, and are not all out: they are not stopped.
    going_out: int = 0
    work: tuple[Work, ...] = ()  #: to ring for

    @property
    def taken_back(self) -> bool:
        return self.cancel is None

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.revision.number,
            "taken_back": self.taken_back,
            "cancel": self.cancel.number if self.cancel else None,
            "digests_going_out": self.going_out,
        }


def withdraw(services: Services, actor: Actor, update: str, reason: str = WITHDRAWN) -> Withdrawal:
    """Undo the latest revision if it is held, else close the update: by their rules, and with their entries.

    Raises Forbidden, NotFound, and Conflict for an update that is closed already.
    """
    actor.require(Permission.PUBLISH)
    history = services.updates.history(update)
    if history.standing is None:
        raise NotFound(f"The update “{update[:64]}” was withdrawn.", "Nobody was told about it.")
    if history.standing.accepted_ms is None:
        try:
            return Withdrawal(undo(services, actor, history.standing.ref, reason).revision)
        except Conflict:  # accepted a moment ago
            pass
    done: Ending = close(services, actor, update, reason)
    if done.already:
        raise Conflict(
            f"{update} is {done.how} already, since {utc_text(done.ended_ms)}.",
            f"See `alerts status {update}`.",
        )
    return Withdrawal(done.revision, done.end, done.going_out, done.work)
