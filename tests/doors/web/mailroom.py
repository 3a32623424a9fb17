"""An outbox of a test's own, and what its mails say: their texts, and the links to follow in them."""

import email.policy
import re
from email import message_from_bytes
from html import unescape
from pathlib import Path

from house import walk

from alerts.channels import CHANNELS, OutboxSender, read_outbox
from alerts.channels.email.shown import plain_text
from alerts.services import Services

_LINK = re.compile(r"https?://[^\s<>]+")


class Mailroom:
    """Takes whatever these services send from now on."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services, self.folder = services, folder
        services.own_senders = {name: OutboxSender(folder, kind) for name, kind in CHANNELS.items()}

    def mails(self, address: str) -> list[str]:
        """The text of each mail to an address, the newest first, once all that is owed by now is done."""
        walk(self._services)
        kept = [item.raw for item in read_outbox(self.folder) if item.address.lower() == address]
        return [plain_text(raw) for raw in kept]

    def every_link(self) -> list[str]:
        """Every address of a page in every mail to anybody: in its text, its HTML and its header."""
        walk(self._services)
        found = set[str]()
        for item in read_outbox(self.folder):
            message = message_from_bytes(item.raw, policy=email.policy.default)
            parts = (part.get_content() for part in message.walk() if not part.is_multipart())
            for text in (*parts, str(message["List-Unsubscribe"] or "")):
                found |= set(_LINK.findall(unescape(text).replace('"', " ")))
        return sorted(found)

    def links(self, address: str) -> list[str]:
        """Every link in every mail to an address, the newest mail first."""
        return [link for text in self.mails(address) for link in _LINK.findall(text)]

    def link(self, address: str, page: str) -> str:
        """The newest link to a page: `join`, `come-in`, `u`, `l`, `r`."""
        return next(link for link in self.links(address) if f"/{page}/" in link)
