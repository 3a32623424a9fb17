"""A scene for one benchmark: the bundled server in a folder of its own, real workers, people, waiting.

Everything stays on this machine, and nothing is left running when the scene is over.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from alerts.doors.cli.running import THREADS
from alerts.model import Channel, Draft, Filter, Severity, State, Subscriber, Subscription
from alerts.runtime import attach, doorbell, worker_command
from alerts.services import Services, connect
from alerts.settings import load
from alerts.walk import steps

#: The relay's patience is not what is measured: a run that takes longer than this is broken (s).
PATIENCE_S = 900.0
#: Subscribers written in one round trip.
ROWS = 1_000

#: A paragraph as a desk writes them, `**` and dots at line starts included.
PARAGRAPH = (
    "The delegations met for **three hours** in the morning. A second round is expected to begin tomorrow; "
    "the parties exchanged lists of detainees — 120 names in all — and agreed to keep the crossing "
    "at Krakovets open from 06:00 to 22:00 local time. Travellers should expect long "
    "queues and carry cash & documents."
)
#: Paragraphs that make an email of 12 KB, plain text and HTML together.
PARAGRAPHS = 10


@dataclass
class Usage:
    """What the workers have used since they were started."""

    cpu_s: float
    peak_mb: float  #: of the one that used most


class Workers:
    """Worker processes exactly as `alerts up` starts them, told to run by the scene that owns them."""

    def __init__(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self._processes = processes

    def usage(self) -> Usage:
        pids = [process.pid for process in self._processes]
        return Usage(sum(map(cpu_seconds, pids)), max(map(_peak_mb, pids)))


class Scene:
    def __init__(self, services: Services) -> None:
        self.services = services
        self.home = services.settings.home

    @contextmanager
    def workers(self, count: int = 2, threads: int = THREADS) -> Iterator[Workers]:
        """Run workers, from their first sign of life to an orderly end."""
        with (self.home / "workers.log").open("ab") as log:
            processes = [
                subprocess.Popen(
                    [*worker_command(threads), "-n", f"bench-{number}@%h"],
                    stdout=log,
                    stderr=log,
                    cwd=self.home,
                )
                for number in range(count)
            ]
            try:
                until(lambda: self._alive(processes), "the workers did not start", 60)
                yield Workers(processes)
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(30)

    def _alive(self, processes: Sequence[subprocess.Popen[bytes]]) -> bool:
        seen = {int(name.rpartition(":")[2]) for name in self.services.workers.live()}
        return seen.issuperset(process.pid for process in processes)

    def empty(self) -> None:
        """Forget everything: people, ledger, doorbells, and what this process remembers of them."""
        self.services.server.client.flushall()
        self.services.close()
        self.services = connect(load())

    def subscribe(self, people: Iterable[Subscriber]) -> None:
        rows = iter(people)
        while chunk := [(person, None) for person in islice(rows, ROWS)]:
            self.services.subscribers.save_all(chunk)

    def publish(self, draft: Draft) -> None:
        """As `alerts publish` does it: on disk, then a doorbell."""
        _, bells = steps.publish(self.services, draft)
        doorbell.ring(bells)

    def counts(self, update: str) -> dict[State, int]:
        """The update's deliveries by state, by the ledger's own counters."""
        found: dict[State, int] = {}
        digests = self.services.digests
        for progress in digests.progress(self.services.updates.digests(update)).values():
            for state, n in progress.counts.items():
                found[state] = found.get(state, 0) + n
        return found

    def until_sent(self, update: str, people: int, every_s: float = 0.02) -> float:
        """Wait for everybody to be recorded as sent; the moment it was seen (monotonic, s)."""
        until(
            lambda: self.counts(update).get(State.SENT, 0) >= people,
            f"{update} is still on its way",
            every_s=every_s,
        )
        return time.monotonic()

    def memory(self) -> int:
        """Bytes the server has in use for what it stores: buffers of connections and files left out."""
        used = self.services.server.client.info("memory")
        passing = ("mem_clients_normal", "mem_aof_buffer", "used_memory_scripts")
        return int(used["used_memory"]) - sum(int(used.get(name, 0)) for name in passing)


@contextmanager
def scene(**settings: str) -> Iterator[Scene]:
    """Set the stage with these ALERTS_* settings and no others. One per process: Celery reads them once."""
    home = Path(tempfile.mkdtemp(prefix="alerts-bench-"))
    for name in [name for name in os.environ if name.startswith("ALERTS_")]:
        del os.environ[name]
    os.environ.update(
        {f"ALERTS_{name.upper()}": value for name, value in settings.items()}, ALERTS_HOME=str(home)
    )
    try:
        with attach(load()):
            stage = Scene(connect(load()))
            try:
                yield stage
            finally:
                stage.services.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def people(count: int, region: str, first: int = 0) -> Iterator[Subscriber]:
    """Email subscribers of one region, all with the same wish: one audience."""
    wishes = (Subscription(Filter((region,))),)
    for n in range(first, first + count):
        yield Subscriber(0, Channel("email"), f"person{n}@example.org", "UTC", wishes, 0)


def draft(
    update: str, region: str, severity: Severity = Severity.MODERATE, paragraphs: int = PARAGRAPHS
) -> Draft:
    return Draft(
        id=update,
        headline="Negotiations continue between Russia and Ukraine",
        regions=(region,),
        tags=("negotiations",),
        severity=severity,
        key_points=("Talks resume in Istanbul", "The crossing stays open"),
        body="\n\n".join([PARAGRAPH] * paragraphs),
    )


def until(
    done: Callable[[], bool], otherwise: str, most_s: float = PATIENCE_S, every_s: float = 0.02
) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + most_s
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(every_s)


@contextmanager
def running(command: Sequence[str], port: int, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server until the block ends, from when it takes connections on `port`. Its process id."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or listening(port), f"{command[0]} does not listen", 20)
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended at once")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def sink() -> tuple[list[str], int]:
    """Postfix's `smtp-sink`, which takes all mail and keeps none: its command and its port."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to run as root
    return [tool("smtp-sink"), *user, f"127.0.0.1:{port}", "256"], port


def tool(name: str) -> str:
    """A program of postfix's, wherever it is installed."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/libexec/postfix")
    if found is None:
        raise FileNotFoundError(f"{name} is not here: it comes with postfix")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def cpu_seconds(pid: int) -> float:
    """What a process has computed so far, threads included (proc(5), stat fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has no memory any more")
