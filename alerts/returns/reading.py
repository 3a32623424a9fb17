"""The one way in: which kind of report a mail is, the surest kinds first."""

from dataclasses import replace

from alerts.model import NotForUs, Receipt, Unasked
from alerts.returns import auto_replies, complaints, delivery_status, prose
from alerts.returns.mails import Mail
from alerts.returns.tokens import tokens

#: Octets of the longest mail that is looked at; a longer one is nobody's report.
OCTETS_MAX = 10 * 1024 * 1024


def read(octets: bytes) -> Receipt | NotForUs:
    """Say what a mail is: one that came back, as it arrived. Never raises, however it was made.

    Its first 128 KiB are read, and up to 30 parts within parts.
    """
    mail = Mail.open(octets) if len(octets) <= OCTETS_MAX else None
    if mail is None:
        return NotForUs(Unasked.UNREADABLE)
    named = tokens(mail)
    for form in (complaints.read, delivery_status.read):
        if (receipt := form(mail)) is not None:
            return replace(receipt, tokens=named)
    reply = auto_replies.is_one(mail)
    if (receipt := prose.read(mail, reply=reply)) is not None:
        return replace(receipt, tokens=named)
    return NotForUs(Unasked.AUTO_REPLY if reply else Unasked.ORDINARY, named)
