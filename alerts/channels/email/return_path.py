"""Where what cannot be delivered comes back to: the sender of the envelope (RFC 5321 §4.4)."""

import re
from collections.abc import Callable
from email.utils import parseaddr

from alerts.channels.email.envelope import wire_address
from alerts.errors import BadInput
from alerts.model import Recipient
from alerts.settings import Settings

#: The sender of the envelope of one delivery, as MAIL takes it.
ReturnPath = Callable[[Recipient], bytes]

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}", re.IGNORECASE)


def return_path(settings: Settings) -> ReturnPath:
    """An address for each delivery at ALERTS_RETURN_PATH, or without it the one mails come from.

    Raises BadInput for what no server can read.
    """
    return of_everybody(settings.mail_from) if settings.return_path is None else of_each(settings.return_path)


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
    return lambda _recipient: address


def of_each(domain: str) -> ReturnPath:
    """`bounces+TOKEN@domain`, signed: whatever comes back to it is about that delivery. Raises BadInput."""
    required(domain)
    return lambda recipient: f"bounces+{recipient.blanks['delivery']}@{domain}".encode("ascii")


def required(domain: str) -> None:
    """Raise BadInput for what is no domain that mail can be sent to."""
    if len(domain) > 190 or not _DOMAIN.fullmatch(domain):
        raise BadInput(
            "ALERTS_RETURN_PATH is no domain.",
            "Write a domain whose mail comes to `alerts receive`, such as returns.example.org.",
        )
