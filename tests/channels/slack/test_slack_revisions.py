"""A later revision edits its parent and tells the change under it; if Slack refuses, it is a new post."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_server import SlackServer

from alerts.model import Deferred, Failed, Message, Post, Recipient, RouteDown, Sent, Unsure

Say = Callable[..., Message]
To = Callable[..., Recipient]


@pytest.fixture
def parent(slack: SlackServer, send: Any, say: Say, to: To) -> Post:
    send(say("first word"), to(1))
    slack.calls.clear()
    return Post("C1", slack.posts[0].ts)


@pytest.fixture
def change(say: Say) -> Message:
    reply = {"text": "severity rises", "blocks": [{"type": "divider"}], "broadcast": True}
    return say("second word", edit_parent=True, reply=reply)


def revised(to: To, parent: Post, **more: Any) -> Recipient:
    return to(7, thread_ts=parent.ts, post_channel=parent.channel, **more)


def test_the_parent_is_edited_and_the_change_is_told_under_it(
    slack: SlackServer, send: Any, change: Message, to: To, parent: Post
) -> None:
    assert send(change, revised(to, parent)) == {7: Sent(post=parent)}
    edited, reply = slack.posts
    assert edited.payload["text"] == "second word"
    assert (reply.thread_ts, reply.payload["text"]) == (parent.ts, "severity rises")
    assert reply.payload["reply_broadcast"] is True
    assert reply.payload["blocks"] == [{"type": "divider"}]
    (update,) = slack.called("chat.update")
    assert (update["parse"], update["link_names"]) == ("none", False), "chat.update parses by default"


def test_the_overflow_of_a_long_revision_follows_its_change_and_is_told_once(
    slack: SlackServer, send: Any, say: Say, to: To, parent: Post
) -> None:
    more = [{"text": "and this"}, {"text": "and that"}]
    long = say("second word", edit_parent=True, reply={"text": "severity rises"}, replies=more)
    slack.trouble(ending="silence", after=2)
    assert isinstance(send(long, revised(to, parent))[7], Unsure)
    assert send(long, revised(to, parent, unsure=True)) == {7: Sent("found in history", parent)}
    assert slack.told("C1") == ["second word", "severity rises", "and this", "and that"]
    assert {post.thread_ts for post in slack.posts[1:]} == {parent.ts}


@pytest.mark.parametrize(
    "code",
    [
        "cant_update_message",
        "message_not_found",
        "edit_window_closed",
        "is_inactive",
        "invalid_blocks",
        "channel_not_found",
    ],
)
def test_a_refused_edit_becomes_a_new_post(
    slack: SlackServer, send: Any, change: Message, to: To, parent: Post, code: str
) -> None:
    slack.trouble(code, method="chat.update")
    assert send(change, revised(to, parent)) == {7: Sent(post=Post("C1", slack.posts[1].ts))}
    assert [(post.payload["text"], post.thread_ts) for post in slack.posts] == [
        ("first word", ""),
        ("second word", ""),
    ]


def test_a_locked_thread_becomes_a_new_post(
    slack: SlackServer, send: Any, change: Message, to: To, parent: Post
) -> None:
    slack.trouble("restricted_action_thread_locked")
    assert send(change, revised(to, parent)) == {7: Sent(post=Post("C1", slack.posts[1].ts))}
    assert slack.posts[1].thread_ts == ""


def test_a_channel_that_was_archived_is_suppressed(
    slack: SlackServer, send: Any, change: Message, to: To, parent: Post
) -> None:
    slack.trouble("is_archived", method="chat.update")
    slack.trouble("is_archived", times=2)
    assert send(change, revised(to, parent)) == {
        7: Failed("Slack refuses this channel: is_archived", "channel")
    }


@pytest.mark.parametrize("method", ["chat.update", "chat.postMessage"])
@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ({"error": "token_revoked"}, RouteDown("Slack refuses the bot: token_revoked", 60)),
        ({"error": "ratelimited", "status": 429}, Deferred("Slack asks to slow down", 30.0, True)),
        ({"ending": "silence", "done": True}, Unsure("Slack's answer was lost: TimeoutError")),
    ],
)
def test_what_is_only_put_off_is_edited_later_and_told_once(
    slack: SlackServer,
    send: Any,
    change: Message,
    to: To,
    parent: Post,
    method: str,
    trouble: dict[str, Any],
    outcome: Any,
) -> None:
    slack.trouble(method=method, **trouble)
    assert send(change, revised(to, parent)) == {7: outcome}
    again = send(change, revised(to, parent, unsure=isinstance(outcome, Unsure)))[7]
    assert isinstance(again, Sent)
    assert again.post == parent
    assert slack.told("C1") == ["second word", "severity rises"]


def test_a_doubtful_new_post_is_found_where_the_thread_is_gone(
    slack: SlackServer, send: Any, change: Message, to: To, parent: Post
) -> None:
    """The parent was deleted, the edit refused, and the new post in its place was taken unconfirmed."""
    slack.posts.clear()
    slack.trouble(ending="silence", done=True)
    gone = Post("C1", "1.000001")
    assert isinstance(send(change, revised(to, gone))[7], Unsure)
    assert send(change, revised(to, gone, unsure=True)) == {
        7: Sent("found in history", Post("C1", slack.posts[0].ts))
    }
    assert len(slack.posts) == 1


@pytest.mark.parametrize(
    ("edit", "ts"), [(False, "1700000000.000000"), (True, "")], ids=["not asked to edit", "nothing to edit"]
)
def test_without_a_parent_or_the_wish_to_edit_it_is_a_plain_post(
    slack: SlackServer, send: Any, say: Say, to: To, edit: bool, ts: str
) -> None:
    message = say("second word", edit_parent=edit, reply={"text": "not said"})
    assert isinstance(send(message, to(7, thread_ts=ts, post_channel="C1"))[7], Sent)
    assert slack.told("C1") == ["second word"]
    assert slack.called("chat.update") == []
