"""What a test starts ends with it, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import guardian
import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc")
def test_a_run_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    """A run killed half-way left servers and workers behind, which starved the next one."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", str(TESTS / "suite" / "killed_run.py")]
    path = os.pathsep.join([str(TESTS / "faults"), os.environ.get("PYTHONPATH", "")])
    out = (tmp_path / "out").open("wb")
    run = subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path}, stdout=out, stderr=out
    )
    out.close()
    deadline = time.monotonic() + 90
    while not (tmp_path / "started").exists():
        assert run.poll() is None, (tmp_path / "out").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.1)
    ours = {pid for pid in descendants(run.pid) if pid != run.pid}
    server = int((tmp_path / "started").read_text())
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 60
    while left := [pid for pid in {*ours, server} if lives(pid)]:
        assert time.monotonic() < deadline, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        time.sleep(0.05)


def descendants(pid: int) -> set[int]:
    """Children, their children, and so on."""
    found = {pid}
    children = Path(f"/proc/{pid}/task").glob("*/children")
    for child in (int(word) for listed in children for word in listed.read_text().split()):
        found |= descendants(child)
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_every_process_of_this_run_is_marked() -> None:
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while child.pid not in guardian.marked(os.environ[guardian.NAME]):  # seen once it has become `sleep`
            assert time.monotonic() < deadline
    finally:
        child.kill()
        child.wait()
