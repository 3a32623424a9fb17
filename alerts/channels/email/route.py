"""The way to the relay: its URL read, and a connection made, secured and logged in with smtplib.

Never sends a password where it could be read, and never goes on without TLS that was offered and failed.
"""

import ipaddress
import math
import os
import smtplib
import socket
import ssl
import time
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from alerts.channels.email.replies import Phase, Reply, classify, plain, take
from alerts.channels.email.reply_kinds import ReplyKinds
from alerts.channels.email.wire import Lost, Wire
from alerts.errors import BadInput
from alerts.model import RouteDown

#: Seconds for the connection, and again for the server's greeting.
CONNECT_TIMEOUT_S = 10.0

#: Seconds after which a connection is asked whether it still lives before it is used again.
IDLE_S = 10.0

_ENCODE = (
    "In a password write # as %23, / as %2F, ? as %3F, @ as %40, % as %25: smtp://user:password@host:587."
)
_HINT = "Write ALERTS_SMTP_URL as smtp://user:password@host:587?tls=required|try|none or smtps://host."


class TLS(StrEnum):
    """When a connection is encrypted. A certificate is always verified, and never a loss put up with."""

    REQUIRED = "required"  #: STARTTLS or nothing
    TRY = "try"  #: STARTTLS where it is offered
    NONE = "none"
    IMPLICIT = "implicit"  #: from the first octet (smtps://)


@dataclass(frozen=True, slots=True)
class Route:
    """Where to and how. `context` is None exactly where `tls` is NONE."""

    host: str
    port: int
    tls: TLS
    context: ssl.SSLContext | None = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "Route":
        """Read the URL. Raises BadInput, which never repeats it: there is a password in it.

        `tls` is `try` unless said, but `none` on this machine itself: local relays sign their own
        certificates, and nothing leaves. `cafile` names the certificates to trust instead of the system's.
        """
        ends = min(
            (place for sign in "#/?" if (place := url.find(sign, url.find("//") + 2)) >= 0), default=-1
        )
        if ends >= 0 and "@" in url[ends:] and "@" not in url[:ends]:
            raise BadInput(
                "The SMTP address cannot be taken apart: a sign in it means something else in a URL.", _ENCODE
            )
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            host.encode("idna")
        except ValueError:
            raise BadInput("The SMTP address cannot be read.", _HINT) from None
        if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/") or parts.fragment:
            raise BadInput("The SMTP address cannot be read.", _HINT)
        tls = _tls(parts.scheme, host, options.pop("tls", None))
        context = _context(tls, options.pop("cafile", None))
        if options:
            raise BadInput(f"The SMTP address has an unknown option “{min(options)[:40]}”.", _HINT)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise BadInput(
                "smtplib can log in with ASCII names and passwords only.", "Choose another password."
            )
        return cls(host, port or (465 if tls is TLS.IMPLICIT else 25), tls, context, user, password)


def _tls(scheme: str, host: str, wanted: str | None) -> TLS:
    if scheme == "smtps":
        if wanted not in (None, "required"):
            raise BadInput("smtps:// is always encrypted, and the option tls says otherwise.", _HINT)
        return TLS.IMPLICIT
    if wanted is None:
        return TLS.NONE if is_loopback(host) else TLS.TRY
    if wanted not in (TLS.REQUIRED, TLS.TRY, TLS.NONE):
        raise BadInput("The option tls of the SMTP address takes required, try or none.", _HINT)
    return TLS(wanted)


def _context(tls: TLS, cafile: str | None) -> ssl.SSLContext | None:
    if tls is TLS.NONE:
        return None
    try:
        return ssl.create_default_context(cafile=cafile or None)
    except OSError:
        raise BadInput(
            "The cafile of the SMTP address cannot be read.", "Name a file of PEM certificates."
        ) from None


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by name or number; no name but localhost is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Connection:
    """A logged-in session with the relay: its wire, and what the server offers."""

    def __init__(self, smtp: smtplib.SMTP, sock: socket.socket, timeout: float, until: float) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or a window waits for an ACK (Nagle)
        self._smtp = smtp
        self._pid = os.getpid()
        self.wire = Wire(sock, timeout)
        self.wire.until = until
        self.pipelining = smtp.has_extn("pipelining")
        self.chunking = smtp.has_extn("chunking")
        self.smtputf8 = smtp.has_extn("smtputf8")
        self.reply_kinds = ReplyKinds()
        self.unfinished = False  #: a transaction was begun that no end of data ended
        self.used_at = time.monotonic()
        self.closings = 0  #: how often its pool had been closed when it was taken

    def alive(self) -> bool:
        """Whether it can be used again: still ours after a fork, not hung up, and answering after a pause."""
        if self._pid != os.getpid() or not self.wire.quiet():
            return False
        if time.monotonic() - self.used_at > IDLE_S:
            try:
                self.wire.write(b"NOOP\r\n")
                return self.wire.reply().code == 250
            except Lost:
                return False
        return True

    def quit(self) -> None:
        """Take leave and close. After a fork it is only closed: the session is the parent's to end."""
        if self._pid == os.getpid():
            with suppress(Lost):  # it may be gone already
                self.wire.write(b"QUIT\r\n")
        self.close()

    def close(self) -> None:
        self._smtp.close()


