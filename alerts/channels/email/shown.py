"""An email as it is kept in the outbox, and as people see it there and in a preview."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parseaddr

from alerts.channels.contract import OutboxForm
from alerts.channels.email.address import NAME
from alerts.model import Instant, Post, Recipient
from alerts.rendering import GalleryItem

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "References", "List-Unsubscribe", "Importance")


def shown_email(raw: bytes, address: str, sent_at_ms: Instant, digest: str = "") -> GalleryItem:
    """Take an email apart."""
    mail = message_from_bytes(raw, policy=policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    return GalleryItem(
        NAME,
        address,
        sent_at_ms,
        title=str(mail["Subject"] or "(no subject)"),
        digest=digest,
        headers=tuple((name, str(mail[name])) for name in _HEADERS if mail[name]),
        html=_with_new_tabs(html.get_content()) if html else "",
        text=text.get_content() if text else "",
    )


def source(message: bytes) -> str:
    """An email as it goes out."""
    return message.decode("ascii").replace("\r\n", "\n")


def plain_text(message: bytes) -> str:
    """What a reader without HTML sees."""
    mail = message_from_bytes(message, policy=policy.default)
    text = mail.get_body(("plain",))
    return f"Subject: {mail['Subject']}\n\n{text.get_content() if text else ''}"


def _with_new_tabs(html: str) -> str:
    """Let links leave the frame an email is shown in."""
    return html.replace("<head>", '<head><base target="_blank">', 1)


def _written(filled: bytes, _recipient: Recipient) -> tuple[bytes, Post | None]:
    return filled, None


def _address(raw: bytes) -> str:
    head, end, _ = raw.partition(b"\r\n\r\n")
    return parseaddr(message_from_bytes(head).get("To", ""))[1] if end else ""


OUTBOX = OutboxForm(".eml", _written, _address, shown_email)

SAMPLE = GalleryItem(
    NAME,
    "somebody@example.org",
    int(datetime(2022, 3, 28, 17, tzinfo=UTC).timestamp() * 1000),
    title="A sample",
    digest="digest",
    headers=(("To", "you"),),
    html="<p>One point",
    text="One",
)

#: What a preview prints.
VIEWS: dict[str, Callable[[bytes], str]] = {"email": source, "text": plain_text}
