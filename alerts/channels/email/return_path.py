"""Where what cannot be delivered comes back to: the sender of the envelope (RFC 5321 §4.4)."""

from collections.abc import Callable
from email.utils import parseaddr

from alerts.channels.email.envelope import wire_address
from alerts.errors import BadInput

#: The sender of one delivery's envelope, as MAIL takes it, by its digest and its subscriber's number.
ReturnPath = Callable[[str, int], bytes]


def of_everybody(mail_from: str) -> ReturnPath:
    """The address mails come from, for every delivery. Raises BadInput for what no server can read."""
    try:
        address = wire_address(parseaddr(mail_from)[1])
    except BadInput:
        address = b""
    if not (address and address.isascii() and mail_from.isprintable()):
        raise BadInput(
            "The sender of the mails is no address that every server can read.",
            "Write ALERTS_MAIL_FROM like Alerts <alerts@example.org>.",
        )
    return lambda _digest, _sid: address
