"""Ending an update that was accepted: closed because it is over, or retracted because it was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from alerts.channels import CHANNELS
from alerts.errors import Conflict, NotFound
from alerts.model import Change, Channel, DigestState, Instant, Kind, Revision, State, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.publishing.previously_delivered import previously_delivered
from alerts.services import Services
from alerts.store import History
from alerts.walk import steps

#: What each end is called, of the update that it ends.
ENDED = {Kind.CANCEL: "closed", Kind.RETRACTION: "retracted"}
#: Why a digest that told nothing else was stopped, where no reason is given.
_STOPPED = {Kind.CANCEL: "the situation is over", Kind.RETRACTION: "it was wrong"}


@dataclass(frozen=True, slots=True)
class Readers:
    """Whom an end would be told: everybody who may have the update already, by channel."""

    revision: Revision  #: what they know
    people: Mapping[Channel, int]

    @property
    def said(self) -> str:
        """`28 people and 2 Slack channels`, or `nobody`."""
        return counted(self.people)

    def ended_as(self, kind: Kind) -> bool:
        """Whether there is nothing left to say by such an end: what was retracted is not closed."""
        return _says_it_already(self.revision, kind)


@dataclass(frozen=True, slots=True)
class Ending:
    """An update that is over, or was wrong, and what tells those who have it."""

    revision: Revision  #: the one that was ended
    end: Revision  #: the one that says so
    already: bool = False  #: it was ended before; nothing was done now
    people: Mapping[Channel, int] = field(default_factory=dict)  #: who is told now, by channel
    #: Slot runs' digests that tell others as well, and are not all out: they are not stopped.
    going_out: int = 0
    work: tuple[Work, ...] = ()  #: to ring for

    @property
    def how(self) -> str:
        """`closed` or `retracted`."""
        return ENDED[self.end.kind]

    @property
    def ended_ms(self) -> Instant | None:
        return self.end.accepted_ms

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.end.number,
            "how": self.how,
            "already": self.already,
            "ended_at": utc_text(self.ended_ms),
            "people": dict(self.people),
            "digests_going_out": self.going_out,
        }


def readers(services: Services, actor: Actor, update: str) -> Readers:
    """Count those who would be told of an end. Raises Forbidden, NotFound, Conflict as ending it would."""
    actor.require(Permission.READ)
    accepted = _accepted(services.updates.history(update))
    return _readers(services, accepted)


def close(services: Services, actor: Actor, update: str, reason: str = "") -> Ending:
    """Stop what was not sent, and tell those who have it that it is over.

    A held revision is taken back with it. A digest of several updates is not stopped: its readers are told
    that this one is closed. Twice is once, and what was retracted is not closed. Raises Forbidden, NotFound,
    and Conflict where nobody can have seen it.
    """
    actor.require(Permission.PUBLISH)
    done = _end(services, actor, update, Kind.CANCEL, reason)
    if not done.already:
        record(services, actor, "update.close", done.revision.ref, after=_entry(done))
    return done


def retract(services: Services, actor: Actor, update: str, reason: str = "") -> Ending:
    """Stop what was not sent, and tell those who have it that it never was so; like `close`.

    What was closed as over can still turn out to have been wrong.
    """
    actor.require(Permission.PUBLISH)
    done = _end(services, actor, update, Kind.RETRACTION, reason)
    if not done.already:
        record(services, actor, "update.retract", done.revision.ref, after=_entry(done))
    return done


def counted(people: Mapping[Channel, int]) -> str:
    """How many by each channel, in words."""
    return " and ".join(CHANNELS[c].reader.counted(n) for c, n in people.items() if n) or "nobody"


def _end(services: Services, actor: Actor, update: str, kind: Kind, reason: str) -> Ending:
    accepted = _taken_back_but_accepted(services, actor, update, _STOPPED[kind])
    if _says_it_already(accepted, kind):
        return Ending(accepted, accepted, already=True)
    people = _readers(services, accepted).people
    going_out = _stop(services, update, reason or _STOPPED[kind])
    end = replace(accepted.draft, id=update, kind=kind, note=reason, published_at=None, expires_at=None)
    published, work = steps.publish(services, end)
    return Ending(accepted, published.revision, False, people, going_out, tuple(work))


def _entry(done: Ending) -> dict[str, object]:
    reason = {"reason": done.end.draft.note} if done.end.draft.note else {}
    return {**reason, "by": done.end.ref}


def _says_it_already(accepted: Revision, kind: Kind) -> bool:
    return accepted.kind in (kind, Kind.RETRACTION)


def _taken_back_but_accepted(services: Services, actor: Actor, update: str, reason: str) -> Revision:
    """Take back what is held of an update that readers have; what they know of it then."""
    history = services.updates.history(update)
    _accepted(history)
    for held in history.held:
        if services.updates.withdraw(held.ref, reason):
            record(services, actor, "update.take_back", held.ref, after={"reason": reason})
    return _accepted(services.updates.history(update))  # a held one may have been accepted a moment ago


def _accepted(history: History) -> Revision:
    """What readers know. Raises Conflict, or NotFound, where nobody can have seen anything."""
    if history.accepted is not None:
        return history.accepted
    if history.held:
        raise Conflict(
            f"{history.held[-1].ref} is held: nobody has seen it, and nobody need be told.",
            f"Take it back with `alerts undo {history.update}`.",
        )
    raise NotFound(f"The update “{history.update[:64]}” was taken back.", "Nobody was told about it.")


def _readers(services: Services, accepted: Revision) -> Readers:
    found = previously_delivered(services, accepted.update, accepted.number + 1)
    people = {channel: len(sids) for channel, sids in found.items()}
    return Readers(accepted, people)


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
