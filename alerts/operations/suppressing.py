"""Standing reasons not to send to an address, which need not subscribe: set and lifted by operators.

People set and lift their own by the link in their emails, which knows them by number.
"""

from alerts.errors import Conflict, NotFound
from alerts.model import Channel
from alerts.operations.addresses import destination
from alerts.operations.wishes import label
from alerts.services import Services
from alerts.store import Suppression

#: Who set it, where it was not a provider: an operator, or those who receive, by complaint or by leaving.
OPERATOR, COMPLAINT, SUBSCRIBER = "operator", "complaint", "subscriber"
#: The reason of those who used the link: the only one that their undo lifts.
BY_LINK = "unsubscribed by link"


def suppress(services: Services, address: str, reason: str = "") -> tuple[Channel, str, Suppression]:
    """Send nothing to this address again. The first reason stays: what is returned is the one that stands."""
    channel, exact = destination(address)
    services.subscribers.suppress(channel, exact, label(reason) or "by operator", OPERATOR)
    standing = services.subscribers.suppressions(channel, [exact])
    return channel, exact, standing[exact]


def unsuppress(services: Services, address: str, force: bool = False) -> tuple[Channel, str, Suppression]:
    """Lift the standing reason, and tell it. Raises NotFound if there is none.

    What people said themselves, by complaint or by unsubscribing, is lifted only with `force`: Conflict.
    """
    channel, exact = destination(address)
    standing = services.subscribers.suppressions(channel, [exact]).get(exact)
    if standing is None:
        raise NotFound(f"Nothing is in the way of “{exact}”.", "See `alerts trace` for what was sent there.")
    if standing.by in (COMPLAINT, SUBSCRIBER) and not force:
        raise Conflict(
            f"They asked for it themselves: {standing.reason}.",
            "Give --force only if they told you that they want to receive again.",
        )
    services.subscribers.unsuppress(channel, exact)
    return channel, exact, standing


def address_of(services: Services, sid: int) -> str:
    """Where emails to the subscriber of this number go. Raises NotFound for one who was removed."""
    [found] = services.subscribers.destinations([sid])
    if not found.address:
        raise NotFound("This subscriber is gone.", "Nothing is sent to them any more.")
    return found.address


def leave(services: Services, sid: int) -> bool:
    """Send this subscriber no more emails, at their own word. False if `come_back` would not undo it.

    Their word outlasts an operator's or a provider's reason, which is kept within theirs. Raises NotFound.
    """
    address = address_of(services, sid)
    if services.subscribers.suppress(Channel.EMAIL, address, BY_LINK, SUBSCRIBER):
        return True
    standing = _standing(services, address)
    if standing and standing.by not in (COMPLAINT, SUBSCRIBER):
        reason = f"{BY_LINK}; before: {standing.reason}"
        services.subscribers.suppress(Channel.EMAIL, address, reason, SUBSCRIBER, anew=True)
    return _by_link(standing)


def come_back(services: Services, sid: int) -> bool:
    """Undo `leave`, and nothing else. False if something still stands in the way. Raises NotFound."""
    address = address_of(services, sid)
    standing = _standing(services, address)
    if _by_link(standing):
        services.subscribers.unsuppress(Channel.EMAIL, address)
        return True
    return standing is None


def _standing(services: Services, address: str) -> Suppression | None:
    return services.subscribers.suppressions(Channel.EMAIL, [address]).get(address)


def _by_link(standing: Suppression | None) -> bool:
    return standing is not None and (standing.by, standing.reason) == (SUBSCRIBER, BY_LINK)
