"""One Markdown text, three writings of it."""

from itertools import permutations

import pytest

from alerts.rendering.cleaning import many_lines, one_line, shortened
from alerts.rendering.markdown import safe_url, to_html, to_lines, to_plain


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("a *b* **c** `d`", "a b c d"),
        ("# Head\n\ntext", "Head\n\ntext"),
        ("- a\n- b\n  - c", "• a\n• b\n  • c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> said", "> said"),
        ("[label](https://e.example/x)", "label (https://e.example/x)"),
        ("<https://e.example/x>", "https://e.example/x"),
        ("![a chart](https://e.example/i.png)", "a chart"),
        ("```\ncode  here\n```", "    code  here"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("[x](ftp://e.example)", "x"),
        ("---", "———"),
        ("one\\\ntwo", "one\ntwo"),
    ],
)
def test_plain_text_reads_well(source, plain):
    assert to_plain(source) == plain


def test_plain_text_is_wrapped_and_long_words_stay_whole():
    address = "https://e.example/" + "x" * 90
    lines = to_plain("word " * 40 + address).split("\n")
    assert max(len(line) for line in lines[:-1]) <= 76
    assert lines[-1] == address


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# Head", '<p dir="auto"><strong>Head</strong></p>\n'),
        (
            "[l](https://e.example)",
            '<p dir="auto"><a href="https://e.example" rel="noopener nofollow">l</a></p>\n',
        ),
        ("[l](/relative)", '<p dir="auto">l</p>\n'),
        ("<b>x</b>", '<p dir="auto">&lt;b&gt;x&lt;/b&gt;</p>\n'),
        ("[a.example](https://b.example)", None),
    ],
)
def test_html_holds_no_headings_no_raw_html_and_honest_links(source, html):
    assert to_html(source) == (
        html
        or '<p dir="auto"><a href="https://b.example" rel="noopener nofollow">a.example</a> (b.example)</p>\n'
    )


def test_nested_lists_keep_their_depth_and_numbers_for_slack():
    lines = [(line.style, line.indent, line.number) for line in to_lines("3. a\n   - b\n4. c")]
    assert lines == [("ordered", 0, 3), ("bullet", 1, 1), ("ordered", 0, 4)]


def test_nested_emphasis_is_no_trouble():
    spans = to_lines("***a** b* **c **d** e**")[0].spans
    assert spans[0]["style"] == {"italic": True, "bold": True}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:x",
        "//e.example",
        "https://",
        "https://e.example/ x",
        'https://e"',
        "http://[",
    ],
)
def test_an_address_nobody_should_be_sent_to_is_none(url):
    assert safe_url(url) == ""


def test_one_line_is_one_line_and_shows_nothing_hidden():
    assert one_line(" a\r\nb\u2028c\x00d\x85e\u202ef\ud800 ") == "a b cd ef"


def test_many_lines_break_with_newlines_only():
    assert many_lines("a\r\nb\rc\u2029d\x0be\x00") == "a\nb\nc\nd\ne"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("abc", "abc"),
        ("one words here", "one words…"),
        ("one wordsandmore", "one words…"),
        ("x" * 20, "x" * 9 + "…"),
    ],
)
def test_what_is_too_long_is_cut_at_a_word(text, short):
    assert shortened(text, 10) == short


@pytest.mark.parametrize("order", list(permutations((to_html, to_plain, to_lines))))
def test_what_was_written_one_way_is_written_the_same_the_other_ways(order):
    """A text is read once for all three: the lines of a list, its sides and links are as if read anew."""
    source = "- שלום [x](https://e.example)\n  1. two\n\n> quote **b**\n\n| a | b |\n|--|--|\n| ج | d |\n"
    anew = {write: write(source + "\n" * n) for n, write in enumerate(order, 1)}
    for write in (*order, *order):
        assert write(source) == anew[write]
