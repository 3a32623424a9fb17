"""Addresses as they are stored and looked up: one spelling per destination. Asks no network."""

from alerts.channels import CHANNELS, channel_of
from alerts.model import Channel

#: Letters in full width, as keyboards of East Asia write them, → the same letters.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}


def destination(text: str, channel: Channel | None = None) -> tuple[Channel, str]:
    """Tell the channel and the one spelling of an address. Raises BadInput.

    Without `channel` the address itself tells, by its form. Whose an address is, however it is spelt, its
    channel's `identity` tells.
    """
    typed = text.translate(_NARROW).strip()
    if channel is None:
        channel = channel_of(typed)
    return channel, CHANNELS[channel].address.parse(typed)


def owner_named(text: str) -> str:
    """The one spelling of an owner's address, on whichever channel; empty for none. Raises BadInput."""
    return destination(text)[1] if text.strip() else ""
