"""A webhook as it is kept in the outbox, and as people see it there and in a preview."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from alerts.channels.contract import OutboxForm
from alerts.channels.webhook.address import NAME, target
from alerts.channels.webhook.formats import FORMATS
from alerts.channels.webhook.posting import payload
from alerts.model import Instant, Post, Recipient
from alerts.rendering import GalleryItem


def _written(filled: bytes, recipient: Recipient) -> tuple[bytes, Post | None]:
    """What would be posted, and where: in full, for the outbox is only its owner's to read."""
    body = json.loads(payload(filled, target(recipient.address).format))
    return json.dumps({"address": recipient.address, "payload": body}).encode("ascii"), None


def _address(raw: bytes) -> str:
    match json.loads(raw):
        case {"address": str(address), "payload": dict()}:
            return address
    return ""


def _shown(raw: bytes, address: str, sent_at_ms: Instant, digest: str) -> GalleryItem:
    body = json.loads(raw)["payload"]
    return GalleryItem(
        NAME,
        address,
        sent_at_ms,
        title=_title(body),
        digest=digest,
        headers=(("Format", target(address).format),),
        text=json.dumps(body, ensure_ascii=False, indent=2),
    )


def _title(body: object) -> str:
    """What a receiver's user would read first, wherever a format has that."""
    match body:
        case {"data": {"notification": str(title)}}:
            return title
        case {"summary": str(title)}:
            return title
        case {"embeds": [{"description": str(text)}, *_]} | {"text": str(text)}:
            return text.partition("\n")[0].lstrip("# ")
    return "(no title)"


def _pretty(name: str, filled: bytes) -> str:
    return json.dumps(json.loads(payload(filled, name)), ensure_ascii=False, indent=2) + "\n"


OUTBOX = OutboxForm(".json", _written, _address, _shown)

#: What a preview prints: `webhook` for our own format, the others by their names.
VIEWS: dict[str, Callable[[bytes], str]] = {
    "webhook" if name == "plain" else name: partial(_pretty, name) for name in FORMATS
}

SAMPLE = GalleryItem(
    NAME,
    "https://hooks.example.org/alerts",
    int(datetime(2022, 3, 28, 17, tzinfo=UTC).timestamp() * 1000),
    title="A sample",
    digest="digest",
    headers=(("Format", "plain"),),
    text="{}",
)
