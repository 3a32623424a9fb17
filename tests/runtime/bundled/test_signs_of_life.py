"""A worker that hangs is started again; one that only waits is left alone."""

import os
import sys
import time
from pathlib import Path
from queue import SimpleQueue

import pytest

from alerts.runtime import Supervisor, sign_of_life
from alerts.runtime.supervisor import Signs


@pytest.mark.parametrize(
    ("age_s", "lived_s", "hangs"),
    [
        pytest.param(None, 10, False, id="it has only begun"),
        pytest.param(None, 1_000, True, id="it never came so far"),
        pytest.param(5, 1_000, False, id="it swept a moment ago"),
        pytest.param(1_000, 1_000, True, id="it swept long ago"),
        pytest.param(1_000, 10, False, id="the sign is of the one before it"),
    ],
)
def test_who_hangs_is_known_by_the_age_of_its_sign(
    tmp_path: Path, age_s: float | None, lived_s: float, hangs: bool
) -> None:
    sign = tmp_path / "sign"
    if age_s is not None:
        sign_of_life.give(sign, "The server does not answer.")
        os.utime(sign, (time.time() - age_s,) * 2)
    assert Signs(sign, 180).missing(lived_s) is hangs


def test_one_that_hangs_is_killed_and_started_again(tmp_path: Path) -> None:
    """A frozen worker held its container for ever: nothing it owed was sent, and nobody was told."""
    said: SimpleQueue[str] = SimpleQueue()
    with Supervisor(said.put, pause=0.01, patience=0.5) as children:
        children.start(
            "worker", [sys.executable, "-c", "import time; time.sleep(3600)"], sign=tmp_path / "sign"
        )
        lines = [said.get(timeout=60) for _ in range(4)]
    assert "killed" in lines[1]
    assert "ended by itself (signal 9)" in lines[2]
    assert "started" in lines[3]
