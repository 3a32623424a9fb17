"""What undo, close, retract, release and `--new` say and ask, at a terminal and where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import Runs
from house import draft, subscribe, tell, walk

from alerts.model import Severity
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps


@pytest.fixture
def house(services: Services, alerts: Runs) -> Services:
    services.tags.add(["negotiations"])
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "lviv@example.org", "UA")
    tell(services, draft())
    return services


def at_a_terminal(settings: Settings, folder: Path, typed: str, *words: str) -> tuple[int, str]:
    """Run a command with this typed at it; its exit code, and all it said."""
    ours, theirs = os.openpty()
    try:
        os.write(ours, f"{typed}\n".encode())
        done = subprocess.run(
            [sys.executable, "-m", "alerts", *words],
            stdin=theirs,
            capture_output=True,
            text=True,
            cwd=folder,
            env=os.environ | {"ALERTS_HOME": str(settings.home)},
            timeout=120,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("command", "word"), [("close", "it is over"), ("retract", "it was wrong")])
def test_without_a_terminal_nobody_is_told_unless_yes_is_given(
    alerts: Runs, house: Services, command: str, word: str
) -> None:
    refused = alerts(command, "ua-talks")
    assert refused.code == 2
    assert f"2 people are told that {word}: ua-talks.r1 “Talks go on" in refused.sentence
    assert "hint: Give --yes" in refused.sentence
    assert house.updates.latest("ua-talks") == 1
    done = alerts(command, "ua-talks", "--yes", "--reason", "They signed.")
    how = {"close": "closed", "retract": "retracted"}[command]
    assert (done.code, done.out) == (0, f"✓ ua-talks is {how}; ua-talks.r2 tells 2 people\n")
    again = alerts(command, "ua-talks")
    assert (again.code, again.out.startswith(f"= ua-talks was {how} already at 20")) == (0, True)
    assert alerts(command, "ua-talks", "-o", "json").json["already"]
    assert house.updates.latest("ua-talks") == 2


@pytest.mark.parametrize(("typed", "code", "revisions"), [("y", 0, 2), ("n", 130, 1), ("", 130, 1)])
def test_at_a_terminal_it_is_asked(
    house: Services, settings: Settings, tmp_path: Path, typed: str, code: int, revisions: int
) -> None:
    ended, said = at_a_terminal(settings, tmp_path, typed, "close", "ua-talks")
    assert (ended, house.updates.latest("ua-talks")) == (code, revisions)
    assert "2 people are told that it is over" in said


def test_undo_says_what_to_type_where_it_is_too_late(alerts: Runs, house: Services) -> None:
    too_late = alerts("undo", "ua-talks")
    assert (too_late.code, "alerts close ua-talks" in too_late.sentence) == (4, True)
    steps.publish(house, draft(body="Another text."), house.server.now_ms() + 3_600_000)
    assert alerts("undo", "ua-talks").out == (
        "✓ ua-talks.r2 was taken back; nobody has seen it\n  ua-talks.r1 stands as before\n"
    )
    again = alerts("undo", "ua-talks")
    assert (again.code, again.out.startswith("= ua-talks.r2 was taken back already")) == (0, True)


def test_publish_says_for_how_long_it_can_be_undone_in_both_times(
    alerts: Runs, house: Services, update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_UNDO_WINDOW", "120")
    monkeypatch.setenv("ALERTS_TIMEZONE", "Asia/Tokyo")
    said = alerts("publish", update, "--id", "other")
    assert "✓ other.r1 is held for 120 s, until 20" in said.out
    assert " JST)" in said.out
    assert "`alerts undo other`" in said.err
    assert alerts("undo", "other").code == 0


def test_what_is_held_for_review_is_said_everywhere_and_released(
    alerts: Runs, house: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERTS_HOLD_UNKNOWN", "1")
    subscribe(house, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    (tmp_path / "flood.md").write_text("---\nid: flood\nregions: [Ukraine]\n---\n# Flood\n")
    said = alerts("publish", "flood.md")
    assert "! flood.r1 is held for review: its severity is unknown, and 1 person gets it only for" in said.out
    assert (said.code, "`alerts release flood`" in said.err) == (0, True)
    assert "held for review already" in alerts("publish", "flood.md").out
    assert "in review    flood.r1: `alerts release flood`" in alerts("status").out
    assert "`alerts release flood`" in alerts("status", "flood").out
    assert "Held for review, and owed to nobody before it is released: flood.r1." in alerts("work").err
    assert alerts("updates", "list", "--state", "held", "--quiet").out == "flood\n"
    assert "held for review" in alerts("updates", "revisions", "flood").out
    assert alerts("release", "flood").out == "✓ flood.r1 is released, and goes out now\n"
    walk(house)
    assert alerts("updates", "list", "--state", "held").err == "No update is found.\n"


def test_the_same_story_is_asked_about(
    alerts: Runs, services: Services, settings: Settings, tmp_path: Path
) -> None:
    for name, headline in (("first", "Talks go on in Istambul"), ("second", "Talks go on in Istanbul")):
        text = f"---\nregions: [Ukraine]\nseverity: minor\n---\n# {headline}\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    first = alerts("publish", "first.md", "--quiet").out.strip()
    refused = alerts("publish", "second.md")
    assert (refused.code, f"--id {first}" in refused.sentence, "--new" in refused.sentence) == (4, True, True)
    code, said = at_a_terminal(settings, tmp_path, "revision", "publish", "second.md")
    assert (code, f"It reads like {first}.r1" in said) == (0, True)
    assert services.updates.latest(first) == 2
    assert at_a_terminal(settings, tmp_path, "", "publish", "first.md", "--tag", "x", "--new-tag")[0] == 4
    assert alerts("publish", "second.md", "--new", "--severity", "moderate").code == 0
    assert services.updates.count() == 2


def test_the_seconds_of_wait_are_given_as_the_help_says(alerts: Runs, house: Services, update: str) -> None:
    """`publish FILE --wait 20` took 20 for a file."""
    for words in (["--wait", "0", update], [update, "--wait", "0"], [update, "--wait=0"]):
        said = alerts("publish", *words, "-o", "json")
        assert "finished" in said.json["outcome"], said.err
    assert "20x" in alerts("publish", "--wait", "20x").sentence, "what is no number is a file"


def test_a_wait_outlasts_the_undo_window(
    alerts: Runs, house: Services, update: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waited for less than the window was told nothing of what became of it."""
    monkeypatch.setenv("ALERTS_UNDO_WINDOW", "3")
    said = alerts("publish", update, "--id", "other", "--wait", "1", "-o", "json")
    assert said.json["undo_s"] == 3
    assert said.json["outcome"] is not None


