"""`alerts check` tries what is configured, and agrees with `alerts status`."""

from collections.abc import Iterator

import pytest
from cli_runs import Runs
from slack_server import TOKEN, SlackServer

from alerts.channels import CHANNELS
from alerts.model import Channel
from alerts.services import Services


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    with SlackServer() as server:
        monkeypatch.setenv("ALERTS_PUBLIC_URL", "https://alerts.example.org")  # links in posts lead there
        monkeypatch.setenv("ALERTS_SECRET_KEY", "a key that is long enough")
        monkeypatch.setenv("ALERTS_SLACK_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("ALERTS_SLACK_API_URL", server.url)
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield server


def problems(alerts: Runs) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["level"], row["message"]) for row in alerts("check", "-o", "json").json}


def test_a_token_that_works_is_tried_and_is_no_problem(alerts: Runs, slack: SlackServer) -> None:
    assert problems(alerts) == {}
    assert [call.method for call in slack.calls] == ["auth.test"]


@pytest.mark.parametrize(
    ("trouble", "level", "message"),
    [
        ({"error": "token_revoked"}, "error", "Slack refuses the bot: token_revoked"),
        (
            {"status": 302, "headers": {"Location": "http://127.0.0.1:9/"}},
            "error",
            "Slack cannot be reached: what answers sends us elsewhere (HTTP 302)",
        ),
        ({"status": 503, "body": b""}, "warning", "Slack answered HTTP 503 without a word of Slack's"),
        ({"error": "ratelimited", "status": 429}, "warning", "Slack asks to slow down"),
        ({"body": b"<html>"}, "warning", "Slack answered HTTP 200 without a word of Slack's"),
    ],
)
def test_a_token_that_does_not_work_is_found(
    alerts: Runs, slack: SlackServer, trouble: dict[str, object], level: str, message: str
) -> None:
    """A revoked token passed the check, and was only met when an update had to go out."""
    slack.trouble(method="auth.test", **trouble)
    assert problems(alerts) == {"channels.slack.login": (level, f"{message}.")}


def test_a_wrong_token_is_found_and_not_shown(
    alerts: Runs, slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_PUBLIC_URL", "https://alerts.example.org")
    monkeypatch.setenv("ALERTS_SECRET_KEY", "a key that is long enough")
    monkeypatch.setenv("ALERTS_SLACK_BOT_TOKEN", "xoxb-hunter2")
    said = alerts("check", "-o", "json")
    assert (said.code, said.json[0]["message"]) == (1, "Slack refuses the bot: invalid_auth.")
    assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_route_that_is_down_is_told_by_both(alerts: Runs, services: Services, channel: Channel) -> None:
    """`status` said that a route is down, and `check` that there is no problem."""
    services.breakers.trip(channel, "nobody answers", 60)
    assert f"down         {channel}: nobody answers" in alerts("status").out
    checked = alerts("check", "-o", "json")
    [found] = checked.json
    assert (checked.code, found["id"], found["message"]) == (
        1,
        f"routes.{channel}",
        f"Nothing goes out by {channel}: nobody answers.",
    )
    assert services.breakers.back_off(channel) > 0
    services.breakers.close(channel)
    assert alerts("check", "-q").out == ""


def test_senders_whose_every_mail_is_refused_are_found(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody was given an address for updates, and `check` said that all is in order."""
    alerts("senders", "add", "olga@example.org", "--name", "olga")
    assert problems(alerts) == {
        "senders.authserv_id": ("error", "Every update by mail is refused: nobody says whom it is from.")
    }
    alerts("senders", "pause", "olga")
    assert problems(alerts) == {}
    alerts("senders", "resume", "olga")
    monkeypatch.setenv("ALERTS_AUTHSERV_ID", "mx.example.org")
    assert problems(alerts) == {}


@pytest.mark.parametrize("command", ["worker", "up", "web"])
def test_what_starts_names_the_variables_that_set_nothing(
    alerts: Runs, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """ALERTS_SMTP set nothing, mail went to the outbox, and a worker started without a word about it."""
    monkeypatch.setenv("ALERTS_SMTP", "smtp://mail.example.org")
    monkeypatch.setenv("ALERTS_SMTP_URL", "nonsense")  # nothing is to start
    listening = [] if command == "worker" else ["--host", "203.0.113.1"]
    said = alerts(command, *listening)
    assert said.code != 0
    assert "! ALERTS_SMTP is no setting" in said.err
    assert "Did you mean ALERTS_SMTP_URL?" in said.err
