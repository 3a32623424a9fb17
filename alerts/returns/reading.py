"""The one way in: which kind of report a mail is, the surest kinds first."""

from collections.abc import Sequence
from dataclasses import replace

from alerts.model import NotForUs, ReadAs, Unasked
from alerts.returns import auto_replies, complaints, delivery_status, leaving, prose, replies
from alerts.returns.mails import Mail
from alerts.returns.tokens import named

#: Octets of the longest mail that is looked at; a longer one is nobody's report.
OCTETS_MAX = 10 * 1024 * 1024


def read(octets: bytes, to: Sequence[str] = ()) -> ReadAs:
    """Say what a mail is that came back, as it arrived, `to` whom. Never raises, however it was made.

    Its first 128 KiB are read, and up to 30 parts within parts; none of one that is cut off.
    """
    mail = Mail.open(octets, to) if len(octets) <= OCTETS_MAX else None
    if mail is None or mail.cut_off:
        return NotForUs(Unasked.UNREADABLE)
    tokens = named(mail)
    for form in (complaints.read, delivery_status.read):
        if (receipt := form(mail)) is not None:
            return replace(receipt, tokens=tokens)
    if (asked := leaving.read(mail)) is not None:
        return asked
    automatic = auto_replies.is_one(mail)
    if (receipt := prose.read(mail, reply=automatic)) is not None:
        return replace(receipt, tokens=tokens)
    if automatic:
        return NotForUs(Unasked.AUTO_REPLY, tokens)
    return NotForUs(Unasked.ORDINARY, tokens, replies.read(mail))
