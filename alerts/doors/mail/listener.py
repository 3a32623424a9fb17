"""A server for what comes back: LMTP (RFC 2033) and SMTP, a recipient at a time. Nothing is ever relayed."""

import asyncio
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from alerts import operations as do
from alerts.logs import log
from alerts.operations import Actor, Permission
from alerts.returns import OCTETS_MAX
from alerts.services import Services

#: Whoever hands mails over: no more than `alerts receive` may.
MAIL_SERVER = Actor("mail server", "mail listener", frozenset({Permission.MANAGE}))
#: Sessions at a time; a mail server beside us opens some twenty.
SESSIONS_MAX = 100
#: Seconds without a word after which a session ends.
TIMEOUT_S = 60.0
#: What must be kept and tried again: refused for good, what has no sender would be lost.
LATER = "451 4.3.0 It cannot be taken in now, try again later"


class Intake:
    """What aiosmtpd asks about each mail."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take any recipient, and one of a mail: after LMTP's data there is a reply for each."""
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail in; it is acknowledged once that is done, whatever it was."""
        octets = envelope.original_content or b""
        try:
            await asyncio.to_thread(self._take_in, octets, list(envelope.rcpt_tos))
        except Exception as fault:  # noqa: BLE001 - whatever it is, the mail is kept
            log.warning("a mail was not taken in", why=type(fault).__name__)
            return LATER
        return "250 2.0.0 Taken in"

    async def handle_exception(self, fault: Exception) -> str:
        """Answer whatever nobody foresaw."""
        log.warning("a session failed", why=type(fault).__name__)
        return LATER

    def _take_in(self, octets: bytes, to: list[str]) -> None:
        list(do.take_in(self._services, MAIL_SERVER, [(octets, to)]))


class MailSession(SMTP):
    """One session."""

    #: Some reports have lines without end; whatever is longer is refused.
    line_length_limit = 64 * 1024
    _open = 0

    def __init__(self, intake: Intake) -> None:
        super().__init__(
            intake,
            data_size_limit=OCTETS_MAX,
            hostname="alerts",
            ident="alerts",
            timeout=TIMEOUT_S,
            enable_SMTPUTF8=True,
        )

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802
        """The greeting of LMTP."""
        await self.smtp_EHLO(arg)

    def connection_made(self, transport: Any) -> None:
        MailSession._open += 1
        if MailSession._open > SESSIONS_MAX:
            transport.abort()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        MailSession._open -= 1
        if self.transport is not None:
            super().connection_lost(error)


async def listen(services: Services, host: str, port: int) -> asyncio.Server:
    """Begin to listen. When it is closed, what had not been acknowledged is handed over again."""
    intake = Intake(services)
    return await asyncio.get_running_loop().create_server(lambda: MailSession(intake), host, port)
