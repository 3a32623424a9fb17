"""Each exit code of `docs/cli.md`, by a command line that ends with it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_runs import Runs
from test_cli_servers import free_port

from alerts.errors import ExitCode

#: Command lines and how they end. What has to be there first is in `files`.
ENDINGS: list[tuple[ExitCode, Sequence[str]]] = [
    (ExitCode.DONE, ["regions", "find", "Kyiv"]),
    (ExitCode.DONE, ["--help"]),
    (ExitCode.FAILED, ["subscribers", "import", "one-bad-line.csv"]),
    (ExitCode.FAILED, ["explain", "ua-talks", "--file", "nobody-subscribes.txt"]),
    (ExitCode.BAD_INPUT, ["publish", "talks.md", "--regoin", "UA"]),
    (ExitCode.BAD_INPUT, ["publish", "absent.md"]),
    (ExitCode.BAD_INPUT, ["publsh", "talks.md"]),
    (ExitCode.BAD_INPUT, ["subscribers"]),
    (ExitCode.BAD_INPUT, ["subscribers", "import", "all-bad.csv"]),
    (ExitCode.NOTHING_MATCHED, ["preview", "talks.md"]),
    (ExitCode.NOT_SO, ["subscribers", "show", "nobody@example.org"]),
    (ExitCode.NOT_SO, ["status", "no-such-update"]),
]
SIGNALS = {
    signal.SIGHUP: ExitCode.HUNG_UP,
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}


def test_every_code_that_is_documented_is_one_that_a_test_here_sees() -> None:
    seen = {code for code, _ in ENDINGS} | set(SIGNALS.values()) | {ExitCode.SERVER}
    assert seen == set(ExitCode)


@pytest.mark.parametrize(
    ("code", "words"), ENDINGS, ids=lambda part: " ".join(map(str, part)) if isinstance(part, list) else ""
)
def test_a_command_ends_with_the_code_that_is_documented(
    alerts: Runs, update: str, tmp_path: Path, code: ExitCode, words: list[str]
) -> None:
    (tmp_path / "one-bad-line.csv").write_text("address,regions\na@example.org,FR\nb@example.org,Nowhere\n")
    (tmp_path / "all-bad.csv").write_text("address,regions\nb@example.org,Nowhere\n")
    (tmp_path / "nobody-subscribes.txt").write_text("c@example.org\n")
    alerts("publish", update)
    assert alerts(*words).code == code


def test_a_server_that_cannot_be_reached_has_a_code_of_its_own(
    alerts: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    assert alerts("status").code == ExitCode.SERVER


@pytest.mark.parametrize(("sent", "code"), SIGNALS.items())
def test_a_signal_ends_a_command_with_its_code(tmp_path: Path, sent: signal.Signals, code: ExitCode) -> None:
    """SIGHUP killed it at once, and what it had started was left behind."""
    with subprocess.Popen(
        [sys.executable, "-m", "alerts", "read", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"ALERTS_HOME": str(tmp_path)},
    ) as child:
        while not catches(child.pid, signal.SIGHUP):
            assert child.poll() is None
            time.sleep(0.01)
        child.send_signal(sent)
        assert child.wait(120) == code


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler for a signal: then its command has begun."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    [mask] = [int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")]
    return bool(mask >> (number - 1) & 1)
