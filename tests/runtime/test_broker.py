"""What is said of a broker, which never holds its address: there is a password in it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from alerts.runtime import attach
from alerts.settings import Settings


def run(settings: Settings, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    return subprocess.run(
        [sys.executable, "-m", "alerts", *words],
        capture_output=True,
        text=True,
        timeout=90,
        cwd=settings.home,
        env=plain | {"ALERTS_HOME": str(settings.home), "ALERTS_BROKER_URL": url},
    )


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"redis://:s3cret@127.0.0.1:{taken.getsockname()[1]}/0"


def test_a_broker_that_is_away_is_found_by_check(settings: Settings, nowhere: str) -> None:
    checked = run(settings, nowhere, "check", "-o", "json")
    assert checked.returncode == 1
    assert '"broker"' in checked.stdout
    assert "The broker does not answer." in checked.stdout
    assert "s3cret" not in checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("requirepass", "another", "The broker refuses our login."),
        ("min-replicas-to-write", "1", "The broker takes no messages."),
    ],
)
def test_a_broker_that_answers_and_takes_nothing_is_found_by_check(
    settings: Settings, tmp_path: Path, setting: str, value: str, said: str
) -> None:
    broker = Settings(home=tmp_path / "broker")
    with attach(broker), redis.Redis(unix_socket_path=str(broker.socket_path)) as client:
        usual = client.config_get(setting)[setting]
        client.config_set(setting, value)
        url = f"redis+socket://:s3cret@{broker.socket_path}?virtual_host=0"
        checked = run(settings, url if setting == "requirepass" else broker.doorbell_url, "check")
        client.config_set(setting, usual)
    assert checked.returncode == 1
    assert said in checked.stdout
    assert "s3cret" not in checked.stdout + checked.stderr


def test_a_publish_is_accepted_while_the_broker_is_away(
    settings: Settings, nowhere: str, tmp_path: Path
) -> None:
    """It is on disk, so it is published: the doorbell that nobody hears is worth a warning, and no wait."""
    update = tmp_path / "update.md"
    update.write_text(
        "---\nid: away\nregions: [UA]\ntags: []\nseverity: severe\n---\n# Talks\n\nThey go on.\n"
    )
    published = run(settings, nowhere, "publish", str(update))
    assert published.returncode == 0
    assert "away.r1" in published.stdout
    assert "The broker does not take our doorbell" in published.stderr
    assert "s3cret" not in published.stdout + published.stderr


def test_no_worker_starts_with_a_broker_that_cannot_be_one(settings: Settings) -> None:
    started = run(settings, "redis://:s3cret#x@127.0.0.1:6379/0", "worker")
    assert started.returncode == 2
    assert "ALERTS_BROKER_URL" in started.stderr
    assert "s3cret" not in started.stdout + started.stderr
