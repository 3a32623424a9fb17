"""No text takes longer than its length, is cut within a sign, or loses a word to how it is nested."""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rendering_samples import TALKS, alone, html_of, mail, post, text_of
from thorough import usually

from alerts.channels.slack.blocks import header, rich_text
from alerts.errors import BadInput
from alerts.ingest import read
from alerts.model import Channel, Severity
from alerts.rendering.cleaning import shortened
from alerts.rendering.markdown import Line, span, to_html, to_lines, to_plain
from alerts.texts import MARKS_MAX, NESTING_MAX, clusters, excess, head, pieces

LONG = usually(6_000, 12_000)
PATHOLOGIC = {
    "brackets": "[",
    "images": "![",
    "emphasis in brackets": "[*",
    "emphasis in images": "![*a",
    "links that never end": "[a](<b",
    "titles that never end": '[a](b "',
    "nested emphasis": "*a **b ",
    "every kind of emphasis": "*_a**__b",
    "stars": "*",
    "backticks": "`a",
    "brackets and backticks": "[`",
    "angles": "<a:",
    "entities": "&#",
    "definitions": "[a]: /u\n",
    "definitions that never end": "[a]: u 'x\n",
    "hard breaks": "a\\\n",
    "soft breaks": "a\n",
    "items": "- a\n",
    "items and quotes": "- > a\n",
    "lists of all kinds": "- a\n* b\n+ c\n",
    "paragraphs": "a\n\n",
    "headings": "a\n=\n",
    "tables": "|a|b|\n|-|-|\n|1|2|\n\n",
    "quotes in quotes": "> " * 40 + "a\n",
}


