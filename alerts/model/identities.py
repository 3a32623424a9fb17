"""Who an address is: one person, however it is spelt."""

import unicodedata

from alerts.model.subscriptions import Channel


def identity(channel: Channel, address: str) -> str:
    """Fold an address to what all of its spellings have in common.

    Delivery uses an address as it was written, for RFC 5321 leaves case to the receiving server; but none in
    use has two people who differ by it. Plus signs and dots stay: what they mean is the server's alone.
    """
    if channel is Channel.SLACK:
        return address  # ids, and already in capitals
    return unicodedata.normalize("NFKC", address).casefold()
