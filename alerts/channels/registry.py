"""The channels there are, a line each, and what is asked about all of them."""

from alerts.channels.contract import ChannelType
from alerts.channels.email import EMAIL
from alerts.channels.slack import SLACK
from alerts.channels.webhook import WEBHOOK
from alerts.errors import BadInput, NotFound
from alerts.model import Channel, Folds
from alerts.texts import Text

#: By name, in the order in which they are asked whether an address is theirs: the pickiest first.
CHANNELS: dict[Channel, ChannelType] = {
    kind.name: kind
    for kind in (
        WEBHOOK,
        EMAIL,
        SLACK,
    )
}


def folds() -> Folds:
    """How each channel folds an address to whose it is."""
    return {name: kind.address.identity for name, kind in CHANNELS.items()}


def identity(channel: Channel, address: str) -> str:
    """Who an address is: one person, however it is spelt."""
    return CHANNELS[channel].address.identity(address)


def masked(address: str) -> str:
    """An address as it is shown where nobody needs it to send there: of a credential, whose it is."""
    forms = (kind.address for kind in CHANNELS.values())
    return next((form.masked(address) for form in forms if form.claims(address)), address)


def taker(channel: Channel, address: str) -> str:
    """Whose server takes what is sent to an address, as it is counted: `email example.org`."""
    return f"{channel} {CHANNELS[channel].address.domain(address) or '?'}"


def channel_of(typed: str) -> Channel:
    """The channel whose addresses look like this. Raises BadInput if there is none."""
    for name, kind in CHANNELS.items():
        if kind.address.claims(typed):
            return name
    *others, last = (kind.address.shape for kind in CHANNELS.values())
    raise BadInput(f"“{typed[:80]}” is no address.", f"Write {', '.join(others)}, or {last}.")


def destination(typed: str) -> tuple[Channel, str]:
    """The channel and the one spelling of an address. Raises BadInput."""
    channel = channel_of(typed)
    return channel, CHANNELS[channel].address.parse(typed)


def joining(address: str) -> Channel:
    """The channel by which the holder of an address can join and come in. Raises BadInput if none is."""
    for name, kind in CHANNELS.items():
        if kind.one_time is not None and kind.address.claims(address):
            return name
    raise BadInput(
        Text("No email can be sent to “%(address)s”.", address=address[:80]),
        Text("Write an email address."),
    )


def answering(address: str) -> Channel:
    """The channel by which who sent an update is answered. Raises BadInput if no update comes from there."""
    for name, kind in CHANNELS.items():
        if kind.answer is not None and kind.address.claims(address):
            return name
    raise BadInput(f"“{address[:80]}” is no address that an update can come from.", "Write an email address.")


def unsubscribing(address: str) -> Channel:
    """The channel that a link to unsubscribe stops for an address. Raises NotFound if it has no such link."""
    for name, kind in CHANNELS.items():
        if kind.unsubscribes_by_link and kind.address.claims(address):
            return name
    raise NotFound("This link is for nobody who could use it.", "Use the link from the newest message.")
