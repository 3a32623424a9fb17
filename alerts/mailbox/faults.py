"""What goes wrong with a mailbox, in a sentence with a hint: not in the server's words, which name people."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, IMAPClientReadOnlyError, LoginError

from alerts.errors import Unreachable
from alerts.mailbox.address import MailboxAddress

#: A login is refused with these where it is not the password (RFC 5530).
_NOT_NOW = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG")


class MailboxCause(StrEnum):
    """Why a mailbox cannot be read."""

    AWAY = "away"
    CERTIFICATE = "certificate"
    OPEN = "open"  #: it would have to be read in the open
    LOGIN = "login"
    FOLDER = "folder"
    REFUSED = "refused"  #: a command that others take

    @property
    def passes(self) -> bool:
        """Whether it may be over in a moment, with nobody's help."""
        return self in (MailboxCause.AWAY, MailboxCause.REFUSED)


class MailboxFault(Unreachable):
    """A mailbox cannot be read."""

    code = "mailbox"

    def __init__(self, cause: MailboxCause, sentence: str, hint: str) -> None:
        super().__init__(sentence, hint)
        self.cause = cause


def in_the_open(address: MailboxAddress) -> MailboxFault:
    return MailboxFault(
        MailboxCause.OPEN,
        f"The mailbox's server at {_place(address)} offers no TLS: the password would go in the open.",
        "Write imaps://, or have the server offer STARTTLS.",
    )


def no_folder(address: MailboxAddress) -> MailboxFault:
    return MailboxFault(
        MailboxCause.FOLDER,
        f"The mailbox at {_place(address)} has no folder “{address.folder}” that can be read and changed.",
        "Write the folder as the server spells it, at the end of ALERTS_BOUNCES_URL, or make it there.",
    )


def no_moving(address: MailboxAddress, target: str) -> MailboxFault:
    return MailboxFault(
        MailboxCause.FOLDER,
        f"The mailbox at {_place(address)} takes nothing into its folder “{target}”.",
        "See whether the user may make folders and the mailbox has room. What was taken in stays taken in.",
    )


@contextmanager
def understood(address: MailboxAddress) -> Iterator[None]:
    """Raise whatever the library and the network raise as a MailboxFault."""
    try:
        yield
    except (OSError, IMAPClientError, ValueError) as fault:  # ValueError: what the server says is no IMAP
        raise _fault(address, fault) from None  # its words may hold the login


def _fault(address: MailboxAddress, fault: Exception) -> MailboxFault:
    place = _place(address)
    match fault:
        case ssl.SSLCertVerificationError():
            why = fault.verify_message.rstrip(".")
            return MailboxFault(
                MailboxCause.CERTIFICATE,
                f"The certificate of the mailbox's server at {place} does not hold: {why}.",
                "Name the host as its certificate does, or the certificates to trust: …/INBOX?cafile=PATH.",
            )
        case LoginError() if _means_the_login(fault):
            return MailboxFault(
                MailboxCause.LOGIN,
                f"The mailbox's server at {place} refuses the login.",
                "See whether user and password of ALERTS_BOUNCES_URL are right and % encoded, and whether it "
                "wants a password made for programs.",
            )
        case IMAPClientReadOnlyError():
            return no_folder(address)
        case OSError() | IMAPClientAbortError() | LoginError():
            why = "no answer in time" if isinstance(fault, TimeoutError) else _reason(fault)
            return MailboxFault(
                MailboxCause.AWAY,
                f"The mailbox's server at {place} cannot be reached{f': {why}' if why else ''}.",
                "It is tried again by itself; what comes back waits there meanwhile.",
            )
    return MailboxFault(
        MailboxCause.REFUSED,
        f"The mailbox's server at {place} did not do what it was asked to ({type(fault).__name__}).",
        "It is tried again by itself; what comes back waits there meanwhile.",
    )


def _means_the_login(fault: LoginError) -> bool:
    """Whether it is user or password that is refused; the library calls a lost connection so, too."""
    lost = isinstance(fault.__context__, IMAPClientAbortError)
    return not lost and not any(f"[{code}]" in str(fault) for code in _NOT_NOW)


def _reason(fault: Exception) -> str:
    """The system's words for it; a library's may repeat what the server said."""
    if isinstance(fault, OSError) and not isinstance(fault, imaplib.IMAP4.error):
        return str(getattr(fault, "strerror", None) or "").partition(" (")[0]
    return "the connection was lost" if isinstance(fault, IMAPClientAbortError) else ""


def _place(address: MailboxAddress) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"
