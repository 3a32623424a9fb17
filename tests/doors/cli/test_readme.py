"""What the README tells people to type does what it says when it is copied, line by line."""

import re
import shlex
from pathlib import Path

import pytest
from cli_runs import Runs

ROOT = Path(__file__).parents[3]


def test_the_lines_of_the_readme_can_be_copied(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """`update.md` was in nobody's folder, and the update that was explained in no file."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    [block] = [block for block in blocks if "subscribers add" in block]
    monkeypatch.chdir(ROOT)
    said = {}
    for line in block.splitlines():
        program, *words = shlex.split(line, comments=True)
        assert program == ".venv/bin/alerts"
        if words[0] == "close":
            words.append("--yes")  # nobody is at a terminal here
        said[words[0]] = alerts(*words)
        assert said[words[0]].code in (0, 3), (line, said[words[0]].err)
    assert "gets it with the digest of" in said["explain"].out
    assert "istanbul-talks" in said["updates"].out
    assert "is closed" in said["close"].out
