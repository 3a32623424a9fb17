"""The supervisor with real children: what dies comes back, what is stopped stays stopped, nothing is left."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from embedded_processes import running, until

from alerts.runtime import Supervisor, worker_command

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]

#: Notes when it is told to stop, and then does.
POLITE = """
import pathlib, signal, sys, time
def leave(*_):
    with open(sys.argv[1], "a") as notes:
        notes.write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
pathlib.Path(sys.argv[1] + "." + sys.argv[2]).touch()
time.sleep(600)
"""

#: Supervises two children until a signal comes; then says so.
SUPERVISING = """
import sys
import threading
from alerts.runtime import Supervisor
sleeper = [sys.executable, "-c", sys.argv[1] + "\\nimport time; time.sleep(600)"]
with Supervisor(lambda line: print(line, flush=True), grace=float(sys.argv[2])) as supervisor:
    supervisor.start("first", sleeper)
    supervisor.start("second", sleeper)
    threading.Timer(0.3, lambda: print("ready", flush=True)).start()
    supervisor.run_until_signal()
print("out", flush=True)
"""


@pytest.fixture
def said() -> list[str]:
    return []


def pids(said: list[str]) -> list[int]:
    return [int(pid) for pid in re.findall(r"\(process (\d+)\)", "".join(said))]


def polite(notes: Path, name: str) -> list[str]:
    return [sys.executable, "-c", POLITE, str(notes), name]


def started(notes: Path, *names: str) -> Callable[[], bool]:
    return lambda: all(notes.with_name(f"{notes.name}.{name}").exists() for name in names)


def test_children_run_until_they_are_stopped(said):
    with Supervisor(said.append) as supervisor:
        supervisor.start("sleeper", SLEEPER)
        (pid,) = pids(said)
        assert running(pid)
    assert not running(pid)
    assert said == [f"sleeper started (process {pid}).", "sleeper stopped."]


def test_a_killed_child_is_started_again(said):
    with Supervisor(said.append) as supervisor:
        supervisor.start("sleeper", SLEEPER)
        os.kill(pids(said)[0], signal.SIGKILL)
        until(lambda: len(pids(said)) == 2)
        assert running(pids(said)[1])
    assert not any(map(running, pids(said)))
    assert "sleeper ended by itself (signal 9); starting again in 0.5 s." in said


def test_a_child_that_keeps_ending_is_started_less_and_less_often(said):
    with Supervisor(said.append) as supervisor:
        supervisor.start("fly", [sys.executable, "-c", "raise SystemExit(3)"])
        until(lambda: len(pids(said)) == 3)
    endings = [line for line in said if "ended" in line]
    assert endings[:2] == [
        "fly ended by itself (exit 3); starting again in 0.5 s.",
        "fly ended by itself (exit 3); starting again in 1 s.",
    ]


def test_a_command_that_does_not_exist_is_said_and_can_still_be_stopped(said, tmp_path):
    with Supervisor(said.append) as supervisor:
        supervisor.start("nothing", [str(tmp_path / "nothing")])
        until(lambda: any("starting again" in line for line in said))
    assert said[-1] == "nothing stopped."


def test_the_last_one_started_is_stopped_first(said, tmp_path):
    notes = tmp_path / "notes"
    # A machine that stands still for the usual grace would have the child killed before it notes anything.
    with Supervisor(said.append, grace=600) as supervisor:
        for name in ("first", "second", "third"):
            supervisor.start(name, polite(notes, name))
        until(started(notes, "first", "second", "third"))
    assert notes.read_text().split() == ["third", "second", "first"]


def test_a_child_gets_the_environment_it_was_given(said, tmp_path):
    seen = tmp_path / "seen"
    write = f"import os, time; open({str(seen)!r}, 'w').write(os.environ['WANTED']); time.sleep(600)"
    with Supervisor(said.append) as supervisor:
        supervisor.start("reader", [sys.executable, "-c", write], {**os.environ, "WANTED": "this"})
        until(lambda: seen.exists() and seen.read_text() == "this")


def test_stopping_does_not_wait_for_a_pause_to_end(said):
    with Supervisor(said.append, pause=600) as supervisor:
        supervisor.start("fly", [sys.executable, "-c", ""])
        until(lambda: any("starting again in 600 s" in line for line in said))
    assert said[-1] == "fly stopped."


def test_a_child_that_will_not_listen_is_killed(said, tmp_path):
    stubborn = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path / 'ready')!r}).touch(); time.sleep(600)"
    )
    supervisor = Supervisor(said.append, grace=0.3)
    supervisor.start("stubborn", [sys.executable, "-c", stubborn])
    until((tmp_path / "ready").exists)
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began >= 0.3
    assert not running(pids(said)[0])


@pytest.fixture
def supervising() -> Iterator[Callable[..., tuple[subprocess.Popen[str], list[int]]]]:
    """A supervisor in a process of its own, waiting for a signal, and the pids of its two children."""
    begun: list[subprocess.Popen[str]] = []

    def begin(habit: str = "", grace: float = 15) -> tuple[subprocess.Popen[str], list[int]]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISING, habit, str(grace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        begun.append(process)
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[-1] == "ready\n"
        return process, pids(lines)

    yield begin
    for process in begun:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_in_order_and_leaves_no_process(number, supervising):
    process, children = supervising()
    assert all(map(running, children))
    os.killpg(process.pid, number)  # as the terminal does: the whole foreground group
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert out.split("\n")[-4:] == ["second stopped.", "first stopped.", "out", ""]
    assert not any(map(running, children))


def test_a_second_ctrl_c_does_not_wait_for_a_child_that_will_not_listen(supervising):
    process, children = supervising("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", 3600)
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert "first stopped." in out
    assert not any(map(running, children))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_children_die_with_a_killed_supervisor(supervising):
    process, children = supervising()
    process.kill()
    process.communicate()
    until(lambda: not any(map(running, children)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_a_child_whose_supervisor_died_before_it_was_tethered_does_not_start(tmp_path):
    tether = Path(__file__).parents[3] / "alerts" / "runtime" / "tether.py"
    orphan = [sys.executable, str(tether), "1", "touch", str(tmp_path / "ran")]
    assert subprocess.run(orphan, capture_output=True).returncode == 1
    assert not (tmp_path / "ran").exists()


def test_the_worker_serves_the_urgent_queue_first_and_bears_a_name_of_its_own():
    command = worker_command(8)
    assert command[0] == sys.executable
    assert command[3:9] == ["-m", "celery", "--quiet", "-A", "alerts.runtime.worker", "worker"]
    assert command[command.index("-Q") + 1] == "urgent,control,routine"
    assert "--concurrency=8" in command
    assert command[command.index("-n") + 1] == f"alerts-{os.getpid()}@%h"
