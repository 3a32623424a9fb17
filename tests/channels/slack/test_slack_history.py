"""After a doubtful attempt the channel is read first: found means sent, missing means post."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_server import SlackServer

from alerts.channels.slack import SlackSender
from alerts.channels.slack.history import CLOCKS_DIFFER_S, LOOK_AGAIN_S, PAGES_AT_ONCE, THREAD_PAGES
from alerts.model import Deferred, Message, Post, Recipient, RouteDown, Sent, Unsure

Say = Callable[..., Message]
To = Callable[..., Recipient]

MORE = [{"text": "and this", "blocks": []}, {"text": "and that", "blocks": []}]


@pytest.mark.parametrize(
    "trouble",
    [
        {"ending": "silence", "done": True},
        {"ending": "reset", "done": True},
        {"error": "fatal_error", "done": True, "body": b'{"ok": false, "error": "fatal_error"}'},
        {"status": 503, "done": True, "body": b""},
    ],
)
def test_what_was_taken_but_not_confirmed_is_found_and_not_told_twice(
    slack: SlackServer, send: Any, say: Say, to: To, trouble: dict[str, Any]
) -> None:
    slack.trouble(**trouble)
    assert isinstance(send(say(), to(7))[7], Unsure)
    assert send(say(), to(7, unsure=True)) == {7: Sent("found in history", Post("C1", slack.posts[0].ts))}
    assert slack.told("C1") == ["Talks resume"]
    (asked,) = slack.called("conversations.history")
    assert (asked["channel"], asked["include_all_metadata"], asked["limit"]) == ("C1", "1", "100")


@pytest.mark.parametrize(
    "trouble", [{"ending": "silence"}, {"error": "internal_error"}, {"status": 502, "body": b""}]
)
def test_what_was_not_taken_is_posted_after_a_look(
    slack: SlackServer, send: Any, say: Say, to: To, trouble: dict[str, Any]
) -> None:
    slack.trouble(**trouble)
    assert isinstance(send(say(), to(7))[7], Unsure)
    assert isinstance(send(say(), to(7, unsure=True))[7], Sent)
    assert slack.told("C1") == ["Talks resume"]


def test_only_our_own_delivery_counts_as_found(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """The same digest for another subscriber, and another app's metadata with our id, are not it."""
    send(say("another's"), to(8))
    send(say("a stranger's"), to(7))
    slack.posts[1].payload["metadata"]["event_type"] = "tasks"
    assert send(say(), to(7, unsure=True))[7].receipt == ""
    assert len(slack.posts) == 3


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (
            {"error": "missing_scope"},
            Unsure("it may have been posted, and the channel cannot be read: missing_scope"),
        ),
        (
            {"error": "not_in_channel"},
            Unsure("it may have been posted, and the channel cannot be read: not_in_channel"),
        ),
        (
            {"error": "ratelimited", "status": 429},
            Unsure("it may have been posted, and the channel cannot be read: ratelimited", 30.0),
        ),
        ({"ending": "silence"}, Unsure("it may have been posted, and the channel cannot be read: no answer")),
        ({"body": b"<html>"}, Unsure("it may have been posted, and the channel cannot be read: no answer")),
        ({"error": "token_revoked"}, RouteDown("Slack refuses the bot: token_revoked", 60)),
    ],
)
def test_a_channel_that_cannot_be_read_is_not_posted_to(
    slack: SlackServer, send: Any, say: Say, to: To, trouble: dict[str, Any], outcome: Any
) -> None:
    slack.trouble(method="conversations.history", **trouble)
    assert send(say(), to(7, unsure=True)) == {7: outcome}
    assert slack.posts == []


@pytest.mark.parametrize(
    "messages",
    [
        '"none"',
        "[null, 3]",
        '[{"ts": 5, "metadata": []}]',
        '[{"metadata": {"event_type": "alerts_delivery"}}]',
    ],
)
def test_a_strange_history_holds_nothing_of_ours(
    slack: SlackServer, send: Any, say: Say, to: To, messages: str
) -> None:
    slack.trouble(method="conversations.history", body=b'{"ok": true, "messages": %s}' % messages.encode())
    assert isinstance(send(say(), to(7, unsure=True))[7], Sent)


