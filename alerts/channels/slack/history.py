"""Was it posted already? Asks the channel itself, and takes nothing but a clear answer for one.

Needs the scopes `channels:history` and `groups:history` and membership. Where they are missing the
answer stays Unsure, attempt after attempt, until the schedule gives up: better owed than told twice.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from alerts.channels.slack.answers import Refusal
from alerts.channels.slack.api import Api
from alerts.model import Post, RouteDown, Unsure

EVENT = "alerts_delivery"

#: Messages looked at in a channel, newest first: the first look follows the doubtful post by seconds.
NEWEST = 100
#: Pages of a thread, oldest first, before its end is given up.
THREAD_PAGES = 5

#: Names of posts, and where each stands.
Posts = dict[str, str]
Doubt = Unsure | RouteDown


def metadata(name: str) -> dict[str, Any]:
    """What a post carries to be known again: an id and nothing about anybody."""
    return {"event_type": EVENT, "event_payload": {"id": name}}


def in_channel(api: Api, channel: str, name: str) -> Post | Doubt | None:
    """Where the post of this name stands in the channel; None: it is not there."""
    answer = api.read(
        "conversations.history", {"channel": channel, "include_all_metadata": True, "limit": NEWEST}
    )
    if isinstance(answer, Refusal):
        return _doubt(answer)
    ts = _ours(answer).get(name)
    return Post(channel, ts) if ts else None


def in_thread(api: Api, parent: Post) -> Posts | Doubt:
    """Everything of ours under a post. A thread that is gone holds nothing."""
    found: Posts = {}
    asked = {"channel": parent.channel, "ts": parent.ts, "include_all_metadata": True, "limit": NEWEST}
    for _ in range(THREAD_PAGES):
        answer = api.read("conversations.replies", asked)
        if isinstance(answer, Refusal):
            return found if answer.code == "thread_not_found" else _doubt(answer)
        found |= _ours(answer)
        following = answer.get("response_metadata") or {}
        asked["cursor"] = following.get("next_cursor", "") if isinstance(following, Mapping) else ""
        if not asked["cursor"]:
            return found
    return Unsure("the thread is too long to be read")


def _ours(answer: Mapping[str, Any]) -> Posts:
    return dict(_names(answer.get("messages")))


def _names(messages: object) -> Iterable[tuple[str, str]]:
    for message in messages if isinstance(messages, list) else ():
        match message:
            case {"ts": str(ts), "metadata": {"event_type": kind, "event_payload": {"id": str(name)}}}:
                if kind == EVENT:
                    yield name, ts


def _doubt(refused: Refusal) -> Doubt:
    if isinstance(refused.outcome, RouteDown) and refused.code != "missing_scope":
        return refused.outcome
    return Unsure(f"it may have been posted, and the channel cannot be read: {refused.code or 'no answer'}")