def test_what_was_taken_from_the_text_is_said(alerts: Runs) -> None:
    text = "Talks resume\n\nUkraine and Russia meet. Ukraine is hopeful, Russia is not, nor is France."
    said = alerts("publish", "-", "--accept-suggestions", stdin=text)
    assert "No region was named; taken from the text: UA ×2, RU ×2." in said.err
    json = alerts("publish", "-", "--accept-suggestions", "-o", "json", stdin=text).json
    assert [s["code"] for s in json["suggestions_taken"]] == ["UA", "RU"]


def test_updates_are_listed_shown_and_followed(alerts: Runs, house: Services) -> None:
    assert alerts("close", "ua-talks", "--yes", "--reason", "They signed.").code == 0
    table = alerts("updates", "list", "TALKS", "--since", "24h")
    assert table.out.splitlines()[1].split()[:3] == ["ua-talks", "2", "closed"]
    assert table.err == "1 found.\n"
    shown = alerts("updates", "show", "ua-talks").out
    assert "  where: Russia (RU), Ukraine (UA)" in shown or "Ukraine (UA)" in shown
    followed = alerts("updates", "revisions", "ua-talks").out
    assert "r1 new: Talks go on between Russia and Ukraine" in followed
    assert "sent to 2 people" in followed
    assert "  note: They signed." in followed
    for words in (["list"], ["show", "ua-talks"], ["revisions", "ua-talks"]):
        for form in ("json", "jsonl", "csv"):
            assert alerts("updates", *words, "-o", form).code == 0
    assert alerts("updates", "show", "nothing").code == 4
    tell(house, draft("second"))
    page = alerts("updates", "list", "--limit", "1")
    assert "1 of 2. There are more: give --after second." in page.err
    assert alerts("updates", "list", "--after", "second", "--quiet").out == "ua-talks\n"
