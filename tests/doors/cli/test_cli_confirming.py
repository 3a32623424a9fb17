"""An exercise or a test reaches real people only after its word was typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import Runs

from alerts.services import Services
from alerts.settings import Settings

SMTP = "smtp://127.0.0.1:9"  # nothing listens there, and nothing is sent here
SLACK_TOKEN = "xoxb-no-token"


@pytest.fixture
def exercise(tmp_path: Path) -> str:
    (tmp_path / "drill.md").write_text(
        "---\nid: drill\nregions: [Ukraine]\nstatus: exercise\n---\n# A drill in Kyiv\n", encoding="utf-8"
    )
    return "drill.md"


def published(services: Services) -> list[str]:
    return services.updates.recent(10)


@pytest.mark.parametrize(
    ("name", "value", "way"),
    [
        pytest.param("ALERTS_SMTP_URL", SMTP, "email", id="real mail"),
        pytest.param("ALERTS_SLACK_BOT_TOKEN", SLACK_TOKEN, "Slack", id="real Slack"),
    ],
)
def test_without_the_word_nothing_is_published(
    alerts: Runs,
    services: Services,
    exercise: str,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    way: str,
) -> None:
    monkeypatch.setenv(name, value)
    said = alerts("publish", exercise)
    assert said.code == 2
    assert f"real people by {way}" in said.err
    assert "hint: If it should, publish it with --confirm exercise." in said.err
    assert published(services) == []


def test_the_word_of_another_status_does_not_count(
    alerts: Runs, services: Services, exercise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_SMTP_URL", SMTP)
    assert alerts("publish", exercise, "--confirm", "test").code == 2
    assert published(services) == []


def test_with_the_word_it_is_published(
    alerts: Runs, services: Services, exercise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_SMTP_URL", SMTP)
    assert alerts("publish", exercise, "--confirm", "exercise").code == 0
    assert published(services) == ["drill"]


def test_into_the_outbox_it_goes_without_a_word(alerts: Runs, services: Services, exercise: str) -> None:
    assert alerts("publish", exercise).code == 0
    assert published(services) == ["drill"]


def test_what_is_actual_needs_no_word(
    alerts: Runs, services: Services, update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_SMTP_URL", SMTP)
    assert alerts("publish", update).code == 0
    assert published(services) == ["ua-talks"]


def test_one_exercise_among_others_holds_all_of_them_back(
    alerts: Runs, services: Services, update: str, exercise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_SMTP_URL", SMTP)
    assert alerts("publish", update, exercise).code == 2
    assert published(services) == []


@pytest.mark.parametrize(("typed", "code"), [("exercise", 0), ("yes", 2), ("", 2)])
def test_at_a_terminal_the_word_is_asked_for(
    services: Services, settings: Settings, exercise: str, tmp_path: Path, typed: str, code: int
) -> None:
    ours, theirs = os.openpty()
    try:
        os.write(ours, f"{typed}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "alerts", "publish", exercise],
            stdin=theirs,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ | {"ALERTS_HOME": str(settings.home), "ALERTS_SMTP_URL": SMTP},
            timeout=120,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Type exercise to publish it" in done.stdout + done.stderr
    assert (done.returncode, published(services)) == (code, [] if code else ["drill"])
