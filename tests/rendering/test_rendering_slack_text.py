"""Whatever an author writes arrives as literal text, its numbers kept, in blocks that Slack takes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from block_kit import check_posts, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering_samples import TALKS, alone, post

from alerts.errors import BadInput
from alerts.ingest import load_all
from alerts.model import Channel
from alerts.rendering.markdown import to_html, to_plain

CASES = Path(__file__).parents[3] / "shared" / "cases" / "slack-text"

#: Refused when they are read, with the limit: they reach no post.
TOO_LONG = {"head200", "longauthor"}
#: What an author writes, and lines a reader must find, in Slack and in the text of a mail.
WRITTEN = {
    "a list from zero": ("0. zero\n1. one", ["0. zero", "1. one"]),
    "a list from zero, with a list within": ("0. zero\n   - inner\n1. one", ["0. zero", "• inner", "1. one"]),
    "a list from five": ("5. five\n6. six\n   - sub\n7. seven", ["5. five", "6. six", "7. seven"]),
    "an empty item": ("1. a\n2.\n3. c", ["1. a", "3. c"]),
    "two lists that touch": ("1. a\n\n1) b", ["1. a", "1. b"]),
    "loose items": ("1. alpha\n\n1. beta\n\n1. gamma", ["1. alpha", "2. beta", "3. gamma"]),
    "a paragraph within": ("1. alpha\n\n   more of it\n\n2. beta", ["1. alpha", "2. beta"]),
    "a footnote": ("Roads are closed[^1].\n\n[^1]: Says the police.", ["[^1]: Says the police."]),
    "a footnote of one word": ("Roads are closed[^1].\n\n[^1]: Police.", ["[^1]: Police."]),
    "a label": ("[Update]: closed", ["[Update]: closed"]),
    "raw HTML": ("<b>bold</b> & <script>alert(1)</script>", ["<b>bold</b> & <script>alert(1)</script>"]),
    "what is struck out": ("~~old~~ new, a^2^", ["~~old~~ new, a^2^"]),
    "boxes": ("- [ ] open\n- [x] done", ["• [ ] open", "• [x] done"]),
}


@pytest.mark.parametrize(("written", "lines"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written_is_what_is_read(written: str, lines: list[str]) -> None:
    """A list from 0 began at 1, an empty item moved the numbers behind it, a footnote's text was gone."""
    draft = replace(TALKS, body=written, key_points=())
    arguments = post(alone(Channel("slack"), draft))
    check_posts(arguments)
    read = [line.strip() for line in shown(arguments["blocks"]).split("\n")]
    plain = [line.strip() for line in to_plain(written).split("\n")]
    assert [line for line in lines if line not in read] == []
    assert [line for line in lines if line not in plain] == []


def test_key_points_are_bullets() -> None:
    assert "• Negotiations continue" in shown(post(alone(Channel("slack"), TALKS))["blocks"])


def test_a_mail_keeps_a_list_from_zero() -> None:
    assert 'start="0"' in to_html("0. zero\n1. one")


def test_a_definition_that_leads_somewhere_is_a_link_still() -> None:
    assert '<a href="https://a.example' in to_html("See [the desk][1].\n\n[1]: https://a.example/desk")


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), min_size=1, max_size=4))
@settings(max_examples=60)
def test_every_number_an_author_gave_is_kept(lists: list[tuple[int, int]]) -> None:
    """Lists of any beginning, one after the other, with or without a paragraph in between."""
    wanted, body = [], []
    for at, (first, items) in enumerate(lists):
        mark = ".)"[at % 2]
        numbers = range(first, first + items)
        body.append("\n".join(f"{n}{mark} item {at}-{n}" for n in numbers))
        wanted += [f"{n}. item {at}-{n}" for n in numbers]
    draft = replace(TALKS, body="\n\n".join(body), key_points=())
    arguments = post(alone(Channel("slack"), draft))
    check_posts(arguments)
    read = [line.strip() for line in shown(arguments["blocks"]).split("\n")]
    assert [line for line in read if "item" in line] == wanted


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=400))
@settings(max_examples=150)
def test_any_text_at_all_makes_posts_that_slack_takes(words: str) -> None:
    draft = replace(TALKS, headline=f"x{words}", body=words, key_points=(words,), author=words)
    check_posts(post(alone(Channel("slack"), draft)))


def test_a_line_of_facts_longer_than_slack_takes_is_cut() -> None:
    draft = replace(TALKS, author="Somebody " * 1_000)
    check_posts(post(alone(Channel("slack"), draft)))


def test_an_item_longer_than_a_block_is_one_item() -> None:
    """Its second half was an item of its own, with the same number or another bullet."""
    draft = replace(TALKS, body="1. " + "word " * 1_500 + "\n2. two", key_points=())
    arguments = post(alone(Channel("slack"), draft))
    check_posts(arguments)
    lines = shown(arguments["blocks"]).split("\n")
    assert [line[:2] for line in lines if line[:2] in ("1.", "2.", "3.")] == ["1.", "2."]


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")
def test_every_shared_case_makes_posts_that_slack_takes() -> None:
    cases = sorted(CASES.glob("*.md"))
    assert len(cases) >= 20
    for case in cases:
        with case.open("rb") as file:
            if case.stem in TOO_LONG:
                with pytest.raises(BadInput, match="the limit is"):
                    load_all(str(case), file)
                continue
            [reading] = load_all(str(case), file)
        arguments = post(alone(Channel("slack"), replace(reading.draft, regions=("UA",))))
        check_posts(arguments)
        words = "\n".join(shown(one["blocks"]) for one in (arguments, *arguments["replies"]))
        assert not re.search("<[!@#]", words), case
        if case.stem == "lists":
            assert re.findall(r"^ *(\d+)\. ", words, re.MULTILINE) == list("1212312356701")
