"""Running `alerts`: inside this process for most tests, as a process of its own where processes matter."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sentences import gaps

from alerts.doors.cli import cli

#: Marks every process a test starts, and what those start: the environment is inherited.
MARK = "MARK_OF_A_TEST"


class Said:
    """What a command said and how it ended."""

    def __init__(self, result: Result) -> None:
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr
        if not self.err.startswith("Usage: "):
            assert gaps(self.err) == []

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def fault(self) -> dict[str, str]:
        """The error as JSON: the last line, for notes may stand above it."""
        return json.loads(self.err.splitlines()[-1])

    @property
    def sentence(self) -> str:
        return "\n".join(line for line in self.err.splitlines() if line.startswith(("error: ", "hint: ")))


def run(*words: str, stdin: str | bytes | None = None) -> Said:
    return Said(CliRunner().invoke(cli, list(words), input=stdin))


class Process:
    """`alerts` as a process of its own, in a home of its own, in its own session."""

    def __init__(
        self, home: Path, *words: str, cwd: Path | None = None, stderr: int = subprocess.PIPE, **env: str
    ) -> None:
        self.mark = uuid.uuid4().hex
        plain = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "alerts", *words],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=cwd,
            env=plain | {"ALERTS_HOME": str(home), MARK: self.mark} | env,
            start_new_session=True,
        )

    def says(self, text: str, stream: str = "stdout") -> None:
        """Wait for a line with this text in it."""
        seen = []
        for line in getattr(self.child, stream):
            seen.append(line)
            if text in line:
                return
        raise AssertionError(f"it never said {text!r}: {seen}")

    def ends(self, seconds: float = 120) -> tuple[int, str, str]:
        """Wait for its end: code, and what it said that was not read yet."""
        out, err = self.child.communicate(timeout=seconds)
        return self.child.returncode, out, err

    def left_behind(self) -> list[str]:
        """What still runs of all that it started; a process on its way out is waited for."""
        deadline = time.monotonic() + 30
        while (found := _marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found


def _marked(mark: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended, or is somebody else's
            continue
    return found


Runs = Callable[..., Said]
