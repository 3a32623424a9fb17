"""Keeps named child processes running until it is told to stop; then stops them all, the last one first."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import FrameType, TracebackType
from typing import Self

from alerts.runtime import sign_of_life

#: The pause (s) is doubled up to this each time a child ends, and forgotten after a long enough life.
_LONGEST_PAUSE = 5.0
_LONG_LIFE = 30.0

#: A worker that has not swept for so long hangs; longer than it may wait for a server without an answer (s).
HUNG_S = 180
#: How often to look for that (s).
LOOK_EVERY_S = 10.0

#: Signals that ask a process to end: SIGHUP is what a terminal sends that is closed.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Signs:
    """Where a child gives its signs of life, and for how long it may give none (s)."""

    file: Path
    patience: float

    def missing(self, lived_s: float) -> bool:
        """Whether one that has lived so long has given none for too long."""
        age_s = sign_of_life.age_s(self.file)
        return lived_s > self.patience and (age_s is None or age_s > self.patience)


class Supervisor:
    """Starts children, starts them again when they end by themselves, and leaves none behind.

    On Linux they also die when the supervisor is killed; elsewhere they outlive a SIGKILL of it.
    `say` gets one line per thing that happens, from several threads; `grace` are the seconds that a child has
    to end after SIGTERM, `pause` those before one that ended is started again, `patience` those
    after which one that gives no sign of life is killed.
    """

    def __init__(
        self, say: Callable[[str], None], grace: float = 15.0, pause: float = 0.5, patience: float = HUNG_S
    ) -> None:
        self._say = say
        self._grace = grace
        self._pause = pause
        self._patience = patience
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        sign: Path | None = None,
    ) -> None:
        """Keep a command running, in this environment or our own, out of reach of the terminal's Ctrl-C.

        `sign`: the file of its signs of life; without one for our patience it is killed, and started again.
        """
        signs = Signs(sign, self._patience) if sign else None
        child = _Child(name, tuple(command), env, say=self._say, pause=self._pause, signs=signs)
        self._children.append(child)

    def run_until_signal(self) -> None:
        """Return when SIGINT, SIGTERM or SIGHUP asks to; `nohup` is respected. Only for the main thread."""
        asked: SimpleQueue[int] = SimpleQueue()  # unlike an Event, safe to use in a signal handler

        def ask(number: int, _frame: FrameType | None) -> None:
            asked.put(number)

        ends = [n for n in ENDING if signal.getsignal(n) is not signal.SIG_IGN]
        before = {number: signal.signal(number, ask) for number in ends}
        try:
            asked.get()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End all children, the last one first: SIGTERM, grace, SIGKILL. A second Ctrl-C kills at once."""
        try:
            for child in reversed(self._children):
                child.stop(self._grace)
        finally:
            for child in reversed(self._children):
                child.stop(0)
            self._children.clear()


class _Child:
    """One command and the thread that waits for it.

    The thread that starts a process stays until it has ended: on Linux it is that thread's death, not the
    supervisor's, of which the process is told (prctl(2)).
    """

    def __init__(
        self,
        name: str,
        command: tuple[str, ...],
        env: Mapping[str, str] | None,
        *,
        say: Callable[[str], None],
        pause: float,
        signs: Signs | None,
    ) -> None:
        self._name = name
        self._signs = signs
        self._command = _tethered(command)
        self._env = env
        self._say = say
        self._first_pause = pause
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = threading.Event()
        self._starting = threading.Lock()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name=f"supervise-{name}", daemon=True)
        self._thread.start()
        self._begun.wait()

    def stop(self, grace: float) -> None:
        """End the process and reap it; with its whole session if it needs more than `grace` seconds."""
        with self._starting:
            self._unwanted.set()
        if self._process is not None and self._thread.is_alive():
            self._process.terminate()
            self._thread.join(grace)
            if self._thread.is_alive():
                _kill_session(self._process)
        self._thread.join()

    def _keep_running(self) -> None:
        pause = self._first_pause
        while True:
            began = time.monotonic()
            ended = self._live()
            if self._unwanted.is_set():
                self._say(f"{self._name} stopped.")
                return
            if time.monotonic() - began > _LONG_LIFE:
                pause = self._first_pause
            self._say(f"{self._name} {ended}; starting again in {pause:g} s.")
            self._begun.set()
            self._unwanted.wait(pause)
            pause = min(pause * 2, max(pause, _LONGEST_PAUSE))

    def _live(self) -> str:
        """One life of the process, unless `stop` came first; how it ended."""
        with self._starting:
            if self._unwanted.is_set():
                return "was not started"
            try:
                self._process = process = subprocess.Popen(  # noqa: S603 - the commands are our own
                    self._command, env=self._env, stdin=subprocess.DEVNULL, start_new_session=True
                )
            except OSError as error:
                return f"cannot start ({error.strerror})"
        self._say(f"{self._name} started (process {process.pid}).")
        self._begun.set()
        code = self._ended(process)
        return f"ended by itself ({f'signal {-code}' if code < 0 else f'exit {code}'})"

    def _ended(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for its end; kill it if it hangs."""
        began = time.monotonic()
        while True:
            try:
                return process.wait(min(LOOK_EVERY_S, self._signs.patience) if self._signs else None)
            except subprocess.TimeoutExpired:
                if self._signs and self._signs.missing(time.monotonic() - began):
                    self._say(f"{self._name} gives no sign of life: killed.")
                    _kill_session(process)


#: Celery warns of root because of pickle, which we never accept; the message ends at the first colon.
_NO_WARNING = "ignore:You're running the worker with superuser privileges"


def worker_command(concurrency: int) -> list[str]:
    """One worker as Celery runs it, without its banner: what is said is ours.

    Its name carries our process id: names must differ on one host.
    """
    return [
        *(sys.executable, "-W", _NO_WARNING),
        *("-m", "celery", "--quiet", "-A", "alerts.runtime.worker", "worker"),
        *("--pool=threads", f"--concurrency={concurrency}", "-Q", "urgent,control,routine"),
        *("--without-gossip", "--without-mingle", "--loglevel=warning"),
        *("-n", f"alerts-{os.getpid()}@%h"),
    ]


def web_command(host: str, port: int) -> list[str]:
    """The web door as uvicorn runs it. Its access log stays off: addresses of pages are secrets of people."""
    return [
        *(sys.executable, "-m", "uvicorn", "alerts.doors.web:create", "--factory"),
        *("--host", host, "--port", str(port), "--no-access-log", "--no-server-header"),
        *("--log-level", "warning", "--timeout-graceful-shutdown", "5"),
    ]


def mail_command(host: str, port: int) -> list[str]:
    """The mail door: what comes back, by LMTP or SMTP."""
    return [sys.executable, "-m", "alerts.doors.mail", host, str(port)]


def mailbox_command() -> list[str]:
    """The mail door again: what comes back, out of the mailbox of ALERTS_BOUNCES_URL."""
    return [sys.executable, "-m", "alerts.doors.mail.mailbox"]


def _tethered(command: tuple[str, ...]) -> tuple[str, ...]:
    if sys.platform != "linux":
        return command
    tether = Path(__file__).with_name("tether.py")
    return (sys.executable, "-I", "-S", str(tether), str(os.getpid()), *command)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # it ended in this very moment
        os.killpg(process.pid, signal.SIGKILL)
