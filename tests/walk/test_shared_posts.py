"""A Slack post that tells several updates is nobody's parent: what changes in one is a post of its own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from house import draft, subscribe, walk
from pydantic import SecretStr
from slack_server import TOKEN, SlackServer

from alerts.model import Kind, Standing
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def real(
    slack: SlackServer, settings: Settings, services: Services, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """Services that post to this Slack."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    configured = {"slack_bot_token": SecretStr(TOKEN), "slack_api_url": slack.url}
    ready = connect(settings.model_copy(update=configured))
    yield ready
    ready.close()


def test_a_revision_of_one_update_does_not_wipe_the_others_out_of_a_catch_up(
    real: Services, slack: SlackServer
) -> None:
    """Two updates came in one post after a pause. When one changed, the whole post was made into that one."""
    channel = subscribe(real, "T1/C1", "UA")
    paused = real.subscribers.save(replace(channel, standing=Standing.PAUSED), channel)
    for update in ("a", "b"):
        steps.publish(real, draft(update, headline=f"Update {update}"))
        walk(real)
    real.subscribers.save(replace(paused, standing=Standing.ACTIVE), paused, catch_up=True)
    walk(real)
    [post] = slack.posts
    steps.publish(real, draft("a", headline="Update a", body="It is over.", kind=Kind.UPDATE))
    walk(real)
    assert slack.called("chat.update") == []
    assert "Update b" in str(post.payload["blocks"])
    assert len(slack.posts) == 2


def test_what_is_told_alone_is_edited_still(real: Services, slack: SlackServer) -> None:
    subscribe(real, "T1/C1", "UA")
    steps.publish(real, draft("a"))
    walk(real)
    steps.publish(real, draft("a", body="It is over.", kind=Kind.UPDATE))
    walk(real)
    assert len(slack.called("chat.update")) == 1
