"""One delivery to one channel: a post and its thread, or an edit and what changed. Never told twice.

Once the first post stands, nothing but Sent or Unsure may follow: a later attempt then reads the
channel, and adds only what is missing.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any

from alerts.channels.contract import Pace
from alerts.channels.slack import history
from alerts.channels.slack.answers import No, Refusal, content_refused, metadata_refused, refusal
from alerts.channels.slack.api import Api
from alerts.channels.slack.fallback import Whole, plain, shortened
from alerts.model import Deferred, Failed, Instant, Message, Outcome, Post, Recipient, RouteDown, Sent, Unsure

#: Seconds a thread of ours sleeps for leave of the workspace, and for leave to post under its own post.
TEAM_PATIENCE, THREAD_PATIENCE = 1.0, 2.0

#: Posts under one's own in an attempt, at one a second: a stopping worker must not wait for more.
REPLIES_AT_ONCE = 8

#: `link_names` and `parse` would turn words into pings; chat.update parses unless told not to.
AS_WRITTEN = {"link_names": False, "parse": "none"}
NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is owed to one channel. `name` is how its post is known again; `parent` the post it revises."""

    name: str
    team: str
    channel: str
    arguments: Mapping[str, Any]
    parent: Post | None
    unsure: bool
    since_ms: Instant
    reached: str

    @classmethod
    def of(cls, message: Message, recipient: Recipient) -> "Attempt":
        """The message with this recipient's blanks filled. The address is `TEAM/CHANNEL`."""
        arguments = json.loads(message.fill(recipient.blanks))
        team, _, channel = recipient.address.partition("/")
        ts = recipient.blanks.get("thread_ts", "") if arguments.get("edit_parent") else ""
        parent = Post(recipient.blanks["post_channel"], ts) if ts else None
        name = f"{message.digest}.{recipient.sid}"
        looked = recipient.unsure, recipient.since_ms, recipient.reached
        return cls(name, team, channel, arguments, parent, *looked)

    @property
    def whole(self) -> Whole:
        """Where the whole update stands, and what is said of it; a post of before says it in English."""
        return Whole(str(self.arguments.get("source", "")), **self.arguments.get("plain", {}))

    @property
    def replies(self) -> dict[str, Mapping[str, Any]]:
        """The overflow of a long message, for the thread, by name."""
        return {f"{self.name}.{n}": part for n, part in enumerate(self.arguments.get("replies") or (), 1)}


@dataclass(frozen=True, slots=True)
class _Posted:
    post: Post
    note: str = ""
    flaw: str = ""  #: what Slack would not take of it


