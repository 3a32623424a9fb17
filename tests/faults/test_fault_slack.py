"""Slack slows down, fails, forgets to answer, refuses channels, words and the bot: no post is doubled."""

import time
from collections import Counter

import pytest
from house import OPERATOR
from scene import Scene, scene, until
from slack_server import SlackServer

from alerts import operations as do
from alerts.errors import Conflict
from alerts.model import Channel, State
from alerts.operations.subscribing import suppressing

pytestmark = pytest.mark.faults

LOOKING = {"method": "conversations.history"}


def posts(slack: SlackServer) -> Counter[str]:
    return Counter(post.channel for post in slack.posts)


def looked_up(slack: SlackServer) -> set[str]:
    return {str(asked["channel"]) for asked in slack.called("conversations.history")}


def told_to_operators(it: Scene) -> dict[str, str]:
    """What operators were told, by the reason that was given."""
    return {notice.get("why", ""): notice["what"] for notice in it.services.notices.latest()}


def test_whatever_slack_answers_a_channel_gets_one_post_or_a_reason() -> None:
    """A batch of channels, each with a trouble of its own; the others never notice."""
    with SlackServer() as slack, scene(slack=slack) as it:
        slack.trouble("ratelimited", status=429, headers={"Retry-After": "2"}, channel="CSLOW")
        slack.trouble(status=500, body=b"oops", channel="CFAILS")
        slack.trouble(status=500, body=b"oops", done=True, channel="CFAILSLATE")
        slack.trouble(ending="silence", done=True, channel="CSILENT")
        slack.trouble("msg_blocks_too_long", channel="CPLAIN")
        slack.trouble("is_archived", channel="CARCHIVED")
        it.worker()
        fine = [f"C{n}" for n in range(20)]
        troubled = ["CSLOW", "CFAILS", "CFAILSLATE", "CSILENT", "CPLAIN"]
        it.subscribe(*(f"T1/{channel}" for channel in [*fine, *troubled, "CARCHIVED", "GONE"]))
        it.publish()
        it.finish(40)

        assert posts(slack) == dict.fromkeys([*fine, *troubled], 1)
        records, notes = it.records(), it.notes()
        sent = {address for address, record in records.items() if record.state is State.SENT}
        assert sent == {f"T1/{channel}" for channel in [*fine, *troubled]}
        assert records["T1/CSLOW"].attempt == 1
        assert looked_up(slack) == {"CFAILS", "CFAILSLATE", "CSILENT"}
        assert notes["T1/CSILENT"] == notes["T1/CFAILSLATE"] == "found in history"
        assert notes["T1/CPLAIN"] == "as plain text: msg_blocks_too_long"
        [plain] = [post for post in slack.posts if post.channel == "CPLAIN"]
        assert "blocks" not in plain.payload

        for channel, code in (("CARCHIVED", "is_archived"), ("GONE", "channel_not_found")):
            why = f"Slack refuses this channel: {code}"
            assert (records[f"T1/{channel}"].state, records[f"T1/{channel}"].attempt) == (State.FAILED, 1)
            assert notes[f"T1/{channel}"] == why
            assert told_to_operators(it)[why] == "suppressed"
            assert it.services.suppressions.find(Channel("slack"), [f"T1/{channel}"])
        assert not it.services.breakers.tripped()
        it.books_are_in_order(attempts=2)


def test_a_post_whose_answer_was_lost_is_found_in_a_busy_channel_and_never_made_twice() -> None:
    """Others wrote more than a page of history before anybody looked; apps like ours get 15 messages a page.

    Only the newest page was read, and what was not on it was taken for missing and posted again.
    """
    with SlackServer(page=15) as slack, scene(slack=slack) as it:
        slack.trouble(status=500, body=b"", done=True, channel="CBUSY")
        slack.trouble("ratelimited", status=429, headers={"Retry-After": "1"}, after=3, **LOOKING)
        it.subscribe("T1/CBUSY")
        it.worker()
        it.publish()
        until(lambda: slack.posts, 20)
        slack.chat("CBUSY", 400)
        it.finish(60)
        ours = [post for post in slack.posts if not post.payload["text"].startswith("chatter")]
        assert len(ours) == 1
        assert it.notes() == {"T1/CBUSY": "found in history"}
        assert len(slack.called("conversations.history")) > 400 // 15
        it.books_are_in_order(attempts=2)


def test_a_channel_that_cannot_be_read_is_told_to_operators_and_not_posted_to_again() -> None:
    """Neither twice nor dropped in silence: it is asked again and again, and people hear of it."""
    with SlackServer() as slack, scene(slack=slack) as it:
        slack.trouble(status=500, body=b"", done=True, channel="CHIDDEN")
        slack.trouble("missing_scope", times=10_000, **LOOKING)
        it.subscribe("T1/CHIDDEN")
        it.worker()
        it.publish()

        def told() -> bool:
            it.hurry()
            return "in doubt" in told_to_operators(it).values()

        until(told, 40)
        assert it.states() == {"T1/CHIDDEN": State.UNKNOWN}
        assert len(slack.posts) == 1
        slack.forgive()
        it.finish(40)
        assert len(slack.posts) == 1
        assert it.states() == {"T1/CHIDDEN": State.SENT}


