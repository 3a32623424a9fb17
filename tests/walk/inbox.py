"""What somebody has got: the outbox read as text."""

import json
from email import message_from_bytes, policy

from alerts.channels import OutboxItem, read_outbox
from alerts.model import Channel
from alerts.services import Services


def got(services: Services, address: str) -> list[str]:
    """The messages an address was sent, oldest first: subject and text of an email, JSON of a post."""
    items = [item for item in read_outbox(services.settings.outbox) if item.address == address]
    return [_text(item) for item in reversed(items)]


def _text(item: OutboxItem) -> str:
    if item.channel is Channel("slack"):
        return json.dumps(json.loads(item.raw), ensure_ascii=False)
    mail = message_from_bytes(item.raw, policy=policy.default)
    text = mail.get_body(("plain",))
    assert text is not None
    return f"Subject: {mail['Subject']}\n{text.get_content()}"
