from .address import MailboxAddress
from .connection import Mailbox, WaitingMail
from .faults import MailboxCause, MailboxFault

__all__ = [
    "Mailbox",
    "MailboxAddress",
    "MailboxCause",
    "MailboxFault",
    "WaitingMail",
]
