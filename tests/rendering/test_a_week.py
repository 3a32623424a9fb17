"""A week of situations as twelve readers read it: the checklist of docs/editing.md, held by files."""

import re
from colorsys import rgb_to_hls
from difflib import unified_diff
from itertools import islice
from pathlib import Path

import pytest
import week

from alerts.ingest import read_all
from alerts.model import Severity
from alerts.rendering import shipped_templates
from alerts.settings import Settings

FILES = {path.name: path.read_text("utf-8") for path in week.DATA.glob("*.*")}
TEXTS = sorted(name for name in FILES if name.endswith(".txt"))


def test_what_people_read_is_what_was_read_aloud(bundled: Settings, tmp_path: Path) -> None:
    settings = bundled.model_copy(update={"redis_url": None, "outbox": tmp_path / "outbox"})
    found = dict(week.goldens(settings))
    again = f"Read what changed; if it is better, `{week.COMMAND}` writes it."
    assert found.keys() == FILES.keys(), again
    for name, text in found.items():
        lines = unified_diff(FILES[name].splitlines(), text.splitlines(), "as read", "now", name, lineterm="")
        assert text == FILES[name], "\n".join([again, *islice(lines, 40)])


def test_the_week_is_as_large_as_a_week() -> None:
    drafts = [reading.draft for path in week.FILES for reading in read_all(path.read_bytes(), path.name)]
    assert len(drafts) == 66
    assert len({draft.id for draft in drafts}) == 43
    assert len(week.READERS) == 12
    assert max(len(draft.body) for draft in drafts) > 10_000


def test_every_reader_hears_of_the_week() -> None:
    assert {name.partition("-")[0] for name in FILES} == set(week.READERS)


def test_what_was_taken_back_before_its_hour_is_read_by_nobody() -> None:
    assert not [name for name, text in FILES.items() if "Almaty airport closes" in text]
    assert [name for name, text in FILES.items() if "Long queues at Almaty airport" in text]


def test_the_worst_stands_first_whatever_its_country_and_the_exercise_last() -> None:
    """Digests went by country: a strike in a country with a severe flood stood before an earthquake."""
    words = "Extreme|Severe|Moderate|Minor|Severity unknown"
    listed = re.findall(rf"^• ({words}) · (EXERCISE)?", FILES["analyst-24-tue-0800.txt"], re.M)
    real = [severity for severity, exercise in listed if not exercise]
    assert real == sorted(real, key=words.split("|").index)
    assert listed[-1] == ("Extreme", "EXERCISE")
    assert len(listed) == 15


def test_what_was_wrong_and_what_is_over_differ_and_neither_is_told_as_current() -> None:
    for name, banner, kind in (
        ("analyst-24-tue-0810", "*** Retracted: this was wrong ***", "retracted"),
        ("analyst-24-tue-1500", "*** This situation is closed ***", "closed"),
    ):
        text, page = FILES[f"{name}.txt"], FILES[f"{name}.html"]
        assert banner in text
        assert f'class="banner {kind}"' in page
        for old in ("Avoid the terminal", "Two witnesses", "Uhuru Highway closed", "Police expect"):
            assert old not in text + page


@pytest.mark.parametrize("name", TEXTS)
def test_no_sentence_is_said_twice(name: str) -> None:
    """“What changed”, the key points and the banner each said it once more."""
    # The thread of a card says what the card had said, and of a digest what its lines had.
    whole = FILES[name].partition("\n-----\n")[2] if "slack" in name else FILES[name]
    lines = [line.strip("•~> ") for line in whole.splitlines()]
    long = [line for line in lines if len(line) > 45 and not line.startswith("This is not a real")]
    assert len(long) == len(set(long))


def test_a_digest_in_slack_is_a_line_an_update() -> None:
    """Nine minor updates were fifty blocks, and the two that mattered were in the thread."""
    first = FILES["channel-24-tue-0800.slack.txt"].partition("-----\n")[0]
    assert first.count("\n• ") == 11
    assert len(first.splitlines()) <= 20
    assert first.index("Sylhet") < first.index("Goma") < first.index("Kyiv") < first.index("Sapporo")


@pytest.mark.parametrize(
    ("name", "broadcast"),
    [
        ("team-24-tue-0500", True),  # a rise to extreme
        ("channel-24-tue-0805", True),  # a correction
        ("team-24-tue-0610", True),  # a retraction
        ("team-26-thu-0915", False),  # over
        ("team-27-fri-0700", False),  # worse, and as severe as before
    ],
)
def test_a_channel_is_called_for_what_it_must_act_on(name: str, broadcast: bool) -> None:
    assert (week.ALSO in FILES[f"{name}.slack.txt"]) is broadcast


@pytest.mark.parametrize(
    ("name", "headline", "banner"),
    [
        ("team-24-tue-0610", "Shots reported at Lima airport", "Retracted: this was wrong. "),
        ("team-26-thu-0915", "Typhoon Ulan weakens over Quezon", "This situation is closed. "),
    ],
)
def test_a_closed_card_keeps_what_it_was_struck_through_and_says_why(
    name: str, headline: str, banner: str
) -> None:
    card = FILES[f"{name}.slack.txt"].partition("-----\n")[0]
    assert f"~{headline}~" in card
    assert banner in card
    assert re.search(r"^\(?Was ", card, re.M)
    assert not any(sign in card for sign in "🔴🟠🟡🟢")


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


def test_the_checklist_is_answered_for_every_reader_and_names_what_can_be_read() -> None:
    text = (Path(__file__).parents[2] / "docs" / "editing.md").read_text("utf-8")
    answers = re.findall(r"^\| (\d*) ((?:\| ?[●○a-z]* ?){12})\|$", text, re.M)
    assert [number for number, _ in answers] == re.findall(r"^(\d+)\. \*\*", text, re.M)
    [readers] = re.findall(r"^\| \| (analyst .*) \|$", text, re.M)
    assert readers.split(" | ") == list(week.READERS) == re.findall(r"^\| ([a-z]+) \| (?:by|in) ", text, re.M)
    assert set("".join(re.findall(r"○([a-z]+)", text))) == set(re.findall(r"^- \*\*([a-z])\*\*", text, re.M))
    named = set(re.findall(r"`([a-z]+-\d\d-[a-z]{3}-\d{4})`", text))
    assert named <= {name.partition(".")[0] for name in FILES}


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
