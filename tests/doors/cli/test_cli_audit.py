"""`alerts audit`: who changed what from this shell."""

import os
import pwd
from pathlib import Path

import pytest
from cli_runs import Runs

from alerts.doors.cli.shell import shell_user

USER = pwd.getpwuid(os.getuid()).pw_name
TALKS = "---\nid: talks\nregions: [UA]\n---\n# Talks go on\n"


@pytest.fixture
def changed(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "talks.md").write_text(TALKS, encoding="utf-8")
    assert alerts("publish", "talks.md").code == 0
    assert alerts("tags", "add", "harvest").code == 0
    assert alerts("withdraw", "talks", "--reason", "It was false.").code == 0


def test_what_was_done_here_is_listed_the_newest_first(alerts: Runs, changed: None) -> None:
    listed = alerts("audit", "-o", "json").json
    assert [row["sentence"] for row in listed] == [
        f"{USER} (command line) closed talks.r1: reason It was false.; by talks.r2",
        f"{USER} (command line) put the tag harvest on the list",
        f"{USER} (command line) published talks.r1: kind new; headline Talks go on; severity unknown",
    ]
    assert list(listed[0]) == ["at", "who", "door", "action", "subject", "before", "after", "sentence"]
    shown = alerts("audit").out
    assert all(row["sentence"] in shown for row in listed)


def test_a_table_says_when_there_is_more(alerts: Runs, changed: None) -> None:
    first = alerts("audit", "--limit", "1")
    assert "closed talks.r1" in first.out
    assert "published" not in first.out
    assert "There is more" in first.err
    assert "There is more" not in alerts("audit", "--limit", "3").err


def test_only_what_is_asked_for_is_listed(alerts: Runs, changed: None) -> None:
    assert alerts("audit", "--who", "nobody-of-this-name").err == "Nothing was changed.\n"
    assert len(alerts("audit", "--since", "1h", "--who", USER, "-o", "json").json) == 3
    refused = alerts("audit", "--since", "yesterday", "-o", "json")
    assert (refused.code, refused.fault["error"]) == (2, "bad-input")


def test_nobody_acts_under_another_name(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit would have believed `USER=olga alerts publish …`."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "olga")
    alerts("tags", "add", "harvest")
    assert [row["who"] for row in alerts("audit", "-o", "json").json] == [USER]


def test_a_user_without_a_name_is_known_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container under a bare number there is no name: no command may fail for that."""
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert shell_user().name == "uid 4000000000"
