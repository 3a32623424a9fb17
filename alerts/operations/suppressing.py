"""Standing reasons not to send to an address, which need not subscribe: set and lifted by operators.

People set and lift their own by the link in their emails, which is theirs however they are spelt or numbered.
"""

from dataclasses import dataclass, field

from alerts import channels
from alerts.errors import Conflict, NotFound
from alerts.links import Purpose
from alerts.model import (
    Channel,
    Standing,
    State,
    Work,
)
from alerts.operations.addresses import destination
from alerts.operations.wishes import label
from alerts.services import Services
from alerts.store import Suppression
from alerts.walk import recipients
from alerts.walk.catch_up import catch_up_work

#: Who set it, where it was not a provider: an operator, or those who receive, by complaint or by leaving.
OPERATOR, COMPLAINT, SUBSCRIBER = "operator", "complaint", "subscriber"
#: Of what an address missed, so many are sent as they were, each by itself; more are told in one digest.
RESENT_MOST = 5
#: How often a subscriber is read again who is being changed by somebody else at the same moment.
TRIES = 3
#: The reason of those who used the link: the only one that their undo lifts.
BY_LINK = "unsubscribed by link"


def suppress(services: Services, address: str, reason: str = "") -> tuple[Channel, str, Suppression]:
    """Send nothing to this address again. The first reason stays: what is returned is the one that stands."""
    channel, exact = destination(address)
    services.suppressions.add(channel, exact, label(reason) or "by operator", OPERATOR)
    standing = services.suppressions.find(channel, [exact])
    return channel, exact, standing[exact]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A suppression that stands no more, and what its address gets of what it missed."""

    channel: Channel
    address: str
    was: Suppression
    again: int = 0  #: deliveries that are sent as they were
    catch_up: bool = False  #: the rest, if there is any, comes in one digest
    works: list[Work] = field(default_factory=list)  #: to ring for


def unsuppress(services: Services, address: str, force: bool = False, catch_up: bool = True) -> Lifted:
    """Lift the standing reason, and send what was missed and still matters, as after a pause.

    Raises NotFound if there is none. What people said themselves, by complaint or by unsubscribing, is lifted
    only with `force`: Conflict.
    """
    channel, exact = destination(address)
    standing = services.suppressions.find(channel, [exact]).get(exact)
    if standing is None:
        raise NotFound(f"Nothing is in the way of “{exact}”.", "See `alerts trace` for what was sent there.")
    if standing.by in (COMPLAINT, SUBSCRIBER) and not force:
        raise Conflict(
            f"They asked for it themselves: {standing.reason}.",
            "Give --force only if they told you that they want to receive again.",
        )
    return _lift(services, channel, exact, standing, catch_up)


def _lift(
    services: Services, channel: Channel, address: str, standing: Suppression, catch_up: bool = True
) -> Lifted:
    """Deliveries are owed again first: the catch-up tells what is not on its way then."""
    services.suppressions.lift(channel, address)
    person = services.subscribers.find(channel, address)
    if person is None or person.standing is not Standing.ACTIVE or not catch_up:
        return Lifted(channel, address, standing)
    missed = recipients.missed(services, person, standing.since_ms)
    works: list[Work] = []
    again = 0
    if len(missed) <= RESENT_MOST:
        for digest in missed:
            k = services.ledger.batch_of(
                digest.id, person.sid, services.digests.progress([digest.id])[digest.id].batches
            )
            sends, n = services.digests.reopen(digest, k, [person.sid], (State.FAILED, State.SUPPRESSED))
            works += sends
            again += n
    for _ in range(TRIES):
        try:
            back = services.subscribers.save(person, person, True, standing.since_ms)
        except Conflict:  # somebody changed their wishes in between: what they missed is owed by the new ones
            [person] = services.subscribers.load([person.sid])
        else:
            works.append(catch_up_work(back))
            break
    return Lifted(channel, address, standing, again, True, works)


def person_of(services: Services, token: str) -> str:
    """The identity of whom a link in an email is for, subscribed or not. Raises NotFound if it is not ours.

    A link of the first version is of a number. It works as long as who had that number when such links were
    made subscribes; a number that was given later, or by another installation, is nobody's.
    """
    links = services.links
    number = links.read_number(Purpose.UNSUBSCRIBE, token)
    if number is None:
        return links.read(Purpose.UNSUBSCRIBE, token)
    [found] = services.subscribers.destinations([number])
    if not found.address or not services.installation.numbered(number):
        raise NotFound("This subscriber is gone.", "Use the link from the newest message.")
    return channels.identity(channels.unsubscribing(found.address), found.address)


def leave(services: Services, person: str) -> bool:
    """Send this person nothing more, at their own word. False if `come_back` would not undo it.

    Their word outlasts an operator's or a provider's reason, which is kept within theirs.
    """
    channel = channels.unsubscribing(person)
    if services.suppressions.add(channel, person, BY_LINK, SUBSCRIBER):
        return True
    standing = _standing(services, person)
    if standing and standing.by not in (COMPLAINT, SUBSCRIBER):
        reason = f"{BY_LINK}; before: {standing.reason}"
        services.suppressions.add(channel, person, reason, SUBSCRIBER, anew=True)
    return _by_link(standing)


def come_back(services: Services, person: str) -> bool:
    """Undo `leave`, and nothing else. False if something still stands in the way."""
    standing = _standing(services, person)
    if standing and _by_link(standing):
        _lift(services, channels.unsubscribing(person), person, standing)
        return True
    return standing is None


def _standing(services: Services, person: str) -> Suppression | None:
    return services.suppressions.find(channels.unsubscribing(person), [person]).get(person)


def _by_link(standing: Suppression | None) -> bool:
    return standing is not None and (standing.by, standing.reason) == (SUBSCRIBER, BY_LINK)