class Courier:
    """Carries deliveries, one call at a time. Safe to share between threads."""

    def __init__(self, api: Api, pace: Pace) -> None:
        self._api = api
        self._pace = pace

    def deliver(self, delivery: Attempt) -> Outcome:
        """Post it, edit it or find it. Only what may be there already is looked for first."""
        if delivery.unsure:
            known = self._look(delivery)
            if known is not None:
                return known
        held = self._leave(delivery)
        if held:
            return held
        revised = self._revise(delivery, delivery.parent) if delivery.parent else None
        return revised or self._post(delivery)

    def _look(self, delivery: Attempt) -> Outcome | None:
        """What became of an earlier attempt; None: nothing of it is there."""
        if delivery.parent and not delivery.reached:  # else it was looked for there, before the channel
            told = history.in_thread(self._api, delivery.parent, delivery.since_ms)
            if not isinstance(told, dict):
                return told
            if delivery.name in told:
                return self._reply(delivery, _Posted(delivery.parent, "found in history"), told)
        post = history.in_channel(
            self._api, delivery.channel, delivery.name, delivery.since_ms, delivery.reached
        )
        if not isinstance(post, Post):
            return post
        if not delivery.replies:
            return Sent("found in history", post)
        told = history.in_thread(self._api, post, delivery.since_ms)
        if not isinstance(told, dict):
            return Unsure(f"posted, and its thread cannot be read: {told.why}", told.after_s)
        return self._reply(delivery, _Posted(post, "found in history"), told)

    def _post(self, delivery: Attempt) -> Outcome:
        posted = self._say(delivery.name, delivery.channel, delivery.arguments, delivery.whole)
        if isinstance(posted, Refusal):
            return posted.outcome
        return self._reply(delivery, posted)

    def _revise(self, delivery: Attempt, parent: Post) -> Outcome | None:
        """Edit the parent and tell the change under it; None: Slack will not have it, so post anew."""
        shown = _content(delivery.arguments) | AS_WRITTEN
        edited = self._api.write("chat.update", {"channel": parent.channel, "ts": parent.ts, **shown})
        if isinstance(edited, Refusal):
            return edited.outcome if _passing(edited.outcome) else None
        change = delivery.arguments["reply"]
        said = self._say(delivery.name, parent.channel, change, delivery.whole, parent.ts)
        if isinstance(said, Refusal):
            return said.outcome if _passing(said.outcome) else None
        return self._reply(delivery, _Posted(parent, said.note, said.flaw))

    def _reply(self, delivery: Attempt, posted: _Posted, told: Collection[str] = ()) -> Outcome:
        """Add to the thread of a post that stands what is not told there yet."""
        flaw = posted.flaw
        missing = [(name, part) for name, part in delivery.replies.items() if name not in told]
        for name, part in missing[:REPLIES_AT_ONCE]:
            held = self._leave(delivery, THREAD_PATIENCE)
            if held:
                return Unsure(f"posted, its thread is not complete: {held.why}", held.after_s)
            said = self._say(name, posted.post.channel, part, delivery.whole, posted.post.ts)
            if isinstance(said, Refusal):
                if isinstance(said.outcome, Failed):
                    return Sent(f"posted, but not its thread: {said.outcome.why}", posted.post)
                return Unsure(f"posted, its thread is not complete: {said.outcome.why}", said.outcome.after_s)
            flaw = flaw or said.flaw
        if len(missing) > REPLIES_AT_ONCE:
            return Unsure(f"posted, {len(missing) - REPLIES_AT_ONCE} more go into its thread")
        return Sent(posted.note, posted.post, flaw)

    def _say(
        self, name: str, channel: str, said: Mapping[str, Any], whole: Whole, thread: str = ""
    ) -> _Posted | Refusal:
        """Post once; if Slack will not have our id or cannot show the blocks, once more without them."""
        arguments = {
            "channel": channel,
            **_content(said),
            **AS_WRITTEN,
            **NO_PREVIEWS,
            "metadata": history.metadata(name),
        }
        if thread:
            arguments |= {"thread_ts": thread, "reply_broadcast": bool(said.get("broadcast"))}
        answer, flaw = self._api.write("chat.postMessage", arguments), ""
        if isinstance(answer, Refusal) and metadata_refused(answer.code):
            flaw = f"without its id: {answer.code}"
            del arguments["metadata"]
            answer = self._api.write("chat.postMessage", arguments)
        if isinstance(answer, Refusal) and content_refused(answer.code):
            flaw = f"as plain text: {answer.code}"
            blocks = arguments.pop("blocks", ())
            arguments["text"] = plain(blocks, whole) or shortened(arguments["text"])
            answer = self._api.write("chat.postMessage", arguments)
        match answer:
            case {"channel": str(where), "ts": str(ts)}:
                return _Posted(Post(where, ts), flaw, flaw)
            case Refusal():
                return answer
        return refusal(200, "")  # a yes that does not say where is no yes

    def _leave(self, delivery: Attempt, patience: float = 0.0) -> Deferred | RouteDown | None:
        """Wait for leave to post. The channel is asked first: what it holds back costs the team nothing."""
        channel = f"{delivery.team}/{delivery.channel}"
        wait = self._wait(f"slack:{channel}", patience)
        if wait:
            return Deferred("the channel's pace is reached", wait, blameless=True)
        wait = self._wait(f"slack:{delivery.team}", TEAM_PATIENCE)
        return RouteDown("the workspace's pace is reached", wait, paced=True) if wait else None

    def _wait(self, route: str, patience: float) -> float:
        """Sleep until there is leave, `patience` seconds in all; else the seconds still to wait."""
        while (wait := self._pace(route, 1)) > 0:
            if wait > patience:
                return wait
            sleep(wait)
            patience -= wait
        return 0.0


def _content(said: Mapping[str, Any]) -> dict[str, Any]:
    return {part: said[part] for part in ("text", "blocks") if said.get(part)}


def _passing(outcome: No) -> bool:
    """Whether it says nothing about the edit itself, so that the same edit is worth another attempt."""
    return isinstance(outcome, RouteDown | Unsure) or (isinstance(outcome, Deferred) and outcome.blameless)
