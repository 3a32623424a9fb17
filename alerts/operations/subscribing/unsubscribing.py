"""What people do by the link in their emails, which is theirs however they are spelt or numbered."""

from dataclasses import dataclass

from alerts import channels
from alerts.errors import NotFound
from alerts.links import Purpose
from alerts.operations.acting import Actor, record
from alerts.operations.subscribing.suppressing import lift, note_lifted
from alerts.services import Services
from alerts.store import SUBSCRIBER, Suppression
from alerts.walk.receive import COMPLAINT

#: What the audit calls the way in.
DOOR = "unsubscribe link"
#: The reason of those who used the link: the only one that their undo lifts.
BY_LINK = "unsubscribed by link"


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whoever has the link of one person. They may act for that person alone, and do nothing else here."""

    identity: str
    door: str = DOOR

    @property
    def actor(self) -> Actor:
        """As the audit calls them. No permission: whatever is for operators is refused to them."""
        return Actor(self.identity, self.door, frozenset())


def holder_of(services: Services, token: str) -> LinkHolder:
    """Whom a link in an email is for, subscribed or not. Raises NotFound if it is not ours.

    A link of the first version is of a number. It works as long as who had that number when such links were
    made subscribes; a number that was given later, or by another installation, is nobody's.
    """
    links = services.links
    number = links.read_number(Purpose.UNSUBSCRIBE, token)
    if number is None:
        return LinkHolder(links.read(Purpose.UNSUBSCRIBE, token))
    [found] = services.subscribers.destinations([services.merged.kept(number)])
    if not found.address or not services.installation.numbered(number):
        raise NotFound("This subscriber is gone.", "Use the link from the newest message.")
    return LinkHolder(channels.identity(channels.unsubscribing(found.address), found.address))


def language_of(services: Services, holder: LinkHolder) -> str:
    """In which language the holder of a link reads; empty where that is not known."""
    person = services.subscribers.find(channels.unsubscribing(holder.identity), holder.identity)
    return person.language if person else ""


def leave(services: Services, holder: LinkHolder) -> bool:
    """Send this person nothing more, at their own word. False if `come_back` would not undo it.

    Their word outlasts an operator's or a provider's reason, which is kept within theirs.
    """
    person = holder.identity
    channel = channels.unsubscribing(person)
    if services.erased.since(channel, [person]):  # nothing is sent, and nothing is kept
        return False
    if services.suppressions.add(channel, person, BY_LINK, SUBSCRIBER):
        record(services, holder.actor, "subscriber.leave", person)
        return True
    standing = _standing(services, person)
    if standing and standing.by not in (COMPLAINT, SUBSCRIBER):
        reason = f"{BY_LINK}; before: {standing.reason}"
        services.suppressions.add(channel, person, reason, SUBSCRIBER, anew=True)
        record(services, holder.actor, "subscriber.leave", person, before={"reason": standing.reason})
    return standing is not None and is_by_link(standing)


def come_back(services: Services, holder: LinkHolder) -> bool:
    """Undo `leave`, and nothing else. False if something still stands in the way."""
    standing = _standing(services, holder.identity)
    if standing and is_by_link(standing):
        lifted = lift(services, channels.unsubscribing(holder.identity), holder.identity, standing)
        note_lifted(services, holder.actor, "subscriber.come_back", lifted)
        return True
    return standing is None


def is_by_link(standing: Suppression) -> bool:
    """Whether it is a reason that its holder gave by their link, and may take back by it."""
    return (standing.by, standing.reason) == (SUBSCRIBER, BY_LINK)


def _standing(services: Services, person: str) -> Suppression | None:
    return services.suppressions.find(channels.unsubscribing(person), [person]).get(person)
