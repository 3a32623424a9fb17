"""What differs between two receivers of the same digest: the values of the blanks."""

from alerts.channels.contract import Personal
from alerts.channels.webhook.address import target
from alerts.channels.webhook.formats import FORMATS
from alerts.channels.webhook.signing import signing
from alerts.rendering import shown_reason
from alerts.rendering.cleaning import literal
from alerts.settings import Settings


def blanks(_settings: Settings, who: Personal) -> dict[str, str]:
    """Give the blanks of one receiver, and for the sender which of its secrets sign."""
    reason = shown_reason(f"{who.reason} {who.next_slot}".strip())
    return {
        # It names subscriptions, which are called as somebody likes.
        "reason": literal(reason) if FORMATS[target(who.address).format].text_max else reason,
        "page": who.links.reading(who.digest.id, who.batch, who.sid),
        "generations": " ".join(map(str, signing(who.generation, who.at_ms))),
    }
