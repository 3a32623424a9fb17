"""What differs between two people who get the same digest: the values of the blanks."""

import re
from email.utils import format_datetime
from functools import lru_cache

from alerts.links import Links
from alerts.model import Channel, Digest, Instant, Post, identity
from alerts.rendering import moments
from alerts.rendering.cleaning import many_lines
from alerts.rendering.directions import isolated

#: The name that somebody gave a subscription, in a sentence of ours.
_QUOTED = re.compile("“([^”]*)”")


def email_blanks(
    digest: Digest,
    sid: int,
    address: str,
    links: Links,
    domain: str,
    *,
    at_ms: Instant,
    reason: str,
    next_slot: str,
) -> dict[str, str]:
    """Give the blanks of one email. `domain` is `Renderer.domain`; `next_slot` may be empty.

    The same digest to the same person has the same `Message-ID` however often it is sent; its `Date` is
    `at_ms`, when that is.
    """
    name = digest.id  # hashes the whole digest: once is enough
    person = f"{sid}@{domain}>"
    return {
        "to": address,
        "date": _date(at_ms),
        "message_id": f"<{name}.{person}",
        "references": f"<{_thread(digest, name)}.{person}",
        "unsubscribe": links.unsubscribe(identity(Channel.EMAIL, address)),
        "reason": _shown(reason),
        "next": next_slot,
    }


def slack_blanks(post: Post | None, *, reason: str, next_slot: str) -> dict[str, str]:
    """Give the blanks of one Slack channel, and where its earlier post stands, for the sender to revise."""
    blanks = {"reason": _shown(f"{reason} {next_slot}".strip())}
    return blanks | ({"post_channel": post.channel, "thread_ts": post.ts} if post else {})


def _thread(digest: Digest, name: str) -> str:
    """All that is told about one update alone is one thread; a year of daily digests is not."""
    return f"t.{digest.entries[0].update}" if digest.alone else f"d.{name}"


@lru_cache(maxsize=16)  # a batch has one instant
def _date(at_ms: Instant) -> str:
    return format_datetime(moments.utc(at_ms))


@lru_cache(maxsize=4096)  # the people of one audience have one reason
def _shown(reason: str) -> str:
    clean = reason if reason.isprintable() else many_lines(reason)
    return clean if clean.isascii() else _QUOTED.sub(lambda name: f"“{isolated(name[1])}”", clean)
