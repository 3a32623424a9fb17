"""What real desks write: times in English, tables, HTML within Markdown, smart quotes; and what they have."""

import io
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.ingest import load_all, read
from alerts.ingest.dates import read_time

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "situation_updates"
DAY = date(2022, 3, 28)
FIVE = datetime.fromisoformat("2022-03-28T17:00")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("28-Mar-2022", DAY),
        ("28/03/2022", DAY),
        ("03/28/2022", DAY),
        ("2022/03/28", DAY),
        ("the 28th of March 2022", DAY),
        ("28th of March, 2022", DAY),
        ("28 March 2022, 17:00", FIVE),
        ("Monday, 28 March 2022 at 17.00", FIVE),
        ("March 28, 2022 5 pm", FIVE),
        ("March 28, 2022 at 5:00 P.M.", FIVE),
        ("17:00, 28 March 2022", FIVE),
        ("28/03/2022 17:00", FIVE),
        ("28 March 2022 – 1700 hrs", FIVE),
        ("28 March 2022 17:00 GMT", FIVE.replace(tzinfo=UTC)),
        ("17:00 UTC on 28 March 2022", FIVE.replace(tzinfo=UTC)),
        ("28 March 2022 17:00 (UTC)", FIVE.replace(tzinfo=UTC)),
        ("2022-03-28 17:00 UTC", FIVE.replace(tzinfo=UTC)),
        ("281700Z MAR 22", FIVE.replace(tzinfo=UTC)),
        ("281700z Mar 2022", FIVE.replace(tzinfo=UTC)),
        ("03/04/2022", None),
        ("28 March 2022 17:00 EST", None),
        ("28 March 2022 25:00", None),
        ("28 March 2022 13 pm", None),
        ("28 March 2022 5", None),
        ("31/02/2022", None),
        ("991700Z MAR 22", None),
        ("2022-03-28T17:00+02:00 UTC", None),
    ],
)
def test_a_time_is_read_as_desks_write_it_and_none_is_guessed(text: str, meant: date | None) -> None:
    """`28 March 2022, 17:00` was refused, and as the line of a day became the headline."""
    assert read_time(text) == meant


@given(st.text("0123456789 /-:.,amp()zutcgmrofhes", max_size=200) | st.text(max_size=90))
def test_any_text_is_a_time_or_none_or_a_slip(text: str) -> None:
    try:
        found = read_time(text)
    except BadInput as slip:
        said = slip
    else:
        assert found is None or isinstance(found, date)
        return
    assert said.hint


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")))
def test_a_time_in_words_is_the_time_it_was_written_from(when: datetime) -> None:
    minute = when.replace(second=0, microsecond=0)
    for form in ("%-d %B %Y, %H:%M", "%A, %B %-d, %Y at %-I:%M %p", "%H%M %-d %b %Y"):
        assert read_time(when.strftime(form)) == minute
    assert read_time(when.strftime("%d%H%MZ %b %y")) == minute.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "label", ["Date: ", "Updated ", "Last updated on ", "As of ", "Published: ", "Issued "]
)
def test_a_day_is_known_below_a_headline_by_what_stands_before_it(label: str) -> None:
    draft = read(f"Bridges are closed\n\n{label}28 March 2022\n\nThey open later.\n".encode(), "a.txt").draft
    assert (draft.headline, draft.published_at, draft.body) == ("Bridges are closed", DAY, "They open later.")


def test_a_headline_stays_one_where_a_day_is_told_below_it() -> None:
    text = b"Bridges are closed\nUpdated 28 March 2022\nAccess by road\n\nThey open later.\n"
    assert read(text, "a.txt").draft.headline == "Bridges are closed"


def test_it_is_said_from_which_words_a_page_was_understood_and_what_was_left_out() -> None:
    text = (
        "Banner image\nSituation Update\n28 March 2022 Back\nSituation Update - Bridges are closed\n\n"
        "By Ann Smith\n\nThey open later.\n"
    )
    found = read(text.encode(), "a.txt")
    assert "leaves out what stands above the headline: “Banner image, Situation Update”" in found.notes
    assert found.words == (
        ("published_at", "line 3", "28 March 2022 Back"),
        ("headline", "line 4", "Situation Update - Bridges are closed"),
        ("author", "line 6", "By Ann Smith"),
        ("body", "line 8", "They open later."),
    )


SHEET = "Bridges\n\nBridge\tState\tSince\nPaton\tclosed\t06:00\nMetro | rail\topen\n"