class _Prompt(smtplib.SMTP):
    """Makes smtplib wait for a whole reply as long as for its first octet: it began anew with each one.

    What was said unasked is no answer to the next command: it ends the connection.
    """

    def __init__(self, host: str, port: int, until: float, **options: Any) -> None:
        self.until = until
        super().__init__(host, port, _our_name(), timeout=CONNECT_TIMEOUT_S, **options)

    def getreply(self) -> tuple[int, bytes]:
        """Hear one reply. Raises OSError or ValueError, with the connection closed."""
        try:
            return self._reply()
        except (OSError, ValueError):
            self.close()
            raise

    def _reply(self) -> Reply:
        if self.sock is None:
            raise ConnectionError("the connection is not open")
        patience, inbox = self.sock.gettimeout() or CONNECT_TIMEOUT_S, bytearray()
        deadline = min(time.monotonic() + patience, self.until)
        replies: list[Reply] = []
        while not replies:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            data = self.sock.recv(4096)
            if not data:
                raise ConnectionError("the server closed the connection")
            inbox += data
            replies = take(inbox)
        if inbox or len(replies) > 1:
            raise ConnectionError("the server is out of step: it said more than it was asked")
        self.sock.settimeout(patience)
        return replies[0]


class _PromptTLS(_Prompt, smtplib.SMTP_SSL):
    """The same, encrypted from the first octet."""


def connect(route: Route, timeout: float, until: float = math.inf) -> Connection | RouteDown:
    """Open, secure and log in. Whatever goes wrong is about the route, never about a person.

    `timeout`: seconds for each reply; `until`: the instant (monotonic) after which none is waited for.
    """
    phase = Phase.CONNECT
    smtp: _Prompt | None = None
    try:
        smtp = _greeted(route, until)
        if smtp.sock is None:
            raise ConnectionError("the server closed the connection")
        smtp.sock.settimeout(timeout)
        phase = Phase.HELLO
        smtp.ehlo_or_helo_if_needed()
        phase = Phase.TLS
        secure = _secured(smtp, route)
        phase = Phase.LOGIN
        if route.user:
            if not (secure or route.tls is TLS.NONE or is_loopback(route.host)):
                raise ConnectionError("no TLS is offered, and the password is not sent in the clear")
            smtp.login(route.user, route.password)
        return Connection(smtp, smtp.sock, timeout, until)
    except smtplib.SMTPResponseException as refused:
        why: RouteDown = _answered(route, phase, refused)
    except (OSError, ValueError) as error:  # ValueError: base64 or a name that cannot be read
        why = RouteDown(plain(f"{phase} {route.host}:{route.port}: {_reason(error)}"))
    if smtp is not None:
        smtp.close()
    return why


def _greeted(route: Route, until: float) -> _Prompt:
    if route.context is not None and route.tls is TLS.IMPLICIT:
        return _PromptTLS(route.host, route.port, until, context=route.context)
    return _Prompt(route.host, route.port, until)


@cache
def _our_name() -> str:
    """The name for EHLO. Asked once: with a broken resolver each look-up takes many seconds."""
    return smtplib.SMTP().local_hostname


def _secured(smtp: smtplib.SMTP, route: Route) -> bool:
    """Start TLS where the route wants it and say whether the connection is encrypted. Raises OSError,
    also when STARTTLS was offered and then refused: a downgrade would go unseen.
    """
    if route.context is None or route.tls is TLS.IMPLICIT:
        return route.tls is TLS.IMPLICIT
    if not smtp.has_extn("starttls"):
        if route.tls is TLS.REQUIRED:
            raise ConnectionError("the server offers no STARTTLS, and tls=required")
        return False
    smtp.starttls(context=route.context)
    smtp.ehlo_or_helo_if_needed()
    return True


def _answered(route: Route, phase: Phase, refused: smtplib.SMTPResponseException) -> RouteDown:
    words = refused.smtp_error
    text = _discreet(route, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))
    outcome = classify(phase, refused.smtp_code, text)
    return outcome if isinstance(outcome, RouteDown) else RouteDown(plain(text))


def _discreet(route: Route, text: str) -> str:
    """A server's words without our password: some repeat what they were told, and reasons are shown."""
    if not route.password:
        return text
    login = f"\0{route.user}\0{route.password}"  # AUTH PLAIN; AUTH LOGIN has the password alone
    sent = (b64encode(words.encode()).decode() for words in (login, route.password))
    for said in (*sent, route.password):
        text = text.replace(said, "…")
    return text


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or str(error)
