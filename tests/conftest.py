"""What most rooms' tests share: a real server of their own, and services with the outbox as the way out.

Present also so that pytest puts this folder on the path: the scripted servers are shared by the rooms.
"""

from collections.abc import Iterator
from pathlib import Path

import guardian
import hypothesis
import pytest

from alerts.runtime import attach
from alerts.services import Services, connect
from alerts.settings import Settings

guardian.watch()
# No property is about the time an example takes: a busy machine takes as long as it likes.
hypothesis.settings.register_profile("alerts", deadline=None)
hypothesis.settings.load_profile("alerts")


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One bundled server for the whole run; every test starts with it empty."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with attach(settings):
        yield settings


@pytest.fixture
def settings(bundled: Settings, tmp_path: Path) -> Settings:
    """Settings on the shared server, with nothing configured: messages go to the outbox of this test."""
    return bundled.model_copy(update={"redis_url": None})


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """Services over an empty server."""
    ready = connect(settings)
    ready.server.client.flushall()
    yield ready
    ready.close()