def test_a_table_copied_from_a_sheet_is_a_table() -> None:
    """Its cells ran into each other: “Bridge State Since Paton closed 06:00”."""
    body = read(SHEET.replace("rail\topen", "rail\topen\t").encode(), "a.txt").draft.body
    assert body.startswith("| Bridge | State | Since |\n| --- | --- | --- |\n| Paton | closed | 06:00 |")


def test_a_table_drawn_with_strokes_is_a_table() -> None:
    drawn = "Bridges\n\n| Bridge | State |\n|---|:-:|\n| Paton | closed | late |\n"
    assert read(drawn.encode(), "a.txt").draft.body == (
        "| Bridge | State |  |\n| --- | --- | --- |\n| Paton | closed | late |"
    )


@pytest.mark.parametrize(
    "text",
    [
        "•\tThree bridges are closed\n•\tThe metro runs\n•\tStay at home",
        "1.\tThree bridges\n2.\tThe metro\n3.\tHome",
        "Name:\tAnn\nPlace:\tKyiv",
        "| one line with strokes |",
    ],
)
def test_what_has_a_tab_or_a_stroke_is_not_a_table_for_that(text: str) -> None:
    assert "---" not in read(f"Bridges\n\nText.\n\n{text}\n".encode(), "a.txt").draft.body


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_table_by_its_name_is_refused_whatever_its_columns(name: str) -> None:
    """A list of languages was read as an update with the headline “language”."""
    with pytest.raises(BadInput, match="is a table"):
        read(b"language\nEnglish\nFrench\n", name)


def test_a_table_of_other_columns_is_no_text_that_begins_with_one() -> None:
    with pytest.raises(BadInput, match="is a table"):
        read(b"key\tfeed\turl\tradius\na\tb\tc\td\n", "a.txt")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("**29 May**\n<br />Updated.", "**29 May**\\\nUpdated."),
        ("One<br>two<BR/>three", "One\\\ntwo\\\nthree"),
        (
            "<details>\n<summary><strong>2025</strong> (8)</summary>\n\nOld.\n\n</details>",
            "**2025** (8)\n\nOld.",
        ),
        ("<p>One</p>\n<p>Two <em>three</em></p>", "One\n\nTwo *three*"),
        ("One <!-- a\nremark --> two", "One  two"),
        ("| a<br>b | c |\n|---|---|\n| d | e |", "| a b | c |\n|---|---|\n| d | e |"),
        ("```\na<br>b\n```", "```\na<br>b\n```"),
        ("`<br>` ends a line", "`<br>` ends a line"),
        (r"a \<br> b", r"a \<br> b"),
        ("<table> and <script> are words", "<table> and <script> are words"),
    ],
)
def test_html_for_the_looks_of_markdown_is_markdown(written: str, meant: str) -> None:
    """`<br />` and `<details>` stood in the mails of everybody, as they were typed."""
    assert read(f"# Bridges\n\n{written}\n".encode(), "a.md").draft.body == meant


def test_quotes_that_a_word_processor_made_smart_quote_too() -> None:
    text = "---\nregions: [“Ukraine”, „Moldova“]\n---\n# Bridges\n"
    assert read(text.encode(), "a.md").draft.regions == ("Ukraine", "Moldova")


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not at hand")
def test_of_the_corpus_as_many_are_read_and_refused_as_the_page_says() -> None:
    """The table in `docs/ingest.md` counts them by source; each that is not read is refused with a hint."""
    found: dict[str, Counter[str]] = {}
    hints: dict[str, str] = {}
    for path in sorted(CORPUS.iterdir()):
        source = found.setdefault(path.name.partition("_")[0] or "_index", Counter())
        try:
            readings = load_all(str(path), io.BytesIO())
        except BadInput as fault:
            hints[path.name] = fault.hint
            source["refused"] += 1
        else:
            assert all(r.draft.headline and r.draft.body for r in readings), path.name
            assert not any(re.search(r"</?(br|details|summary)\b", r.draft.body) for r in readings), path.name
            source["read"] += 1
    assert all(hints.values()), hints
    page = (
        (ROOT / "docs" / "ingest.md")
        .read_text("utf-8")
        .partition("## What desks have")[2]
        .partition("\n## ")[0]
    )
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    assert {name: (int(r), int(n)) for name, r, n in rows} == {
        name: (source["read"], source["refused"]) for name, source in found.items()
    }