def test_the_rest_of_a_long_digest_goes_into_its_thread(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    assert send(say(replies=MORE), to(7)) == {7: Sent(post=Post("C1", slack.posts[0].ts))}
    assert slack.told("C1") == ["Talks resume", "and this", "and that"]
    head, *replies = slack.posts
    assert [(r.thread_ts, r.payload["reply_broadcast"]) for r in replies] == [(head.ts, False)] * 2
    assert [r.payload["metadata"]["event_payload"]["id"] for r in replies] == ["ud1.7.1", "ud1.7.2"]


@pytest.mark.parametrize(
    "trouble",
    [
        {"ending": "silence"},
        {"ending": "silence", "done": True},
        {"error": "ratelimited", "status": 429},
        {"error": "token_revoked"},
        {"error": "made_up_next_year"},
    ],
)
@pytest.mark.parametrize("after", [1, 2])
def test_a_thread_cut_short_is_completed_and_nothing_in_it_is_told_twice(
    slack: SlackServer, send: Any, say: Say, to: To, trouble: dict[str, Any], after: int
) -> None:
    slack.trouble(after=after, **trouble)
    assert isinstance(send(say(replies=MORE), to(7))[7], Unsure)
    outcome = send(say(replies=MORE), to(7, unsure=True))[7]
    assert outcome == Sent("found in history", Post("C1", slack.posts[0].ts))
    assert slack.told("C1") == ["Talks resume", "and this", "and that"]


def test_a_thread_that_cannot_be_read_is_not_added_to(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    send(say(replies=MORE), to(7))
    slack.trouble("missing_scope", method="conversations.replies")
    assert isinstance(send(say(replies=MORE), to(7, unsure=True))[7], Unsure)
    assert len(slack.posts) == 3


def test_a_thread_that_takes_no_replies_is_said_in_the_receipt(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    slack.trouble("restricted_action_non_threadable_channel", after=1)
    outcome = send(say(replies=MORE), to(7))[7]
    assert isinstance(outcome, Sent)
    assert outcome.receipt == (
        "posted, but not its thread: Slack refuses this thread: restricted_action_non_threadable_channel"
    )


def test_a_very_long_thread_is_posted_in_turns(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    many = [{"text": f"part {n}"} for n in range(1, 19)]
    assert send(say(replies=many), to(7)) == {7: Unsure("posted, 10 more go into its thread")}
    assert send(say(replies=many), to(7, unsure=True)) == {7: Unsure("posted, 2 more go into its thread")}
    assert isinstance(send(say(replies=many), to(7, unsure=True))[7], Sent)
    assert slack.told("C1") == ["Talks resume", *(f"part {n}" for n in range(1, 19))]


def test_a_thread_is_posted_at_the_channels_pace(
    slack: SlackServer, make_sender: Callable[..., SlackSender], say: Say, to: To
) -> None:
    """Slack allows a channel one message a second: the sender waits, rather than leave half a digest."""
    waits = {"slack:T1/C1": iter([0.0, 0.3, 0.0, 0.3, 0.0])}
    sender = make_sender(slack.url, pace=lambda route, n: next(waits.get(route, iter([0.0]))))
    assert isinstance(dict(sender.send(say(replies=MORE), [to(7)], lambda: False))[7], Sent)
    assert slack.shortest_gap("C1") >= 0.3


def test_without_leave_for_its_thread_a_post_is_completed_later(
    slack: SlackServer, make_sender: Callable[..., SlackSender], say: Say, to: To
) -> None:
    leave = iter([0.0, 0.0, 30.0])
    sender = make_sender(slack.url, pace=lambda route, n: next(leave))
    outcome = dict(sender.send(say(replies=MORE), [to(7)], lambda: False))[7]
    assert outcome == Unsure("posted, its thread is not complete: the channel's pace is reached", 30.0)
    assert slack.told("C1") == ["Talks resume"]


def test_leave_is_asked_before_the_post_and_after_the_look(
    slack: SlackServer, make_sender: Callable[..., SlackSender], say: Say, to: To
) -> None:
    """Put off before the look, a doubtful delivery would lose its doubt and be told twice."""
    sender = make_sender(slack.url, pace=lambda route, n: 5.0)
    outcome = dict(sender.send(say(), [to(7, unsure=True)], lambda: False))[7]
    assert isinstance(outcome, Deferred)
    assert len(slack.called("conversations.history")) == 1


def test_a_thread_is_read_to_its_end(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """Slack gives a thread oldest first, a page at a time: ours may stand on the third."""
    send(say("root"), to(1))
    root = slack.posts[0].ts
    for n in range(250):
        slack._post({"channel": "C1", "text": f"chatter {n}", "thread_ts": root})
    change = say(edit_parent=True, reply={"text": "what changed"})
    where = {"thread_ts": root, "post_channel": "C1"}
    send(change, to(7, **where))
    assert send(change, to(7, unsure=True, **where)) == {7: Sent("found in history", Post("C1", root))}
    assert slack.told("C1").count("what changed") == 1


HOUR_AGO = time.time_ns() // 1_000_000 - 3_600_000


@pytest.mark.parametrize("page", [15, 100])
@pytest.mark.parametrize("between", [14, 15, 99, 100, 149])
def test_a_post_is_found_however_much_others_have_written_since(
    slack: SlackServer, send: Any, say: Say, to: To, page: int, between: int
) -> None:
    """The answer was lost and others wrote more than a page: the post was not seen, and made twice."""
    slack.page = page
    slack.trouble(status=500, body=b"", done=True)
    send(say(), to(7))
    slack.chat("C1", between)
    outcome = send(say(), to(7, unsure=True, since_ms=HOUR_AGO))[7]
    assert outcome == Sent("found in history", Post("C1", slack.posts[0].ts))
    assert slack.told("C1").count("Talks resume") == 1


def test_a_look_goes_on_where_the_last_one_ended(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """Only so many pages are read at once; what is further back is unsure, not missing."""
    slack.page = 15
    slack.trouble(status=500, body=b"", done=True)
    send(say(), to(7))
    slack.chat("C1", 15 * PAGES_AT_ONCE)
    first = send(say(), to(7, unsure=True, since_ms=HOUR_AGO))[7]
    assert first == Unsure(
        "it may have been posted, and more was written there since than is read at once",
        LOOK_AGAIN_S,
        first.reached,
    )
    assert first.reached
    assert len(slack.called("conversations.history")) == PAGES_AT_ONCE
    second = send(say(), to(7, unsure=True, since_ms=HOUR_AGO, reached=first.reached))[7]
    assert second == Sent("found in history", Post("C1", slack.posts[0].ts))
    assert len(slack.called("conversations.history")) == PAGES_AT_ONCE + 1


def test_one_page_a_minute_is_enough_to_get_there(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """Apps outside of Slack's marketplace may ask once a minute: each look gets one page further, in time."""
    slack.page = 15
    slack.trouble(status=500, body=b"", done=True)
    send(say(), to(7))
    slack.chat("C1", 40)
    reached, looks, outcome = "", 0, None
    while not isinstance(outcome, Sent) and looks < 10:
        slack.forgive()
        slack.trouble(
            "ratelimited",
            status=429,
            headers={"Retry-After": "60"},
            method="conversations.history",
            after=1,
            times=99,
        )
        outcome = send(say(), to(7, unsure=True, since_ms=HOUR_AGO, reached=reached))[7]
        looks += 1
        if isinstance(outcome, Unsure):
            assert outcome.after_s == 60
            assert outcome.reached != reached
            reached = outcome.reached
    assert (outcome, looks) == (Sent("found in history", Post("C1", slack.posts[0].ts)), 3)
    assert slack.told("C1").count("Talks resume") == 1


def test_nothing_older_than_its_digest_is_read(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """A channel with years of history costs no more than what came since the digest was frozen."""
    slack.chat("C1", 150)
    later_ms = time.time_ns() // 1_000_000 + 3_600_000
    assert isinstance(send(say(), to(7, unsure=True, since_ms=later_ms))[7], Sent)
    [asked] = slack.called("conversations.history")
    assert float(asked["oldest"]) == pytest.approx(later_ms / 1000 - CLOCKS_DIFFER_S, abs=1)
    assert slack.told("C1").count("Talks resume") == 1


def test_a_place_that_slack_has_forgotten_is_begun_anew(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    assert send(say(), to(7, unsure=True, since_ms=HOUR_AGO, reached="1.1")) == {
        7: Unsure("it may have been posted, and the channel cannot be read: invalid_cursor")
    }
    assert slack.posts == []


def test_more_that_nobody_may_read_is_a_doubt(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    """Free workspaces hide what is old: `has_more` without a way to it is not the end of the channel."""
    slack.trouble(
        method="conversations.history", body=b'{"ok": true, "messages": [], "has_more": true}', times=9
    )
    outcome = send(say(), to(7, unsure=True, since_ms=HOUR_AGO))[7]
    assert outcome == Unsure("it may have been posted, and Slack shows only part of the channel")
    assert slack.posts == []


def test_a_thread_is_read_from_the_time_of_its_digest_on(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    """A busy thread of months could not be read to its end, and what belongs there was never told."""
    send(say("root"), to(1))
    root = slack.posts[0].ts
    slack.chat("C1", 100 * (THREAD_PAGES + 1), root)
    change = say(edit_parent=True, reply={"text": "what changed"})
    where = {"thread_ts": root, "post_channel": "C1"}
    soon_ms = time.time_ns() // 1_000_000 + 1_000 * (CLOCKS_DIFFER_S + 1)
    assert isinstance(send(change, to(7, unsure=True, **where))[7], Unsure)
    assert isinstance(send(change, to(7, unsure=True, since_ms=soon_ms, **where))[7], Sent)
    assert slack.told("C1").count("what changed") == 1
