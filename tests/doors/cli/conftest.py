"""The command line over the shared server, and one way to run it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from cli_runs import Runs, run

from alerts.services import Services
from alerts.settings import Settings


@pytest.fixture
def alerts(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Runs]:
    """`alerts(…)` against the same state as `services`; commands read files of `tmp_path`."""
    monkeypatch.setenv("ALERTS_HOME", str(settings.home))
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield run
    structlog.reset_defaults()  # it logs to the standard error of the last run
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def update(tmp_path: Path) -> str:
    """A file with an update about Ukraine."""
    (tmp_path / "talks.md").write_text(
        "---\nid: ua-talks\nregions: [Ukraine]\ntags: [negotiations]\nseverity: moderate\n---\n"
        "# Talks go on in Istanbul\n\nThe delegations meet tomorrow.\n",
        encoding="utf-8",
    )
    return "talks.md"
