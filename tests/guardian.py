"""Ends whatever a run of the tests has started and left, once the run is over, however it ends.

`guardian.py MARK` reads standard input to its end: that is when the run is gone, by SIGKILL too. Then it
kills every process that has MARK in its environment, which is inherited by all, also by servers that leave
their session and parents. Linux only: elsewhere nobody can look at another process's environment.
"""

import os
import signal
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

#: Not `ALERTS_…`: tests give their processes an environment without those.
NAME = "RUN_OF_TESTS"
#: For as long nothing may be left before the guardian leaves (s): a process may be about to start another.
QUIET_S = 0.5


def watch() -> None:
    """Have a guardian for this process; once for each, since those of a parallel run may die alone."""
    if sys.platform != "linux":
        return
    mark = uuid.uuid4().hex
    plain = {name: value for name, value in os.environ.items() if name != NAME}
    reading, writing = os.pipe()  # `writing` is no child's: the kernel closes it with this process
    if os.fork() == 0:
        os.setsid()
        os.dup2(reading, 0)
        os.close(writing)
        os.execve(sys.executable, [sys.executable, "-I", "-S", __file__, mark], plain)
    os.close(reading)
    os.environ[NAME] = mark


def marked(mark: str) -> list[int]:
    """Processes that carry the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended, or is somebody else's
            if f"{NAME}={mark}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.buffer.read()
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_S:
        for pid in marked(sys.argv[1]):
            quiet_since = time.monotonic()
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
