"""Homes in short folders, since a socket's path is short, and a guard against left-overs."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from embedded_processes import User, running, until

from alerts.settings import Settings


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="alerts-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def settings(folder: Path) -> Iterator[Settings]:
    """A home of its own; whatever server a failing test leaves there is ended by its pid."""
    made = Settings(home=folder / "home")
    yield made
    pid = made.home / "redis" / "server.pid"
    if pid.exists():
        left = int(pid.read_text())
        if running(left):
            os.kill(left, signal.SIGKILL)
            until(lambda: not running(left))


@pytest.fixture
def user(settings: Settings) -> Iterator[Callable[[], User]]:
    came: list[User] = []

    def come() -> User:
        came.append(User(settings))
        return came[-1]

    yield come
    for one in came:
        if one.process.poll() is None:
            one.is_killed()
