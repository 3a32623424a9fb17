"""A week of situations as three people read it: the checklist of docs/editing.md, held by files."""

import re

import pytest
import week

FILES = dict(week.goldens())


@pytest.mark.parametrize("name", FILES)
def test_what_people_read_is_what_was_read_aloud(name: str) -> None:
    assert FILES[name] == (week.DATA / name).read_text("utf-8")


def test_no_file_of_the_week_is_read_by_nobody() -> None:
    assert {path.name for path in week.DATA.iterdir()} == {*FILES, "situations.json"}


def test_the_worst_stands_first_whatever_its_country_and_the_exercise_last() -> None:
    """Digests went by country: a strike in a country with a severe flood stood before an earthquake."""
    listed = re.findall(
        r"^• (Extreme|Severe|Moderate|Minor|Severity unknown) · (EXERCISE)?", FILES["analyst-1.txt"], re.M
    )
    words = [severity for severity, exercise in listed if not exercise]
    assert words == sorted(words, key=["Extreme", "Severe", "Moderate", "Minor", "Severity unknown"].index)
    assert listed[-1] == ("Extreme", "EXERCISE")
    assert len(listed) == 10


def test_what_was_wrong_and_what_is_over_differ_and_neither_is_told_as_current() -> None:
    text, page = FILES["analyst-2.txt"], FILES["analyst-2.html"]
    assert "*** Retracted: this was wrong ***" in text
    assert "*** This situation is closed ***" in text
    assert 'class="banner retracted"' in page
    assert 'class="banner closed"' in page
    for old in ("Avoid the terminal", "Two witnesses", "Uhuru Highway closed", "Police expect"):
        assert old not in text + page


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".txt")])
def test_no_sentence_is_said_twice(name: str) -> None:
    """“What changed”, the key points and the banner each said it once more."""
    whole = FILES[name].partition("-----\n")[2] or FILES[name] if "slack" in name else FILES[name]
    lines = [line.strip("•~> ") for line in whole.splitlines()]
    long = [line for line in lines if len(line) > 45 and not line.startswith("This is not a real")]
    assert len(long) == len(set(long))


def test_a_digest_in_slack_is_a_line_an_update() -> None:
    """Nine minor updates were fifty blocks, and the two that mattered were in the thread."""
    first = FILES["team-1.slack.txt"].partition("-----\n")[0]
    assert first.count("\n• ") == 10
    assert len(first.splitlines()) < 20
    assert first.index("Hatay") < first.index("Lima") < first.index("France")
