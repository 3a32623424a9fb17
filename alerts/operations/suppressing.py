"""Standing reasons not to send to an address, set and lifted by operators. The address need not subscribe."""

from alerts.errors import Conflict, NotFound
from alerts.model import Channel
from alerts.operations.addresses import destination
from alerts.operations.wishes import label
from alerts.services import Services
from alerts.store import Suppression

#: Who set it, where it was not a provider: an operator, or those who receive, by complaint or by leaving.
OPERATOR, COMPLAINT, SUBSCRIBER = "operator", "complaint", "subscriber"


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
