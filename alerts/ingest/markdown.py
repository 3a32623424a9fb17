"""Markdown: fields from front matter if there is any, the body below, its first heading the headline."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt

from alerts.errors import BadInput
from alerts.ingest import front_matter
from alerts.ingest.field_words import SaidFields, is_said, words_of
from alerts.ingest.front_matter import FrontMatter
from alerts.ingest.markdown_html import without_layout

_FRONT = re.compile(r"\s*---[ \t]*\n")
_HEADING = re.compile(r" {0,3}#(?:[ \t]+(.*))?")
_UNDERLINE = re.compile(r" {0,3}=+[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_INLINE = MarkdownIt("commonmark")
#: A heading longer than this is refused as a headline anyway; it need not be parsed first.
_HEADING_MAX = 1000


def recognises(text: str, suffix: str) -> bool:
    """Whether it begins with front matter, or its file is named as Markdown."""
    return suffix in (".md", ".markdown") or _FRONT.match(text) is not None


def read(text: str) -> list[SaidFields]:
    """Read one update. Raises BadInput for front matter that cannot be read."""
    blank = len(text) - len(text.lstrip())
    above = text[:blank].count("\n")
    lines = text.split("\n")[above:]
    front = front_matter.split("\n".join(lines).lstrip()) if _FRONT.match(text) else FrontMatter({}, {}, 1)
    fields = front.fields
    words = [
        words_of(field, f"line {above + front.lines[field]}", value)
        for field, value in fields.items()
        if is_said(value)
    ]
    below = lines[front.below - 1 :]
    heading = _heading(below)
    if not fields.get("headline") and heading.lines:
        fields["headline"] = heading.text
        words.append(words_of("headline", f"line {above + front.below + heading.at}", below[heading.at]))
    kept = [*enumerate(below, above + front.below)]
    if heading.lines and heading.text == fields["headline"]:  # a wiki has its title in both places
        del kept[heading.at : heading.at + heading.lines]
    body = without_layout("\n".join(line for _, line in kept))
    if body.strip():
        if fields.get("body"):
            raise BadInput("The body stands in the front matter and below it.", "Keep one of them.")
        fields["body"] = body
        number, first = next((number, line) for number, line in kept if line.strip())
        words.append(words_of("body", f"line {number}", first))
    return [SaidFields(fields, words)]


class _Heading(NamedTuple):
    """A heading, the index of its first line, and how many lines it has: none where there is none."""

    text: str
    at: int
    lines: int


def _heading(lines: Sequence[str]) -> _Heading:
    """The first heading outside of fenced code, after `#` or over `===`."""
    fence = ""
    for number, line in enumerate(lines):
        if mark := _FENCE.match(line):
            fence = mark[1] if not fence else "" if mark[1] == fence else fence
        elif not fence and (heading := _HEADING.fullmatch(line)):
            return _Heading(_plain((heading[1] or "").strip()), number, 1)
        elif not fence and line.strip() and any(map(_UNDERLINE.fullmatch, lines[number + 1 : number + 2])):
            return _Heading(_plain(line.strip()), number, 2)
    return _Heading("", 0, 0)


def _plain(heading: str) -> str:
    closed = heading.rstrip("#")
    heading = closed if closed.endswith((" ", "\t")) else heading
    if len(heading) > _HEADING_MAX:
        return heading
    inline = _INLINE.parseInline(heading)[0].children or []
    return "".join(token.content for token in inline if token.type in ("text", "code_inline"))