def deep(length: int) -> str:
    """Emphasis as deep as a third of the text allows, and line breaks in the innermost."""
    depth = length // 33
    return "*a **b " * depth + "c\\\n" * (length // 9) + "x** y* " * depth


TEXTS = {name: lambda length, sign=sign: (sign * length)[:length] for name, sign in PATHOLOGIC.items()}
TEXTS["breaks in deep emphasis"] = deep


def steps(work: Callable[[], object]) -> int:
    """How many lines of Python it runs: a measure of work that no other load on the machine changes."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("write", [to_html, to_plain, to_lines])
@pytest.mark.parametrize("name", TEXTS)
def test_work_grows_with_the_text_and_not_with_its_square(name: str, write: Callable[[str], object]) -> None:
    """Texts of a few kilobytes took seconds, in every worker, for every budget that was tried."""
    # Its own text each: one that was read for another way of writing it is not read again.
    texts = [f"{write.__name__}\n\n{TEXTS[name](length)}" for length in (LONG // 4, LONG)]
    few, many = (steps(partial(write, text)) for text in texts)
    assert many < 7 * few + 50_000
    assert many < 500 * LONG


@pytest.mark.parametrize("write", [to_html, to_plain, to_lines])
@pytest.mark.parametrize(
    "source",
    [
        "*a **b " * 500 + "x** y*" * 500,
        "_a *" * 300 + "word" + "* b_" * 300,
        "*" * 3000 + "word" + "*" * 3000,
        "> " * 100 + "word",
        "- " * 60 + "word",
        "1. - " * 40 + "word",
        "[" * 6000 + "word" + "](https://e.example)" * 6000,
        "|a|b|\n|-|-|\n|1|2|word|",
    ],
    ids=lambda source: source[:12],
)
def test_what_is_beyond_the_bounds_is_shown_as_it_was_typed(
    source: str, write: Callable[[str], object]
) -> None:
    """Deep emphasis broke the worker (RecursionError); the eleventh level of a list was left out, unsaid."""
    assert excess(source)
    shown = str(write(source))
    assert ("word" in source) <= ("word" in shown)
    assert shown.count("a") >= source.count("a") or "word" in source


def test_a_list_of_twenty_levels_is_a_list() -> None:
    source = "".join("  " * n + f"- level{n}\n" for n in range(20))
    assert excess(source) == ""
    assert "level19" in to_html(source)
    assert "• level19" in to_plain(source)
    assert to_lines(source)[-1].spans[0]["text"] == "level19"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[" * (MARKS_MAX + 1), "more than 10,000 signs of Markdown or 1,000 links in one paragraph"),
        ("![" * 1001, "or 1,000 links in one paragraph"),
        ("> " * NESTING_MAX + "a", f"nested more than {NESTING_MAX} levels deep"),
        ("*a **b " * 80 + "x** y* " * 80, f"nested more than {NESTING_MAX} levels deep"),
        ("|a|\n|-|\n|1|2|", "more cells in a row than in its head"),
    ],
)
def test_such_a_body_is_refused_at_the_door_with_a_hint(body: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(json.dumps({"headline": "h", "body": body}).encode(), "x.json")
    assert said in refused.value.sentence
    assert "backslash" in refused.value.hint


@pytest.mark.parametrize(
    "body",
    [
        "\\[" * 12_000,
        "a_b " * 900,
        "- [a](https://e.example)\n" * 800,
        "|a|b|\n|-|-|\n" + "|*1*|_2_|\n" * 400,
    ],
)
def test_a_long_text_without_such_is_taken(body: str) -> None:
    assert read(json.dumps({"headline": "h", "body": body}).encode(), "x.json").draft.body


FAMILY, FLAG = "👨\u200d👩\u200d👧\u200d👦", "🇺🇦"
SIGNS = st.lists(
    st.sampled_from([FAMILY, FLAG, "e\u0301\u0323", "각", "👍🏽", "a", " ", "ส้", "نً"]), max_size=60
).map("".join)


def borders(text: str) -> set[int]:
    found, at = {0}, 0
    for cluster in clusters(text):
        at += len(cluster)
        found.add(at)
    return found


@given(SIGNS, st.integers(12, 60))
def test_nothing_is_cut_within_a_sign(text: str, most: int) -> None:
    """A family of four became a mother and a cut joiner; half a flag is a letter in a box."""
    assert len(head(text, most)) in borders(text)
    short = shortened(text, most)
    assert len(short) <= most
    assert short == text or len(text) > most
    kept = short.removesuffix("…")
    assert text.startswith(kept)
    assert len(kept) in borders(text)


@given(st.text(), st.integers(1, 20))
def test_pieces_make_the_whole_again(text: str, most: int) -> None:
    parts = list(pieces(text, most))
    assert "".join(parts) == text
    assert all(0 < len(part) <= most for part in parts)


@given(SIGNS.filter(bool))
def test_what_is_split_for_slack_is_split_between_signs(text: str) -> None:
    whole = (text * 3000)[:3000]
    whole = whole[: max(borders(whole) - {len(whole)})]
    shown = [
        s["text"]
        for b in rich_text([Line("text", [span(whole)])])
        for e in b["elements"]
        for s in e["elements"]
    ]
    at = 0
    for part in (part for part in shown if part != "\n\n"):
        at += len(part)
        assert at in borders(whole)
    assert at == len(whole)


@pytest.mark.parametrize("sign", [FAMILY, FLAG, "e\u0301"])
def test_no_reader_sees_half_a_sign_anywhere(sign: str) -> None:
    draft = replace(
        TALKS, headline=sign * 100, key_points=(sign * 400,), note=sign * 900, severity=Severity.SEVERE
    )
    whole = re.compile(f"(?:{sign})*")
    subject = mail(alone(Channel("email"), draft))["Subject"].removeprefix("[SEVERE] ").removesuffix("…")
    assert whole.fullmatch(subject)
    assert whole.fullmatch(header(draft.headline)["text"]["text"].removesuffix("…"))
    found = mail(alone(Channel("email"), draft))
    preheader = re.search(r'class="preheader"[^>]*>([^<]*)<', html_of(found))[1]  # type: ignore[index]
    assert whole.fullmatch(preheader.removesuffix("…"))
    assert sign in text_of(found)
    assert whole.fullmatch(
        post(alone(Channel("slack"), draft))["text"].removeprefix("SEVERE · ").removesuffix("…")
    )
