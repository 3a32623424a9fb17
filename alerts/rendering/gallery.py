"""The outbox as one page: each message as people would have seen it. Nothing is fetched, nothing runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from alerts.model import Channel, Instant
from alerts.rendering import moments
from alerts.rendering.environment import Templates

#: Characters of the page: hundreds of messages, each shown in several ways.
PAGE_MAX = 64_000_000

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "References", "List-Unsubscribe", "Importance")


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
        return moments.full(moments.utc(self.sent_at_ms))


def shown_email(raw: bytes, address: str, sent_at_ms: Instant, digest: str = "") -> GalleryItem:
    """Take an email apart."""
    mail = message_from_bytes(raw, policy=policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    return GalleryItem(
        Channel.EMAIL,
        address,
        sent_at_ms,
        title=str(mail["Subject"] or "(no subject)"),
        digest=digest,
        headers=tuple((name, str(mail[name])) for name in _HEADERS if mail[name]),
        html=_with_new_tabs(html.get_content()) if html else "",
        text=text.get_content() if text else "",
    )


def shown_slack(
    arguments: Mapping[str, Any], address: str, sent_at_ms: Instant, digest: str = ""
) -> GalleryItem:
    """Take a post apart: `chat.postMessage` arguments, with `reply` and `replies` where there are any."""
    thread = [*arguments.get("replies", ()), *([arguments["reply"]] if "reply" in arguments else [])]
    posts = tuple(tuple(post.get("blocks", ())) for post in (arguments, *thread))
    text = str(arguments.get("text", ""))
    return GalleryItem(
        Channel.SLACK,
        address,
        sent_at_ms,
        title=text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        digest=digest,
        text=json.dumps(arguments, ensure_ascii=False, indent=2),
        posts=posts,
    )


def gallery(items: Iterable[GalleryItem], templates_dir: Path | None = None) -> str:
    """Draw the page, newest message first. It works from a file and holds all it needs."""
    newest = sorted(items, key=lambda item: item.sent_at_ms, reverse=True)
    return Templates(templates_dir).render("web/outbox.html.j2", {"items": newest}, PAGE_MAX)


def _with_new_tabs(html: str) -> str:
    """Let links leave the frame an email is shown in."""
    return html.replace("<head>", '<head><base target="_blank">', 1)
