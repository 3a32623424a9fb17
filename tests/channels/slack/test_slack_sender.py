"""One post per channel, whatever Slack answers."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_server import SlackServer

from alerts.channels.slack import SlackSender
from alerts.channels.slack.fallback import shortened
from alerts.errors import BadInput
from alerts.model import Channel, Deferred, Failed, Message, Post, Recipient, RouteDown, Sent, Unsure

Say = Callable[..., Message]
To = Callable[..., Recipient]
Make = Callable[..., SlackSender]


def never() -> bool:
    return False


def test_a_post_carries_its_delivery_and_pings_nobody_by_accident(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    text = "Talks &lt;!channel&gt; &amp; <https://a.example|source> @here #general"
    assert send(say(text), to(7)) == {7: Sent(post=Post("C1", slack.posts[0].ts))}
    (post,) = slack.posts
    assert post.payload["text"] == text
    assert post.payload["metadata"] == {"event_type": "alerts_delivery", "event_payload": {"id": "ud1.7"}}
    quiet = {key: post.payload[key] for key in ("parse", "link_names", "unfurl_links", "unfurl_media")}
    assert quiet == {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}


def test_words_that_could_ping_pass_as_rendering_left_them(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    send(say("<!channel>"), to())
    assert slack.posts[0].payload["text"] == "<!channel>"


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ({"error": "token_revoked"}, RouteDown("Slack refuses the bot: token_revoked", 60)),
        ({"error": "is_archived"}, Failed("Slack refuses this channel: is_archived", "channel")),
        (
            {"error": "ratelimited", "status": 429, "headers": {"Retry-After": "17"}},
            Deferred("Slack asks to slow down", 17.0, True),
        ),
        (
            {"error": "ratelimited", "status": 429, "headers": {"retry-after": "17"}, "body": b""},
            Deferred("Slack asks to slow down", 17.0, True),
        ),
        ({"status": 500, "body": b"oops"}, Unsure("Slack answered HTTP 500 without a word of Slack's")),
        ({"error": "fatal_error"}, Unsure("Slack answered fatal_error")),
        ({"error": "new_code"}, Deferred("Slack answered new_code")),
        ({"ending": "silence"}, Unsure("Slack's answer was lost: TimeoutError")),
        ({"ending": "silence", "done": True}, Unsure("Slack's answer was lost: TimeoutError")),
        ({"ending": "reset", "done": True}, Unsure("Slack's answer was lost: ConnectionResetError")),
        ({"body": b"[1, 2]"}, Unsure("Slack's answer was lost: AttributeError")),
        ({"body": b"[]"}, Unsure("Slack answered HTTP 200 without a word of Slack's")),
        ({"body": b"null"}, Unsure("Slack answered HTTP 200 without a word of Slack's")),
        ({"body": b"\xff\xfe"}, Unsure("Slack's answer was lost: UnicodeDecodeError")),
        ({"body": b'{"ok": true}'}, Unsure("Slack answered HTTP 200 without a word of Slack's")),
        (
            {"body": b'{"ok": false, "error": {"a": 1}}'},
            Unsure("Slack answered HTTP 200 without a word of Slack's"),
        ),
        (
            {"status": 403, "body": b"<html>"},
            RouteDown("Slack cannot be reached: HTTP 403 without a word of Slack's"),
        ),
    ],
)
def test_one_attempt_is_one_request_and_one_outcome(
    slack: SlackServer, send: Any, say: Say, to: To, trouble: dict[str, Any], outcome: Any
) -> None:
    slack.trouble(**trouble)
    assert send(say(), to(7)) == {7: outcome}
    assert len(slack.calls) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api/", "http://no-such-host.invalid/api/"])
def test_a_server_that_cannot_be_reached_closes_the_route(
    make_sender: Make, say: Say, to: To, url: str
) -> None:
    ((sid, outcome),) = make_sender(url).send(say(), [to(7), to(8, "C2")][:1], never)
    assert (sid, type(outcome)) == (7, RouteDown)


@pytest.mark.parametrize(
    ("token", "url"),
    [
        ("", "https://slack.com/api/"),
        ("xoxb-1\nX-Evil: 1", "https://slack.com/api/"),
        ("xoxb-1", "file:///etc/passwd"),
        ("xoxb-1", "https://slack.com:port/api/"),
        ("xoxb-1", "slack.com"),
    ],
)
def test_settings_nobody_could_call_with_are_refused_at_once(make_sender: Make, token: str, url: str) -> None:
    with pytest.raises(BadInput):
        make_sender(url, token)


def test_a_wrong_token_ends_the_batch_and_comes_last(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    sender = make_sender(slack.url, token="xoxb-wrong", parallel=2)
    outcomes = list(sender.send(say(), [to(n, f"C{n}") for n in range(1, 40)], never))
    assert [type(outcome) for _, outcome in outcomes] == [RouteDown]
    assert len(slack.calls) <= 4


def test_others_begun_before_the_route_closed_are_still_told(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    slack.latency = 0.05
    slack.trouble("token_revoked", channel="C2")
    outcomes = list(
        make_sender(slack.url, parallel=4).send(say(), [to(n, f"C{n}") for n in range(1, 5)], never)
    )
    assert [type(outcome) for _, outcome in outcomes] == [Sent, Sent, Sent, RouteDown]
    assert outcomes[-1][0] == 2


@pytest.mark.parametrize(
    "code", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long", "too_many_attachments"]
)
def test_refused_blocks_are_said_once_more_as_plain_text(
    slack: SlackServer, send: Any, say: Say, to: To, code: str
) -> None:
    slack.trouble(code)
    outcome = send(say("word " * 2000), to(7))[7]
    flaw = f"as plain text: {code}"
    assert outcome == Sent(flaw, Post("C1", slack.posts[0].ts), flaw)
    (post,) = slack.posts
    assert "blocks" not in post.payload
    assert len(post.payload["text"]) <= 3900
    assert post.payload["metadata"]["event_payload"] == {"id": "ud1.7"}


def test_content_refused_twice_has_failed_and_pauses_nobody(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    slack.trouble("invalid_blocks", times=2)
    assert send(say(), to(7)) == {7: Failed("Slack refuses this content: invalid_blocks")}
    assert len(slack.calls) == 2


def test_more_blocks_than_slack_shows_arrive_as_text(slack: SlackServer, send: Any, say: Say, to: To) -> None:
    assert send(say(blocks=51), to(7))[7].receipt == "as plain text: invalid_blocks"
    assert slack.told("C1") == ["Talks resume"]


def test_where_ids_are_refused_the_words_still_arrive(
    slack: SlackServer, send: Any, say: Say, to: To
) -> None:
    """In their blocks: it is the id that was refused, and not what is said."""
    slack.trouble("metadata_must_be_sent_from_app")
    assert send(say(), to(7))[7].flaw == "without its id: metadata_must_be_sent_from_app"
    assert "metadata" not in slack.posts[0].payload
    assert "blocks" in slack.posts[0].payload


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("all of it", "all of it"),
        ("one two three four", "one two…"),
        ("x" * 30, "x" * 11 + "…"),
    ],
)
def test_a_long_text_ends_between_two_words(text: str, short: str) -> None:
    assert shortened(text, 12) == short


def test_fifty_channels_are_served_sixteen_at_a_time(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    slack.latency = 0.1
    sender = make_sender(slack.url)
    outcomes = dict(sender.send(say(), [to(n, f"C{n}") for n in range(50)], never))
    assert all(isinstance(outcome, Sent) for outcome in outcomes.values())
    assert sorted(outcomes) == list(range(50))
    assert len(slack.posts) == 50
    assert 1 < slack.busiest <= 16


def test_no_more_are_begun_than_can_be_in_flight_unrecorded(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    sender = make_sender(slack.url, parallel=3)
    outcomes = sender.send(say(), [to(n, f"C{n}") for n in range(20)], never)
    for recorded in range(8):
        next(outcomes)
        time.sleep(0.02)
        assert len(slack.posts) <= recorded + sender.in_flight
    outcomes.close()


def test_after_stop_nothing_begins_and_what_began_is_told(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    slack.latency = 0.05
    asked = iter([False] * 5 + [True] * 50)
    outcomes = dict(
        make_sender(slack.url, parallel=4).send(
            say(), [to(n, f"C{n}") for n in range(20)], lambda: next(asked)
        )
    )
    assert len(outcomes) == len(slack.posts) == 5
    assert all(isinstance(outcome, Sent) for outcome in outcomes.values())


def test_a_sender_works_again_after_it_was_closed(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    sender = make_sender(slack.url)
    for _ in range(2):
        assert [sid for sid, _ in sender.send(say(), [to(7)], never)] == [7]
        sender.close()


def test_a_message_that_cannot_be_filled_posts_nothing(slack: SlackServer, make_sender: Make, to: To) -> None:
    broken = Message("ud1", Channel("slack"), (b'{"text": "half',))
    with pytest.raises(ValueError, match="Unterminated"):
        list(make_sender(slack.url).send(broken, [to(7)], never))
    assert slack.calls == []


def test_a_channel_at_its_pace_is_put_off_without_blame(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    asked = []

    def pace(route: str, n: int) -> float:
        asked.append((route, n))
        return 0.7 if route == "slack:T1/C1" else 0.0

    outcomes = dict(
        make_sender(slack.url, pace=pace, parallel=1).send(say(), [to(1, "C1"), to(2, "C2")], never)
    )
    assert outcomes[1] == Deferred("the channel's pace is reached", 0.7, blameless=True)
    assert isinstance(outcomes[2], Sent)
    assert asked == [("slack:T1/C1", 1), ("slack:T1/C2", 1), ("slack:T1", 1)], (
        "the team's leave is not wasted"
    )


def test_a_workspace_at_its_pace_is_waited_for_a_moment(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    waits = {"slack:T1": iter([0.1, 0.05, 0.0])}
    sender = make_sender(slack.url, pace=lambda route, n: next(waits.get(route, iter([0.0]))))
    began = time.monotonic()
    assert isinstance(dict(sender.send(say(), [to(7)], never))[7], Sent)
    assert time.monotonic() - began >= 0.15


def test_a_workspace_far_over_its_pace_closes_the_route(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    sender = make_sender(slack.url, pace=lambda route, n: 4.0 if route == "slack:T1" else 0.0)
    outcomes = list(sender.send(say(), [to(7), to(8, "C2")], never))
    assert [outcome for _, outcome in outcomes] == [
        RouteDown("the workspace's pace is reached", 4.0, paced=True)
    ]
    assert slack.calls == []


def test_a_workspace_that_never_gives_leave_is_not_waited_for_long(
    slack: SlackServer, make_sender: Make, say: Say, to: To
) -> None:
    asked = []
    sender = make_sender(slack.url, pace=lambda route, n: asked.append(route) or 0.6 * (route == "slack:T1"))
    assert isinstance(dict(sender.send(say(), [to(7)], never))[7], RouteDown)
    assert asked.count("slack:T1") == 2
