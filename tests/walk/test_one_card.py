"""A channel has one card of an update, also if its first post was in doubt when the next revision came."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from clocked import clocked, move_to
from house import draft, subscribe, told, walk
from pydantic import SecretStr
from slack_server import TOKEN, SlackServer

from alerts.model import Kind, Severity, State
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import earlier_posts, steps
from alerts.walk.batch_sender import BatchSender

CHANNEL = "C1"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def real(slack: SlackServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Services that post to this Slack, at a time that the test sets."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    configured = {"slack_bot_token": SecretStr(TOKEN), "slack_api_url": slack.url}
    ready = clocked(settings.model_copy(update=configured), "2026-03-02T12:00Z")
    subscribe(ready, f"T1/{CHANNEL}", "UA")
    yield ready
    ready.close()


def in_doubt(services: Services, slack: SlackServer, severity: Severity, done: bool = True) -> None:
    """Publish a first revision whose answer is lost; it was posted (`done`) or not."""
    slack.trouble(ending="reset", done=done)
    steps.publish(services, draft("a", severity=severity))
    walk(services)
    assert told(services, "a") == {f"T1/{CHANNEL}": [State.UNKNOWN]}


def pass_time(services: Services, seconds: int) -> None:
    """Do what is due, every three seconds and no sooner."""
    batch_sender = BatchSender(services)
    for _ in range(seconds // 3):
        move_to(services, services.server.now_ms() + 3_000)
        for owed in services.due.owed():
            if owed.look_ms <= services.server.now_ms():
                steps.step(batch_sender, owed.work)


def cards(slack: SlackServer) -> list[str]:
    return [str(post.payload) for post in slack.posts if not post.thread_ts]


def replies(slack: SlackServer) -> list[str]:
    return [str(post.payload) for post in slack.posts if post.thread_ts]


@pytest.mark.parametrize("severity", [Severity.MODERATE, Severity.EXTREME])
@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.CORRECTION, Kind.CANCEL])
def test_a_revision_of_a_post_in_doubt_edits_it(
    real: Services, slack: SlackServer, kind: Kind, severity: Severity
) -> None:
    """The newer revision was posted by itself, and the first card stayed as it was for ever."""
    in_doubt(real, slack, severity)
    steps.publish(real, draft("a", headline="It is over", severity=severity, kind=kind))
    pass_time(real, 150)
    [card] = cards(slack)
    assert "It is over" in card
    assert len(replies(slack)) == 1
    assert len(slack.called("chat.postMessage")) == 2
    assert not any(work.work.step.value == "send" for work in real.due.owed())


@pytest.mark.parametrize("kind", [Kind.UPDATE, Kind.CORRECTION])
def test_what_was_never_posted_is_not_waited_for_for_ever(
    real: Services, slack: SlackServer, kind: Kind
) -> None:
    in_doubt(real, slack, Severity.MODERATE, done=False)
    steps.publish(real, draft("a", headline="It is over", kind=kind))
    pass_time(real, 150)
    [card] = cards(slack)
    assert "It is over" in card
    assert replies(slack) == []


def test_a_channel_that_cannot_be_read_gets_the_newer_revision_all_the_same(
    real: Services, slack: SlackServer
) -> None:
    """Without the scope for history nobody will ever know: better a second card than none."""
    slack.trouble("missing_scope", method="conversations.history", times=1_000)
    in_doubt(real, slack, Severity.EXTREME)
    steps.publish(real, draft("a", headline="It is over", severity=Severity.EXTREME, kind=Kind.UPDATE))
    pass_time(real, 9)
    assert len(cards(slack)) == 1
    pass_time(real, earlier_posts.URGENT_WAIT_S + 20)
    assert "It is over" in cards(slack)[-1]


def test_what_is_about_to_expire_does_not_wait(real: Services, slack: SlackServer) -> None:
    """Waiting must not be the reason why a channel is never told."""
    in_doubt(real, slack, Severity.MODERATE)
    soon = datetime.fromisoformat("2026-03-02T12:00:25Z")
    steps.publish(real, draft("a", headline="It is over", kind=Kind.UPDATE, expires_at=soon))
    pass_time(real, 60)
    [card] = cards(slack)
    assert "It is over" in card
    assert State.EXPIRED not in told(real, "a")[f"T1/{CHANNEL}"]


def test_waiting_is_not_counted_as_a_try(real: Services, slack: SlackServer) -> None:
    in_doubt(real, slack, Severity.MODERATE)
    steps.publish(real, draft("a", headline="It is over", kind=Kind.UPDATE))
    pass_time(real, 12)
    newest = max(real.updates.digests("a"), key=lambda d: real.digests.get(d).tells("a"))
    [record] = real.ledger.records(newest, [1]).values()
    assert (record.state, record.attempt) == (State.DEFERRED, 0)
