"""Undoing a publish: a held revision is taken back, and nobody ever sees it."""

import re
from dataclasses import dataclass

from alerts.errors import Conflict
from alerts.model import Ref, Revision
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.services import Services

#: Why a revision was taken back where no reason is given.
UNDONE = "it was undone before anybody saw it"


@dataclass(frozen=True, slots=True)
class Undone:
    """A revision that nobody has seen, and nobody will see."""

    revision: Revision
    already: bool = False  #: it was taken back before; nothing was done now
    standing: Revision | None = None  #: what readers know of the update, as before

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.revision.number,
            "already": self.already,
            "standing": self.standing.number if self.standing else None,
        }


def undo(services: Services, actor: Actor, update: str, reason: str = UNDONE) -> Undone:
    """Take back the latest revision, if it is held; what was accepted before it still stands.

    `update` may name another of its revisions: `ua-talks.r2`. Twice is once: an earlier revision that is held
    as well is taken back only if it is named. Raises Forbidden, NotFound, and Conflict where it was accepted,
    saying what can be done.
    """
    actor.require(Permission.PUBLISH)
    named = re.fullmatch(r"(.+)\.r([1-9][0-9]{0,8})", update)
    update = named[1] if named else update
    history = services.updates.history(update)
    latest = history.revisions[-1]
    if named:
        latest = services.updates.revision(Ref.of(update, int(named[2])))
    if latest.number in history.taken_back:
        return Undone(latest, already=True, standing=history.accepted)
    if latest.accepted_ms is None and services.updates.withdraw(latest.ref, reason):
        record(services, actor, "update.take_back", latest.ref, after={"reason": reason})
        return Undone(latest, standing=history.accepted)
    latest = services.updates.revision(latest.ref)  # it may have been accepted a moment ago
    when = utc_text(latest.accepted_ms)
    if latest.kind.ends:
        raise Conflict(
            f"{latest.ref} says the end of it, and was accepted at {when}: it cannot be undone any more.",
            f"If it is not over, publish its next revision with --id {update}.",
        )
    raise Conflict(
        f"{latest.ref} was accepted at {when}: it cannot be undone any more.",
        f"If it is over, type `alerts close {update}`; if it was wrong, `alerts retract {update}`.",
    )
