"""The outbox as one page: each message as people would have seen it. Nothing is fetched, nothing runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alerts.locales import ENGLISH
from alerts.model import Channel, Instant
from alerts.rendering import moments
from alerts.rendering.environment import Templates

#: Characters of the page: hundreds of messages, each shown in several ways.
PAGE_MAX = 64_000_000


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """One message of the outbox, taken apart for looking at."""

    channel: Channel
    address: str
    sent_at_ms: Instant
    title: str
    digest: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    html: str = ""
    text: str = ""
    posts: tuple[tuple[Mapping[str, Any], ...], ...] = ()  #: Slack: blocks of the post, then of its thread

    @property
    def sent_at(self) -> str:
        return moments.full(moments.utc(self.sent_at_ms), "", ENGLISH)


def gallery(items: Iterable[GalleryItem], templates_dir: Path | None = None) -> str:
    """Draw the page, newest message first. It works from a file and holds all it needs."""
    newest = sorted(items, key=lambda item: item.sent_at_ms, reverse=True)
    return Templates(templates_dir).render("web/outbox.html.j2", {"items": newest}, PAGE_MAX)
