"""A mailbox on a server, read over IMAP: mails out, and moved once they are taken. Nothing is deleted.

address     ALERTS_BOUNCES_URL, read
connection  logged in: the mails that wait, some at a time; where they are moved to; word of new ones
faults      whatever goes wrong with it, in a sentence with a hint
"""

from alerts.mailbox.address import MailboxAddress
from alerts.mailbox.connection import Mailbox, WaitingMail
from alerts.mailbox.faults import MailboxCause, MailboxFault

__all__ = ["Mailbox", "MailboxAddress", "MailboxCause", "MailboxFault", "WaitingMail"]
