"""A whole list at the command line: shown and asked about before anybody leaves, and undone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import Runs
from house import subscribe

from alerts.services import Services
from alerts.settings import Settings

HEADER = "Work Email,Full Name,regions,Cost Centre\n"
TAKEN = ("--map", "work email=address", "--map", "full name=name", "--ignore-unknown")


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """The list of a personnel system."""
    file = tmp_path / "staff.csv"
    people = "".join(f"{who}@example.org,{who.title()},UA,7\n" for who in ("ann", "bob", "cy"))
    file.write_text(HEADER + people, encoding="utf-8")
    return file


def names(services: Services) -> set[str]:
    return {person.address.partition("@")[0] for person in services.subscribers.everyone()}


def test_without_a_terminal_nobody_leaves_unless_it_is_said(
    alerts: Runs, services: Services, staff: Path
) -> None:
    """A job at night with a wrong file would have gone on: nobody is there to be asked."""
    said = alerts("subscribers", "import", "staff.csv", "--sync", *TAKEN)
    assert (said.code, names(services)) == (2, set())
    assert "--yes" in said.sentence
    assert "3 would join: ann@example.org, bob@example.org, cy@example.org" in said.out
    said = alerts("subscribers", "import", "staff.csv", "--sync", "--yes", *TAKEN)
    assert (said.code, names(services)) == (0, {"ann", "bob", "cy"})

    staff.write_text(HEADER + "ann@example.org,Ann,UA,7\n", encoding="utf-8")
    said = alerts("subscribers", "import", "staff.csv", "--sync", "--yes", *TAKEN)
    assert (said.code, len(names(services))) == (2, 3)
    assert "2 of the 3 on this list would leave" in said.sentence
    said = alerts("subscribers", "import", "staff.csv", "--sync", "--yes", "--allow-leavers", *TAKEN)
    assert (said.code, names(services)) == (0, {"ann"})
    assert "2 left" in said.out

    assert alerts("subscribers", "undo-sync").code == 2
    assert alerts("subscribers", "undo-sync", "--yes").code == 0
    assert names(services) == {"ann", "bob", "cy"}
    assert alerts("subscribers", "undo-sync", "--yes").code == 4


def test_a_dry_run_shows_and_changes_nothing(alerts: Runs, services: Services, staff: Path) -> None:
    subscribe(services, "zoe@example.org", "UA")
    said = alerts("subscribers", "import", "staff.csv", "--sync", "--dry-run", "-o", "json", *TAKEN)
    assert (said.json["added"], said.json["left"]) == (3, 1)
    assert said.json["named"]["left"] == ["zoe@example.org"]
    assert names(services) == {"zoe"}


@pytest.mark.parametrize(("typed", "left"), [("leave", True), ("yes", False), ("", False)])
def test_a_terminal_is_asked_and_a_great_loss_takes_a_word(
    alerts: Runs, services: Services, settings: Settings, staff: Path, typed: str, left: bool
) -> None:
    for who in ("x", "y", "z", "v", "w"):
        subscribe(services, f"{who}@example.org", "UA")
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "alerts", "subscribers", "import", "staff.csv", "--sync", *TAKEN],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=staff.parent,
        env=os.environ | {"ALERTS_HOME": str(settings.home)},
    ) as child:
        os.close(theirs)
        os.write(ours, f"{typed}\n".encode())
        out, err = child.communicate(timeout=120)
        os.close(ours)
    assert b"5 would leave" in out
    assert b"Type leave" in err
    assert names(services) == ({"ann", "bob", "cy"} if left else {"x", "y", "z", "v", "w"})
    assert child.returncode == (0 if left else 130)


def test_bad_lines_come_back_as_a_file_that_is_fed_again(
    alerts: Runs, services: Services, staff: Path
) -> None:
    with staff.open("a", encoding="utf-8") as file:
        file.write("di@example.org,Di,Ukrane,8\n")
    words = ("subscribers", "import", "--rejects", "rejects.csv", *TAKEN)
    assert alerts(*words, "staff.csv").code == 1
    rejects = staff.with_name("rejects.csv")
    assert rejects.stat().st_mode & 0o777 == 0o600
    assert rejects.read_text(encoding="utf-8-sig").splitlines()[0] == f"{HEADER.strip()},reason"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("Ukrane,8", "UA,8"), encoding="utf-8")
    said = alerts(*words, "rejects.csv")
    assert (said.code, names(services)) == (0, {"ann", "bob", "cy", "di"})
    assert "rejects.csv is not written" in said.err


@pytest.mark.parametrize("words", [("--yes",), ("--allow-leavers",), ("--adopt",), ("--scope", "Our Staff")])
def test_options_that_say_nothing_are_refused(alerts: Runs, staff: Path, words: tuple[str, ...]) -> None:
    assert alerts("subscribers", "import", staff.name, *words, *TAKEN).code == 2
