"""A week of situations as four readers read it: the checklist of docs/editing.md, held by files."""

import re
from colorsys import rgb_to_hls
from typing import Any

import pytest
import week
from rendering_samples import post

from alerts.model import Channel, Severity
from alerts.rendering import shipped_templates

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
    # The thread of a card says what the card had said, and of a digest what its lines had.
    whole = FILES[name].partition("\n-----\n")[2] if "slack" in name else FILES[name]
    lines = [line.strip("•~> ") for line in whole.splitlines()]
    long = [line for line in lines if len(line) > 45 and not line.startswith("This is not a real")]
    assert len(long) == len(set(long))


def test_a_digest_in_slack_is_a_line_an_update() -> None:
    """Nine minor updates were fifty blocks, and the two that mattered were in the thread."""
    first = FILES["team-1.slack.txt"].partition("-----\n")[0]
    assert first.count("\n• ") == 10
    assert len(first.splitlines()) < 20
    assert first.index("Hatay") < first.index("Lima") < first.index("France")


POSTS = {name: post(message) for name, message in week.messages() if message.channel is Channel("slack")}


def card(update: str, number: int) -> dict[str, Any]:
    """What the watch gets of one revision."""
    theirs = [r.ref for r in week.revisions() if set(r.draft.regions) & set(week.READERS["watch"][2])]
    return POSTS[f"watch-{theirs.index(f'{update}.r{number}') + 1}"]


@pytest.mark.parametrize(
    ("update", "broadcast"),
    [
        ("bd-sylhet-flood", True),
        ("lb-tyre-crash", True),
        ("pe-lima-airport", True),
        ("ke-nairobi-march", False),
    ],
)
def test_a_channel_is_called_for_what_it_must_act_on(update: str, broadcast: bool) -> None:
    """A rise to extreme, a correction, a retraction; that a march is over is in its card and thread."""
    assert card(update, 2)["reply"]["broadcast"] is broadcast


@pytest.mark.parametrize(
    ("update", "banner"),
    [("pe-lima-airport", "Retracted: this was wrong. "), ("ke-nairobi-march", "This situation is closed. ")],
)
def test_a_closed_card_keeps_what_it_was_struck_through_and_says_why(update: str, banner: str) -> None:
    was = card(update, 1)["blocks"][0]["text"]["text"]
    now = card(update, 2)
    shown = week.read_aloud({**now, "reply": {"blocks": []}})
    assert f"~{was}~" in shown
    assert banner in shown
    assert "\nWas " in shown
    assert not any(sign in shown for sign in "🔴🟠🟡🟢")


def test_a_severity_has_one_colour_by_mail_and_in_slack() -> None:
    """Severe was red in a mail and orange in Slack, where red was extreme."""
    style = (shipped_templates() / "severities.css.j2").read_text("utf-8")
    for severity, sign in {"extreme": "🔴", "severe": "🟠", "moderate": "🟡", "minor": "🟢"}.items():
        red, green, blue = (
            int(c, 16)
            for c in re.search(rf"^\.{severity} {{ background: #(..)(..)(..)", style, re.M).groups()
        )  # type: ignore[union-attr]
        hue = round(rgb_to_hls(red / 255, green / 255, blue / 255)[0] * 360)
        assert (
            hue in {"🔴": range(0, 10), "🟠": range(15, 35), "🟡": range(36, 65), "🟢": range(100, 160)}[sign]
        )
        assert f"{sign} {severity.capitalize()}" in "".join(FILES.values())


TABLE = (shipped_templates() / "severities.css.j2").read_text("utf-8")
ROWS = re.findall(r"^\.(\w+) { background: #(\w{6}); color: #(\w{6}); }$", TABLE, re.M)


def test_the_colours_of_each_severity_stand_in_one_table() -> None:
    """A second place for them was one in which severe was red, and extreme not to be told from it."""
    assert {name for name, _, _ in ROWS} == {*Severity, "ended"}
    assert len(ROWS) == len(TABLE.splitlines()), "nothing else is in it"
    for path in shipped_templates().rglob("*.css.j2"):
        if path.name != "severities.css.j2":
            assert not re.search(rf"\.({'|'.join(Severity)})\b", path.read_text("utf-8")), path


@pytest.mark.parametrize(("name", "ground", "ink"), ROWS)
def test_a_severity_can_be_read_by_weak_eyes(name: str, ground: str, ink: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 between letters and what they stand on."""
    darker, lighter = sorted(map(_luminance, (ground, ink)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, name


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
