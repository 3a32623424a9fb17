"""The plain text of a situation page, whole and with parts missing."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from alerts.ingest import read
from alerts.ingest.blocks import blocks, literal

SEED = Path(__file__).parents[2].parent / "shared/seeds/situation-update-2022-03-28.txt"
DAY = date(2022, 3, 28)
HEADLINE = "Negotiations ongoing between Ukraine and Russia"

PAGE = """\
Anvil's Situation Update - Negotiations continue between Russia and Ukraine Anvil News & Updates
Banner image

Updates, news & events

SITUATION UPDATE 28 March, 2022 Back

Situation Update - Negotiations ongoing between Ukraine and Russia

Will Crouch


  • Negotiations continue; amid enduring conflict


Since the onset, talks have been held.

He set out his demands. They include

  • Ukrainian neutrality,
  • and independence.

He spoke of an “algorithm” to reach a settlement.
"""
BODY = """\
Since the onset, talks have been held.

He set out his demands. They include

- Ukrainian neutrality,
- and independence.

He spoke of an “algorithm” to reach a settlement."""


def draft(text):
    return read(text.encode(), "page.txt").draft


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not part of the project")
def test_the_page_that_started_it_all_is_read_whole():
    reading = read(SEED.read_bytes(), SEED.name)
    found = reading.draft
    assert reading.format == "text"
    assert reading.notes[:2] == ("names no region", "names no tag")
    assert ("author", "Will Crouch") in [(words.field, words.words) for words in reading.words]
    assert (found.headline, found.author, found.published_at) == (HEADLINE, "Will Crouch", DAY)
    assert found.key_points == ("Negotiations continue between Ukraine and Russia; amid enduring conflict",)
    assert found.body.startswith("Since the onset of the Russian invasion of Ukraine on 24 February,")
    assert (
        "They include\n\n- Ukrainian neutrality, a commitment to not join NATO,\n- disarmament,\n"
        in found.body
    )
    assert found.body.count("\n- ") == 6
    assert found.body.endswith("in the Turkish city of Istanbul tomorrow in a face-to-face format.")
    assert "Banner image" not in found.body
    assert "“algorithm”" in found.body


def test_a_page_gives_headline_author_day_key_points_and_body():
    found = draft(PAGE)
    assert (found.headline, found.author, found.published_at) == (HEADLINE, "Will Crouch", DAY)
    assert found.key_points == ("Negotiations continue; amid enduring conflict",)
    assert found.body == BODY


@pytest.mark.parametrize(
    ("missing", "field", "expected"),
    [
        ("Banner image\n", "headline", HEADLINE),
        ("Updates, news & events\n", "headline", HEADLINE),
        ("Banner image\n\nUpdates, news & events\n", "headline", HEADLINE),
        (PAGE[: PAGE.index("Banner")], "headline", HEADLINE),
        (PAGE[: PAGE.index("SITUATION")], "headline", HEADLINE),
        (PAGE[: PAGE.index("Situation Update - Negotiations ongoing")], "headline", HEADLINE),
        ("SITUATION UPDATE 28 March, 2022 Back\n", "published_at", None),
        (" Back", "published_at", DAY),
        ("Situation Update - Negotiations ongoing between Ukraine and Russia\n", "author", "Will Crouch"),
        (
            "Situation Update - Negotiations ongoing between Ukraine and Russia\n",
            "headline",
            "Negotiations continue between Russia and Ukraine",
        ),
        ("Will Crouch\n", "author", ""),
        ("Will Crouch\n", "key_points", ("Negotiations continue; amid enduring conflict",)),
        ("  • Negotiations continue; amid enduring conflict\n", "key_points", ()),
    ],
)
def test_any_part_of_a_page_may_be_missing(missing, field, expected):
    assert missing in PAGE
    found = draft(PAGE.replace(missing, "", 1))
    assert getattr(found, field) == expected
    assert found.body == BODY


@pytest.mark.parametrize(
    "written",
    [
        "28 March 2022",
        "March 28, 2022",
        "2022-03-28",
        "28 Mar 2022",
        "Mar. 28 2022",
        "28.03.2022",
        "28. 3. 2022",
    ],
)
def test_the_day_is_read_however_it_is_written(written):
    assert draft(PAGE.replace("28 March, 2022", written)).published_at == DAY


@pytest.mark.parametrize("bullet", ["-", "*", "–", "·", "▪"])
def test_every_usual_bullet_makes_a_list(bullet):
    found = draft(PAGE.replace("•", bullet))
    assert found.key_points == ("Negotiations continue; amid enduring conflict",)
    assert found.body == BODY


@pytest.mark.parametrize(
    ("text", "headline", "author", "body"),
    [
        ("Talks resume\n\nThey met.\n\nThey left.", "Talks resume", "", "They met.\n\nThey left."),
        ("Talks resume", "Talks resume", "", ""),
        ("Talks resume\n\nIstanbul Palace\n\nThey met.", "Talks resume", "", "Istanbul Palace\n\nThey met."),
        ("Talks resume\nBy Máire O’Brien-Hall\nThey met.", "Talks resume", "Máire O’Brien-Hall", "They met."),
        ("Talks resume\n\n28 March 2022\n\nThey met.", "Talks resume", "", "They met."),
        (
            "Talks resume\n\nSituation update 28 March 2022",
            "Talks resume",
            "",
            "",
        ),
        ("Talks\nSITUATION UPDATE 28 March 2022\nThey met.", "Talks", "", "They met."),
        (
            "Situation update: Talks\n\nSituation report: they met.",
            "Talks",
            "",
            "Situation report: they met.",
        ),
        ("Talks\n\n- one\n- two", "Talks", "", "- one\n- two"),
        ("\n\n  Talks  \r\nwrapped\rline", "Talks", "", "wrapped\nline"),
        ("[BREAKING] Talks\n\nThey met.", "[BREAKING] Talks", "", "They met."),
    ],
)
def test_a_text_without_the_marks_is_a_headline_and_a_body(text, headline, author, body):
    found = draft(text)
    assert (found.headline, found.author, found.body) == (headline, author, body)


def test_a_label_above_the_key_points_is_not_taken_for_the_author():
    found = draft(PAGE.replace("Will Crouch\n", "Key Points\n"))
    assert (found.author, found.key_points) == ("", ("Negotiations continue; amid enduring conflict",))
    assert found.body == BODY


def test_too_many_bullets_for_key_points_stay_in_the_body():
    found = draft("Talks\n\n" + "• one\n" * 21 + "\nThey met.")
    assert found.key_points == ()
    assert found.body.count("- one") == 21


@pytest.mark.parametrize(
    ("line", "markdown"),
    [
        ("1986. The year it began", "1986\\. The year it began"),
        ("# not a heading", "\\# not a heading"),
        ("#hashtag", "#hashtag"),
        ("a *b* _c_ snake_case", "a \\*b\\* \\_c\\_ snake_case"),
        ("see [1](x) <b> & &amp; 3 < 4", "see \\[1](x) \\<b> & \\&amp; 3 < 4"),
        ("-----", "\\-----"),
        ("> said", "\\> said"),
        ("+ plus", "\\+ plus"),
        ("C:\\dir \\* ~~gone~~ ~50", "C:\\dir \\\\\\* \\~\\~gone\\~\\~ ~50"),
        ("| --- | --- |", "\\| --- | --- |"),
        ("He said “no”.", "He said “no”."),
    ],
)
def test_what_markdown_would_misread_is_escaped_and_nothing_else(line, markdown):
    assert literal(line) == markdown


def test_numbers_that_count_from_one_are_a_list_and_others_are_words():
    found = blocks(["1. one", "2. two", "7. seven", "", "1986. a year"])
    assert [str(block) for block in found] == ["1. one\n2. two", "7\\. seven", "1986\\. a year"]


def test_a_deeper_line_goes_on_with_its_item_and_a_level_one_does_not():
    found = blocks(["  • one and", "    a half", "  • two", "Prose."])
    assert [str(block) for block in found] == ["- one and a half\n- two", "Prose."]


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown):
    """The words a reader sees, and the kinds of block they stand in."""
    words, kinds = [], []
    for token in MARKDOWN.parse(markdown):
        if token.type == "inline":
            assert {child.type for child in token.children} <= {"text", "softbreak"}
            words.append(" ".join(child.content for child in token.children if child.type == "text"))
        elif token.nesting >= 0:
            kinds.append(token.type)
    return words, kinds


@given(
    st.lists(
        st.text(
            st.sampled_from("ab12.)-+*_#>=~`|:[]()!<>&;\\/ \"'^{}$") | st.characters(exclude_categories=["C"])
        )
    )
)
def test_any_plain_line_is_shown_as_exactly_its_words(lines):
    found = blocks(lines)
    words, kinds = shown("\n\n".join(map(str, found)))
    expected = [w for b in found for w in (b.lines if b.listed else [" ".join(b.lines)])]
    assert [" ".join(w.split()) for w in words] == [" ".join(w.split()) for w in expected]
    assert set(kinds) <= {"paragraph_open", "bullet_list_open", "ordered_list_open", "list_item_open"}
