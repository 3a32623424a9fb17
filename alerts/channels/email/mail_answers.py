"""A mail that answers one by which somebody sent an update: what became of it (RFC 3834)."""

import re
from collections.abc import Iterator
from email.utils import format_datetime

from alerts.channels.email.address import NAME
from alerts.channels.email.headers import field, mailbox, unstructured
from alerts.channels.email.parts import joined
from alerts.model import Blank, MailAnswer, MailBecame, Message, quoted_printable
from alerts.rendering import moments
from alerts.rendering.environment import Templates
from alerts.rendering.mail_from import mail_from
from alerts.settings import Settings

_BEGINS = {
    MailBecame.DRAFT: "Kept as a draft",
    MailBecame.PUBLISHED: "Published",
    MailBecame.REFUSED: "Refused",
}
#: A Message-ID that can be repeated as it is (RFC 5322 §3.6.4).
_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}@[!-;=?-~]{1,250}")


class MailAnswers:
    """Lays these mails out: text alone, for who wrote one knows what it is about."""

    def __init__(self, settings: Settings, templates: Templates) -> None:
        self._templates = templates
        self._sender = mail_from(settings.mail_from)

    def message(self, answer: MailAnswer) -> Message:
        """The whole message; the same answer gives the same octets, and nothing in it is left blank."""
        name = f"answer-{answer.id}"
        text = self._templates.render(
            "email/mail_answer.txt.j2", {"answer": answer, "sender": self._sender.shown}
        )
        pieces = [*self._headers(answer, name), b"\r\n", quoted_printable(text)]
        return Message(name, NAME, joined(pieces))

    def _headers(self, answer: MailAnswer, name: str) -> Iterator[bytes | Blank]:
        yield from mailbox("From", self._sender.display_name, self._sender.address)
        yield from mailbox("To", "", answer.address)
        about = answer.subject or "your mail"
        yield from unstructured("Subject", f"{_BEGINS[answer.became]}: {about}")
        yield from field("Date", format_datetime(moments.utc(answer.asked_ms)))
        yield from field("Message-ID", f"<{name}@{self._sender.domain}>")
        if _MESSAGE_ID.fullmatch(answer.message_id):
            yield from field("In-Reply-To", f"<{answer.message_id}>")
            yield from field("References", f"<{answer.message_id}>")
        yield from field("Auto-Submitted", "auto-replied")
        yield from field("X-Auto-Response-Suppress", "All")  # Exchange
        yield from field("MIME-Version", "1.0")
        yield from field("Content-Type", 'text/plain; charset="utf-8"')
        yield from field("Content-Transfer-Encoding", "quoted-printable")
