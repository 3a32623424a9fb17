"""What becomes of each construct of Markdown in each medium, as docs/templates.md says it."""

import re
from pathlib import Path

import pytest

from alerts.rendering.markdown import to_html, to_lines, to_plain

DOCS = (Path(__file__).parents[2] / "docs" / "templates.md").read_text("utf-8")

#: What is written, and what is seen of it: a pattern of the page, the text, and Slack's lines.
CONSTRUCTS: dict[str, tuple[str, str, str, str]] = {
    "paragraph": ("one two", r"<p[^>]*>one two</p>", r"^one two$", r"'text', .*'one two'"),
    "heading": ("## Head", r"<p[^>]*><strong>Head</strong></p>", r"^Head$", r"'Head'.*'bold': True"),
    "`**strong**`": ("a **b**", r"<strong>b</strong>", r"^a b$", r"'b'.*'bold': True"),
    "`*emphasis*`": ("a *b*", r"<em>b</em>", r"^a b$", r"'b'.*'italic': True"),
    "`` `code` ``": ("a `b`", r"<code[^>]*>b</code>", r"^a b$", r"'b'.*'code': True"),
    "code block": (
        "```\na\n  b\n```",
        r"<pre[^>]*><code[^>]*>a\n  b\n</code>",
        r"^    a\n      b$",
        r"'code', .*'a\\n  b'",
    ),
    "bullet list": ("- a\n- b", r"<ul[^>]*>\s*<li[^>]*>a", r"^• a\n• b$", r"'bullet', .*'a'"),
    "ordered list": ("3. a\n4. b", r'<ol[^>]*start="3"', r"^3\. a\n4\. b$", r"'ordered', .*'a'.*number=3"),
    "nested list": ("- a\n  - b", r"<ul[^>]*>\s*<li[^>]*>a\s*<ul", r"^• a\n  • b$", r"'b'.*indent=1"),
    "quote": ("> a", r"<blockquote[^>]*>\s*<p[^>]*>a", r"^> a$", r"'quote', .*'a'"),
    "link": (
        "[a.example](https://b.example/x)",
        r'<a href="https://b\.example/x"[^>]*>a\.example</a> \(b\.example\)',
        r"^a\.example \(https://b\.example/x\) \(b\.example\)$",
        r"'link', 'url': 'https://b\.example/x'.*\(b\.example\)",
    ),
    "autolink `<https://…>`": (
        "<https://a.example>",
        r'<a href="https://a\.example"',
        r"^https://a\.example$",
        r"'link'",
    ),
    "image": ("![a map](https://a.example/m.png)", r"<p[^>]*>a map</p>", r"^a map$", r"'a map'"),
    "table": (
        "| Area | Level |\n|---|---|\n| North | 3 |",
        r"<td[^>]*>North</td>",
        r"^Area   Level\n-----  -----\nNorth  3$",
        r"'bullet', .*'Area: '.*'North'",
    ),
    "hard line break": ("a\\\nb", r"a<br>\s*b", r"^a\nb$", r"'\\n'"),
    "thematic break": ("a\n\n---\n\nb", r"<hr>", r"^a\n\n———\n\nb$", r"'a'[^—]*'b'"),
    "HTML": ("a <b>c</b>", r"a &lt;b&gt;c&lt;/b&gt;", r"^a <b>c</b>$", r"<b>c</b>"),
    "character reference": ("caf&eacute;", r"café", r"^café$", r"café"),
}


def test_the_table_names_what_is_tried_here() -> None:
    section = DOCS.partition("## What becomes of Markdown")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[1:] == list(CONSTRUCTS)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_each_construct_arrives_in_each_medium(name: str) -> None:
    written, page, text, slack = CONSTRUCTS[name]
    assert re.search(page, to_html(written))
    assert re.search(text, to_plain(written))
    assert re.search(slack, str(to_lines(written)).replace("style=", ""), re.DOTALL)


def test_a_table_too_wide_for_a_line_is_a_list_in_text() -> None:
    cells = "a long cell of a table that is wider than a line of a mail"
    assert to_plain(f"| Area | Level |\n|---|---|\n| {cells} | {cells} |").startswith("• Area: a long cell")
