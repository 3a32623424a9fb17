"""Mails by which people ask for nothing more: to the address for it (RFC 2369), or by their subject."""

import re

from alerts.model import Leaving
from alerts.returns.mails import Mail
from alerts.returns.tokens import named

_ADDRESS = re.compile(r"\bleave\+[ru][0-9a-f]{20}\.", re.IGNORECASE)
#: What mail programs write for people who press “Unsubscribe”, and people for themselves.
_SUBJECT = re.compile(r"\s*(?:(?:re|aw)\s*:\s*)?unsubscribe\W*", re.IGNORECASE)


def read(mail: Mail) -> Leaving | None:
    """Whether a mail asks for that; None for one that does not."""
    to_leave = any(_ADDRESS.search(address) for address in mail.recipients())
    return Leaving(named(mail)) if to_leave or _SUBJECT.fullmatch(mail.subject) else None
