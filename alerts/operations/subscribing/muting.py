"""One situation muted for one person, and heard of again: it gets worse, is over, or they take it back."""

from dataclasses import dataclass

from alerts.channels import masked
from alerts.errors import Conflict, NotFound
from alerts.model import Mute, PersonKey, Revision, Severity, Step, Subscriber, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.altering import TRIES
from alerts.operations.subscribing.subscriber_details import find
from alerts.rules.mutes import is_silent
from alerts.services import Services
from alerts.store import History
from alerts.texts import Text


@dataclass(frozen=True, slots=True)
class MutedUpdate:
    """A situation that somebody hears nothing of, or hears of again."""

    subscriber: Subscriber
    mute: Mute
    latest: Revision  #: what others know of it
    muted: bool
    already: bool = False  #: it was so before; nothing was done now
    work: tuple[Work, ...] = ()  #: to ring for

    def to_dict(self) -> dict[str, object]:
        return {
            "address": self.subscriber.address,
            "update": self.latest.update,
            "headline": self.latest.draft.headline,
            "muted": self.muted,
            "since": utc_text(self.mute.from_ms),
            "until": utc_text(self.mute.until_ms or None),
            "severity_then": self.mute.severity.value,
            "severity": self.latest.draft.severity.value,
            "already": self.already,
        }


def mute(services: Services, actor: Actor, address: str, update: str) -> MutedUpdate:
    """Say no more of a situation to somebody, until it gets worse, is over, or `unmute`. Twice is once.

    What corrects or takes back what they were delivered reaches them all the same. Raises Forbidden,
    NotFound, and Conflict where there is nothing more to be said of it.
    """
    actor.require(Permission.MANAGE)
    return mute_own(services, actor, address, update)


def mute_own(
    services: Services, actor: Actor, address: str, update: str, severity: Severity | None = None
) -> MutedUpdate:
    """The same for a reader whose link was checked, and what is theirs.

    `severity`: what gets worse than that is heard of; None for what it is at present.
    """
    person = find(services, address)
    for _ in range(TRIES):
        history = services.updates.history(update)
        latest = _going_on(history)
        before = services.mutes.of(person.sid).get(update)
        if before is not None and _is_muted(services, before, history):
            return MutedUpdate(person, before, latest, muted=True, already=True)
        least = severity or latest.draft.severity
        if at_ms := services.mutes.put(person.sid, latest, before, least):
            made = Mute(at_ms, 0, latest.number, least)
            after = {"update": update, "severity": least.value}
            record(services, actor, "subscriber.mute", masked(person.address), after=after)
            return MutedUpdate(person, made, latest, muted=True)
    raise Conflict(Text("What is muted is being changed by others at this moment."), Text("Try again."))


def unmute(services: Services, actor: Actor, address: str, update: str) -> MutedUpdate:
    """Say again what becomes of a situation, and at once what was left out. Twice is once.

    Raises Forbidden, and NotFound for what they have not muted.
    """
    actor.require(Permission.MANAGE)
    return unmute_own(services, actor, address, update)


def unmute_own(services: Services, actor: Actor, address: str, update: str) -> MutedUpdate:
    """The same for a reader whose link was checked, and what is theirs."""
    person = find(services, address)
    for _ in range(TRIES):
        history = services.updates.history(update)
        before = services.mutes.of(person.sid).get(update)
        if before is None or history.accepted is None:
            raise NotFound(
                f"{masked(person.address)} has not muted “{update[:64]}”.",
                f"See what they have with `alerts subscribers mutes {masked(person.address)}`.",
            )
        if not _is_muted(services, before, history):
            return MutedUpdate(person, before, history.accepted, muted=False, already=True)
        if at_ms := services.mutes.take_back(person.sid, update, before):
            was = {"update": update, "since": utc_text(before.from_ms)}
            record(services, actor, "subscriber.unmute", masked(person.address), before=was)
            owed = Work(Step.UNMUTE, PersonKey.of(person.sid, at_ms))
            ended = before._replace(until_ms=at_ms)
            return MutedUpdate(person, ended, history.accepted, muted=False, work=(owed,))
    raise Conflict(Text("What is muted is being changed by others at this moment."), Text("Try again."))


def list_muted(services: Services, actor: Actor, address: str) -> list[MutedUpdate]:
    """What somebody hears nothing of at present, the latest muted first. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return muted_by(services, find(services, address))


def muted_by(services: Services, person: Subscriber) -> list[MutedUpdate]:
    """The same, for whoever may ask."""
    mutes = services.mutes.of(person.sid)
    found = [
        MutedUpdate(person, mutes[update], history.accepted, muted=True)
        for update, history in services.updates.histories(list(mutes)).items()
        if history.accepted and _is_muted(services, mutes[update], history)
    ]
    return sorted(found, key=lambda one: -one.mute.from_ms)


def _going_on(history: History) -> Revision:
    """What readers know of a situation of which more may come. Raises Conflict, or NotFound."""
    latest = history.accepted
    if latest is None:
        raise NotFound(
            Text("Nobody has seen the update “%(update)s”.", update=history.update[:64]),
            Text("It can be muted once it is accepted."),
        )
    if latest.kind.ends:
        raise Conflict(
            Text("The update “%(update)s” is over.", update=history.update[:64]),
            Text("There is nothing more to be muted."),
        )
    return latest


def _is_muted(services: Services, mute: Mute, history: History) -> bool:
    return is_silent(mute, history.revisions, services.server.now_ms())
