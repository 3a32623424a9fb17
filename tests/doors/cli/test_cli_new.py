"""`alerts new`: begun, refused while blanks are left, published once they are filled, never written over."""

import re
from pathlib import Path

import pytest
from cli_runs import Runs


@pytest.mark.parametrize("suffix", ["md", "json", "txt"])
def test_a_new_file_is_read_once_it_is_filled_in(alerts: Runs, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"update.{suffix}"
    assert alerts("new", file.name).code == 0
    refused = alerts("read", file.name)
    assert refused.code == 2
    assert "not filled in yet: headline" in refused.sentence
    said = re.sub(r"<fill in [^<>]*>", "Ukraine", file.read_text(encoding="utf-8"))
    file.write_text(said, encoding="utf-8")
    assert alerts("read", file.name).code == 0
    more = ("--region", "UA") if suffix == "txt" else ()
    assert alerts("publish", file.name, *more).code == 0


def test_a_file_that_is_there_is_never_written_over(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("# Mine\n", encoding="utf-8")
    said = alerts("new", "mine.md")
    assert (said.code, (tmp_path / "mine.md").read_text(encoding="utf-8")) == (4, "# Mine\n")


@pytest.mark.parametrize("name", ["update.docx", "update.cap", "update", "nowhere/update.md"])
def test_what_cannot_be_begun_is_told(alerts: Runs, tmp_path: Path, name: str) -> None:
    said = alerts("new", name)
    assert (said.code, list(tmp_path.iterdir())) == (2, [])
    assert "hint: " in said.sentence
