"""Seen before it is sent: on a page in the browser, and in one's own mailbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import Runs
from house import subscribe

from alerts.services import Services
from alerts.settings import Settings


def test_without_a_screen_the_page_is_named_and_only_its_owner_reads_it(
    alerts: Runs, services: Services, settings: Settings, update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    subscribe(services, "ann@example.org", "UA")
    said = alerts("preview", update, "--open")
    page = settings.home / "preview.html"
    assert said.code == 0
    assert f"Look at {page}" in said.err
    assert page.stat().st_mode & 0o777 == 0o600
    drawn = page.read_text(encoding="utf-8")
    assert "ann@example.org" in drawn
    assert drawn.count("Talks go on in Istanbul") >= 3, "as HTML, as text, in Slack"


def test_with_a_screen_the_browser_is_given_the_page(
    services: Services, settings: Settings, update: str, tmp_path: Path
) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n', encoding="utf-8")
    browser.chmod(0o700)
    subprocess.run(
        [sys.executable, "-m", "alerts", "preview", update, "--open"],
        cwd=tmp_path,
        env=os.environ | {"ALERTS_HOME": str(settings.home), "DISPLAY": ":7", "BROWSER": str(browser)},
        timeout=120,
        check=False,
        capture_output=True,
    )
    assert seen.read_text(encoding="utf-8").strip() == (settings.home / "preview.html").as_uri()


def test_to_me_publishes_nothing(alerts: Runs, services: Services, update: str) -> None:
    subscribe(services, "ann@example.org", "UA")
    said = alerts("publish", update, "--to-me", "me@example.org", "-o", "json")
    assert (said.code, said.json["sent"], said.json["address"]) == (0, True, "me@example.org")
    assert (services.updates.count(), services.due.count()) == (0, 0)


@pytest.mark.parametrize("other", [("--at", "2099-01-01T00:00:00Z"), ("--plan", "1-0-a-b"), ("--wait=1",)])
def test_to_me_does_not_go_with_what_is_for_publishing(
    alerts: Runs, services: Services, update: str, other: tuple[str, ...]
) -> None:
    said = alerts("publish", update, "--to-me", "me@example.org", *other)
    assert (said.code, list(services.audit.entries()), services.updates.count()) == (2, [], 0)
