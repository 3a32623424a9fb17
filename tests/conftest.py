"""What most rooms' tests share: a real server of their own, and services with the outbox as the way out.

Present also so that pytest puts this folder on the path: the scripted servers are shared by the rooms.
"""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import guardian
import hypothesis
import pytest
import rich.style  # noqa: F401 - it throws dice while it is loaded, which Hypothesis must not see in a property
from thorough import THOROUGH

from alerts.runtime import attach
from alerts.runtime.celery_app import app
from alerts.services import Services, connect
from alerts.settings import Settings

guardian.watch()
# No property is about the time an example takes: a busy machine takes as long as it likes. Whether a change
# may come in depends on no dice either, and waits for fewer of them; `make soak` throws them, and all.
hypothesis.settings.register_profile("alerts", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.register_profile("dice", deadline=None)
hypothesis.settings.load_profile("dice" if THOROUGH else "alerts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Half of the processes begin with what takes long, which mostly waits; the others compute meanwhile.

    Where all began with it, nobody computed for minutes; where it came last, three waited for the fourth.
    Each is dealt as many tests as the others, and takes some of theirs once it has done its own.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    waiting = max(1, processes // 2)
    early, late, dealt = list[pytest.Item](), list[pytest.Item](), list[pytest.Item]()
    for item in items:
        long = any(map(item.get_closest_marker, ("faults", "long")))
        (early if long else late).append(item)
    rest = iter(late)
    for n in range(processes):
        dealt += early[n::waiting] if n < waiting else []
        dealt += islice(rest, max(0, len(items) * (n + 1) // processes - len(dealt)))
    items[:] = [*dealt, *rest]


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One bundled server for the whole run; every test starts with it empty."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with attach(settings):
        yield settings


@pytest.fixture(scope="session", autouse=True)
def doorbells(bundled: Settings) -> None:
    """Celery reads its settings once a process: whatever test rings first, it is at the shared server."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ALERTS_HOME", str(bundled.home))
        assert app.conf.broker_url == bundled.doorbell_url


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
