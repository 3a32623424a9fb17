"""The URL of a mailbox: read once, refused in a sentence that repeats nothing of it."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from alerts.errors import BadInput, Faults

SETTING = "ALERTS_BOUNCES_URL"
_EXAMPLE = "Write imaps://user:password@mail.example.org/INBOX."
_ENCODE = (
    "In a user and a password write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25: "
    "imaps://bounces%40example.org:password@mail.example.org/INBOX."
)
_PORTS = {"imaps": 993, "imap": 143}


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """One folder of one mailbox, and how to get in.

    `context` is None exactly where nothing leaves this machine: there `imap://` is not encrypted. To any
    other host it is, by STARTTLS: the password would be read on the way, and whoever answered in the
    server's name could have everybody suppressed.
    """

    host: str
    port: int
    folder: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    starttls: bool
    context: ssl.SSLContext | None = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a URL apart. Raises BadInput with everything that is wrong, which repeats nothing of it.

        `cafile` names the certificates to trust instead of the system's.
        """
        url = _split(text)
        faults = Faults()
        host = faults.of(lambda: _host(url), "")
        user, password = faults.of(lambda: _login(url), ("", ""))
        folder = faults.of(lambda: _folder(url), "")
        plain = url.scheme == "imap" and _is_loopback(host)
        context = faults.of(lambda: _context(url, plain), None)
        faults.complain()
        return cls(
            host,
            url.port or _PORTS[url.scheme],
            folder,
            user,
            password,
            starttls=url.scheme == "imap" and not plain,
            context=context,
        )


def _split(text: str) -> SplitResult:
    guessed = BadInput(f"{SETTING} cannot be taken apart: a sign in it means something else.", _ENCODE)
    if text.partition("://")[0].lower() not in _PORTS:
        raise BadInput(f"{SETTING} is not the address of a mailbox.", _EXAMPLE)
    if not text.isprintable() or " " in text:
        raise guessed
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:  # it repeats what it could not read: often the password
        raise guessed from None
    if url.fragment or text.endswith("#") or "@" in url.path + url.query or url.port == 0:
        raise guessed
    return url


def _host(url: SplitResult) -> str:
    host = url.hostname or ""
    try:
        host.encode("idna")
    except UnicodeError:
        host = ""
    if not host:
        raise BadInput(f"{SETTING} names no host.", _EXAMPLE)
    return host


def _login(url: SplitResult) -> tuple[str, str]:
    try:
        user, password = (unquote(part or "", errors="strict") for part in (url.username, url.password))
    except UnicodeDecodeError:
        raise BadInput(f"{SETTING} has percent signs in it that stand for no UTF-8.", _ENCODE) from None
    if not user or not password:
        raise BadInput(f"{SETTING} needs a user and a password.", _EXAMPLE)
    # imaplib writes LOGIN in ASCII; a line break in either would begin a command of its own.
    if not (user + password).isascii() or not (user + password).isprintable():
        raise BadInput(
            f"{SETTING} has signs in its user or password that IMAP's login cannot take.",
            "Choose a password of letters, digits and signs as a keyboard in English has them.",
        )
    return user, password


def _folder(url: SplitResult) -> str:
    try:
        folder = unquote(url.path.removeprefix("/"), errors="strict") or "INBOX"
    except UnicodeDecodeError:
        raise BadInput(f"{SETTING} has percent signs in it that stand for no UTF-8.", _ENCODE) from None
    if not folder.isprintable() or any(sign in folder for sign in "*%"):
        raise BadInput(
            f"{SETTING} names a folder that cannot be one.", "Write it as the mail server spells it: /INBOX."
        )
    return folder


def _context(url: SplitResult, plain: bool) -> ssl.SSLContext | None:
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    cafile = options.pop("cafile", None)
    if options:
        raise BadInput(f"{SETTING} has an option that is not known.", "Known is cafile=PATH alone.")
    if plain:
        return None
    try:
        return ssl.create_default_context(cafile=cafile or None)
    except OSError:
        raise BadInput(
            f"The cafile of {SETTING} cannot be read.", "Name a file of PEM certificates."
        ) from None


def _is_loopback(host: str) -> bool:
    """Whether the host is this machine by name or number; no name but localhost is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