def test_answers_that_trickle_hold_up_nobody_else() -> None:
    """Two updates for two slow channels held both threads of the worker, for as long as Slack liked."""
    with SlackServer() as slack, scene(slack=slack) as it:
        for slow in ("CSLOW1", "CSLOW2"):
            slack.trouble(ending="drip", body=b" " * 10_000, done=True, channel=slow)
        it.worker(threads=2)
        it.subscribe("T1/CSLOW1")
        it.publish("first")
        until(lambda: len(slack.calls) == 1, 20)
        it.subscribe("T1/CSLOW2")
        it.publish("second")
        until(lambda: len(slack.calls) >= 2, 40)
        it.subscribe("T1/CFINE", "mail@example.org")
        it.publish("third")
        until(lambda: {"T1/CFINE", "mail@example.org"} <= it.ended("third"), 60)
        it.finish(90)
        assert all(posts(slack)[slow] <= 3 for slow in ("CSLOW1", "CSLOW2"))
        for update in ("first", "second", "third"):
            assert set(it.states(update).values()) == {State.SENT}


def test_refused_blocks_arrive_as_their_whole_text_and_operators_hear_of_it_once() -> None:
    """Only the headline arrived: what to do was not in it."""
    channels = [f"C{n}" for n in range(6)]
    with SlackServer() as slack, scene(slack=slack) as it:
        for channel in channels:
            slack.trouble("invalid_blocks", channel=channel)
        it.worker()
        it.subscribe(*(f"T1/{channel}" for channel in channels))
        it.publish()
        it.finish(40)
        assert posts(slack) == dict.fromkeys(channels, 1)
        assert all("The delegations meet tomorrow." in post.payload["text"] for post in slack.posts)
        notices = [n for n in it.services.notices.latest() if n["what"] == "not shown as it was"]
        assert [notice["why"] for notice in notices] == ["as plain text: invalid_blocks"]
        it.books_are_in_order()


def test_a_channel_that_was_away_gets_what_it_missed_when_it_is_back() -> None:
    """`retry` came first and turned what had failed into `suppressed`, and nothing brought it any more."""
    with SlackServer() as slack, scene(slack=slack) as it:
        slack.trouble("channel_not_found", channel="CAWAY", times=99)
        it.worker()
        it.subscribe("T1/CAWAY")
        for update in ("a", "b"):
            it.publish(update, headline=f"Update {update}")
            it.finish(40)
        assert (it.states("a"), it.states("b")) == (
            {"T1/CAWAY": State.FAILED},
            {"T1/CAWAY": State.SUPPRESSED},
        )
        slack.forgive()
        with pytest.raises(Conflict, match=r"Nothing is sent to T1/CAWAY .*channel_not_found"):
            do.retry(it.services, OPERATOR, "a")
        suppressing.unsuppress(it.services, OPERATOR, "T1/CAWAY")
        it.finish(40)
        assert sorted(slack.told("CAWAY")) == ["SEVERE · Update a", "SEVERE · Update b"]
        for update in ("a", "b"):
            it.books_are_in_order(update=update)


def test_a_revoked_token_rests_the_route_and_fails_nobody() -> None:
    """Nothing is tried while it rests, no attempt is burnt; with a token that works all of it goes."""
    channels = [f"C{n}" for n in range(40)]
    with SlackServer() as slack, scene(slack=slack) as it:
        slack.trouble("token_revoked", times=10_000)
        it.worker()
        it.subscribe(*(f"T1/{channel}" for channel in channels))
        it.publish()
        until(it.services.breakers.tripped, 10)
        assert it.services.breakers.tripped() == {"slack": "Slack refuses the bot: token_revoked"}
        assert not slack.posts
        assert {(r.state, r.attempt) for r in it.records().values()} == {(State.QUEUED, 0)}
        slack.forgive()
        it.finish(40)
        assert posts(slack) == dict.fromkeys(channels, 1)
        assert not it.services.breakers.tripped()
        it.books_are_in_order(attempts=1)


def test_a_worker_killed_while_it_posts_asks_the_channels_before_it_posts_again() -> None:
    channels = [f"C{n}" for n in range(60)]
    with SlackServer(latency=0.2) as slack, scene(slack=slack) as it:
        it.subscribe(*(f"T1/{channel}" for channel in channels))
        it.publish()
        worker = it.worker()
        until(lambda: len(slack.posts) > 8, 20)
        worker.kill()
        it.worker()
        it.finish(60)
        assert posts(slack) == dict.fromkeys(channels, 1)
        assert set(it.states().values()) == {State.SENT}
        it.books_are_in_order()


def test_a_fault_nobody_foresaw_in_mid_batch_is_as_a_death_and_no_hot_loop() -> None:
    """What was posted could not be remembered, so the batch is in doubt: looked at when its lease is over."""
    channels = [f"C{n}" for n in range(30)]
    with SlackServer(latency=0.5) as slack, scene(slack=slack) as it:
        client, damaged = it.services.server.client, f"{it.settings.key_prefix}posts:ua-talks"
        it.worker()
        it.subscribe(*(f"T1/{channel}" for channel in channels))
        it.publish()
        until(lambda: slack.posts, 20)
        client.set(damaged, "not a hash")
        until(lambda: "raised unexpected" in it.logged(), 10)
        time.sleep(3)
        assert it.logged().count("raised unexpected") == 1
        client.delete(damaged)
        it.finish(40)
        assert looked_up(slack)
        assert posts(slack) == dict.fromkeys(channels, 1)
        it.books_are_in_order()
