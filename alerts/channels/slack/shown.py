"""A Slack post as it is kept in the outbox, and as people see it there and in a preview."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from alerts.channels.contract import OutboxForm
from alerts.channels.slack.address import NAME
from alerts.model import Instant, Post, Recipient
from alerts.rendering import GalleryItem


def shown_slack(
    arguments: Mapping[str, Any], address: str, sent_at_ms: Instant, digest: str = ""
) -> GalleryItem:
    """Take a post apart: `chat.postMessage` arguments, with `reply` and `replies` where there are any."""
    thread = [*arguments.get("replies", ()), *([arguments["reply"]] if "reply" in arguments else [])]
    posts = tuple(tuple(post.get("blocks", ())) for post in (arguments, *thread))
    text = str(arguments.get("text", ""))
    return GalleryItem(
        NAME,
        address,
        sent_at_ms,
        title=text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        digest=digest,
        text=json.dumps(arguments, ensure_ascii=False, indent=2),
        posts=posts,
    )


def arguments(message: bytes) -> str:
    """What Slack is given."""
    return json.dumps(json.loads(message), ensure_ascii=False, indent=2) + "\n"


def _written(filled: bytes, recipient: Recipient) -> tuple[bytes, Post]:
    """The post as Slack would keep it, and where: an edit stays where its parent stands."""
    arguments = json.loads(filled)
    now = time.time_ns() // 1000
    post = Post(recipient.address.partition("/")[2], f"{now // 10**6}.{now % 10**6:06}")
    if arguments.get("edit_parent") and recipient.blanks.get("thread_ts"):
        post = Post(recipient.blanks["post_channel"], recipient.blanks["thread_ts"])
    kept = {"address": recipient.address, "ts": post.ts, "arguments": arguments}
    return json.dumps(kept).encode("ascii"), post


def _address(raw: bytes) -> str:
    match json.loads(raw):
        case {"address": str(address), "ts": str(), "arguments": dict()}:
            return address
    return ""


def _shown(raw: bytes, address: str, sent_at_ms: Instant, digest: str) -> GalleryItem:
    return shown_slack(json.loads(raw)["arguments"], address, sent_at_ms, digest)


OUTBOX = OutboxForm(".json", _written, _address, _shown)

_TEXT = {
    "type": "text",
    "text": "words",
    "style": {"bold": True, "italic": True, "strike": True, "code": True},
}
_SPANS = [
    _TEXT,
    {"type": "text", "text": "words"},
    {"type": "link", "text": "a link", "url": "https://a.example"},
    {"type": "date", "timestamp": 1_648_486_800, "format": "{time}", "fallback": "17:00 UTC"},
]
#: Every kind of block that Slack is sent.
_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "A sample"}},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "plain_text", "text": "Why you get this."}]},
    {"type": "section", "text": {"type": "plain_text", "text": "One point"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "offset": 1,
                "elements": [{"elements": _SPANS}],
            },
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [{"elements": _SPANS}]},
            *(
                {"type": f"rich_text_{kind}", "elements": _SPANS}
                for kind in ("section", "quote", "preformatted")
            ),
        ],
    },
]

SAMPLE = shown_slack(
    {"text": "A sample", "blocks": _BLOCKS, "reply": {"blocks": _BLOCKS}},
    "T1/C1",
    int(datetime(2022, 3, 28, 17, tzinfo=UTC).timestamp() * 1000),
    "digest",
)

#: What a preview prints.
VIEWS: dict[str, Callable[[bytes], str]] = {"slack": arguments}
