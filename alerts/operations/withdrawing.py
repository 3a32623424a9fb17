"""Withdrawing an update: taken back while nobody has seen it, closed for those who have."""

from dataclasses import dataclass, replace

from alerts.errors import Conflict
from alerts.model import Change, DigestState, Kind, Revision, State, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.services import Services
from alerts.walk import steps

#: What those who got it are told where no reason is given.
WITHDRAWN = "It was withdrawn."


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal did. Without a `cancel` it was held: nobody has seen it, and nobody is told."""

    revision: Revision  #: the one that was withdrawn
    cancel: Revision | None = None  #: the one that tells those who got it that it is closed, or was wrong
    #: Opened digests that tell others as well, and are not all out: they are not stopped.
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


def withdraw(
    services: Services, actor: Actor, update: str, reason: str = WITHDRAWN, *, wrong: bool = False
) -> Withdrawal:
    """Stop what was not sent, and tell those who got it that it is closed.

    `wrong`: it never was so; those who got it hear that it is retracted, not that it is over.

    A held revision is taken back alone: what was told before it still stands. A digest of several updates is
    not stopped: its readers are told that this one is closed. Raises Forbidden, NotFound, and Conflict for an
    update that is closed already.
    """
    actor.require(Permission.PUBLISH)
    latest = services.updates.standing(update)
    if latest.accepted_ms is None and services.updates.withdraw(latest.ref, reason):
        record(services, actor, "update.take_back", latest.ref, after={"reason": reason})
        return Withdrawal(latest)
    latest = services.updates.revision(latest.ref)  # it may have been accepted a moment ago
    if latest.kind.ends:
        raise Conflict(f"{update} is closed already.", f"See `alerts status {update}`.")
    going_out = _stop(services, update, reason)
    kind = Kind.RETRACTION if wrong else Kind.CANCEL
    cancel = replace(latest.draft, id=update, kind=kind, note=reason, published_at=None, expires_at=None)
    published, work = steps.publish(services, cancel)
    after = {"reason": reason, "cancel": published.revision.ref}
    record(services, actor, "update.withdraw", latest.ref, after=after)
    return Withdrawal(latest, published.revision, going_out, tuple(work))


def _stop(services: Services, update: str, reason: str) -> int:
    """Stop the digests that tell nothing else; how many that tell others as well still go out."""
    going_out = 0
    progress = services.digests.progress(services.updates.digests(update))
    for name, digest in services.digests.get_all(list(progress)).items():
        told = {entry.update for entry in digest.entries if entry.change is not Change.TOLD}
        if told == {update}:
            services.digests.stop(name, State.WITHDRAWN, reason)
        elif update in told and progress[name].state is not DigestState.DONE:
            going_out += 1
    return going_out
