"""What the stories about Slack begin with: a server, and a bot that may post as fast as it likes."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_server import TOKEN, SlackServer

from alerts.channels.slack import SlackSender
from alerts.model import Channel, Message, Outcome, Recipient

Send = Callable[..., dict[int, Outcome]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk takes the proxies of the environment even for a server on this machine."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


@pytest.fixture
def make_sender() -> Iterator[Callable[..., SlackSender]]:
    """A sender for a server, closed when the story ends."""
    made: list[SlackSender] = []

    def make(url: str, token: str = TOKEN, pace: Any = lambda route, n: 0.0, **how: Any) -> SlackSender:
        made.append(SlackSender(token, url, pace, **how))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


@pytest.fixture
def send(slack: SlackServer, make_sender: Callable[..., SlackSender]) -> Send:
    """Send one message to some channels and return what became of each, by sid."""
    sender = make_sender(slack.url, timeout=2)

    def send(message: Message, *recipients: Recipient) -> dict[int, Outcome]:
        return dict(sender.send(message, recipients, lambda: False))

    return send


@pytest.fixture
def say() -> Callable[..., Message]:
    """A message as the rendering room makes it."""

    def say(text: str = "Talks resume", blocks: int = 1, **more: Any) -> Message:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*{text}*"}}
        arguments = {"text": text, "blocks": [section] * blocks, "unfurl_links": False, **more}
        return Message("ud1", Channel("slack"), (json.dumps(arguments).encode(),))

    return say


@pytest.fixture
def to() -> Callable[..., Recipient]:
    def to(
        sid: int = 7,
        channel: str = "C1",
        unsure: bool = False,
        since_ms: int = 0,
        reached: str = "",
        **blanks: str,
    ) -> Recipient:
        filled = {"thread_ts": "", "post_channel": "", "page": "TOKEN", **blanks}
        return Recipient(sid, f"T1/{channel}", filled, 1, unsure, since_ms, reached)

    return to
