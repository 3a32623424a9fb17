"""Was it posted already? Asks the channel itself, and takes nothing but a clear answer for one.

Needs the scopes `channels:history` and `groups:history` and membership. Where they are missing, or the
channel cannot be read back to the time of the attempt, the answer stays Unsure, attempt after attempt,
until the schedule gives up and operators are told: better owed than told twice.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from alerts.channels.slack.answers import Refusal
from alerts.channels.slack.api import Api
from alerts.model import Deferred, Instant, Post, RouteDown, Unsure

EVENT = "alerts_delivery"

#: Messages asked for at once. Apps outside of Slack's marketplace get 15, and one answer a minute:
#: https://docs.slack.dev/reference/methods/conversations.history
PAGE = 100
#: Pages of a channel in one look; the next one goes on where it ended, after this many seconds.
PAGES_AT_ONCE, LOOK_AGAIN_S = 10, 15.0
#: Pages of a thread, oldest first, before its end is given up.
THREAD_PAGES = 5
#: Seconds by which our clock may be ahead of Slack's when we say from when on we look.
CLOCKS_DIFFER_S = 600

#: Names of posts, and where each stands.
Posts = dict[str, str]
Doubt = Unsure | RouteDown


def metadata(name: str) -> dict[str, Any]:
    """What a post carries to be known again: an id and nothing about anybody."""
    return {"event_type": EVENT, "event_payload": {"id": name}}


def in_channel(
    api: Api, channel: str, name: str, since_ms: Instant, reached: str = ""
) -> Post | Doubt | None:
    """Where the post of this name stands in the channel; None: it is not there.

    That is said only when everything was read, back to `since_ms`. What is further away than one look gets is
    a doubt, and the next look goes on from there.
    """
    asked = _asked({"channel": channel}, since_ms)
    if reached:
        asked["cursor"] = reached
    for _ in range(PAGES_AT_ONCE):
        answer = api.read("conversations.history", asked)
        if isinstance(answer, Refusal):
            return _doubt(answer, "" if answer.code == "invalid_cursor" else asked.get("cursor", ""))
        ts = _ours(answer).get(name)
        if ts:
            return Post(channel, ts)
        following = _following(answer)
        if not following:
            hidden = Unsure("it may have been posted, and Slack shows only part of the channel")
            return hidden if answer.get("has_more") else None
        asked["cursor"] = following
    why = "it may have been posted, and more was written there since than is read at once"
    return Unsure(why, LOOK_AGAIN_S, asked["cursor"])


def in_thread(api: Api, parent: Post, since_ms: Instant) -> Posts | Doubt:
    """Everything of ours under a post, from `since_ms` on. A thread that is gone holds nothing."""
    found: Posts = {}
    asked = _asked({"channel": parent.channel, "ts": parent.ts}, since_ms)
    for _ in range(THREAD_PAGES):
        answer = api.read("conversations.replies", asked)
        if isinstance(answer, Refusal):
            return found if answer.code == "thread_not_found" else _doubt(answer)
        found |= _ours(answer)
        following = _following(answer)
        if not following:
            hidden = Unsure("it may have been posted, and Slack shows only part of the thread")
            return hidden if answer.get("has_more") else found
        asked["cursor"] = following
    return Unsure("the thread is too long to be read")


def _asked(where: Mapping[str, str], since_ms: Instant) -> dict[str, Any]:
    oldest = {"oldest": f"{since_ms / 1000 - CLOCKS_DIFFER_S:.6f}"} if since_ms else {}
    return {**where, **oldest, "include_all_metadata": True, "limit": PAGE}


def _following(answer: Mapping[str, Any]) -> str:
    """The cursor of the next page; empty after the last one."""
    match answer.get("response_metadata"):
        case {"next_cursor": str(cursor)}:
            return cursor
    return ""


def _ours(answer: Mapping[str, Any]) -> Posts:
    return dict(_names(answer.get("messages")))


def _names(messages: object) -> Iterable[tuple[str, str]]:
    for message in messages if isinstance(messages, list) else ():
        match message:
            case {"ts": str(ts), "metadata": {"event_type": kind, "event_payload": {"id": str(name)}}}:
                if kind == EVENT:
                    yield name, ts


def _doubt(refused: Refusal, reached: str = "") -> Doubt:
    outcome = refused.outcome
    if isinstance(outcome, RouteDown) and refused.code != "missing_scope":
        return outcome
    why = f"it may have been posted, and the channel cannot be read: {refused.code or 'no answer'}"
    return Unsure(why, outcome.after_s if isinstance(outcome, Deferred) else None, reached)
