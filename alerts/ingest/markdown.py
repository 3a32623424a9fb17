"""Markdown: fields from front matter if there is any, the body below, its first heading the headline."""

import re

from markdown_it import MarkdownIt

from alerts.errors import BadInput
from alerts.ingest import front_matter
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


def read(text: str) -> list[dict[str, object]]:
    """Read one update. Raises BadInput for front matter that cannot be read."""
    fields: dict[str, object] = {}
    if _FRONT.match(text):
        fields, text = front_matter.split(text.lstrip())
    if not fields.get("headline"):
        fields["headline"], text = _without_heading(text)
    else:  # a wiki has its title in both places
        heading, below = _without_heading(text)
        text = below if heading == fields["headline"] else text
    text = without_layout(text)
    if text.strip():
        if fields.get("body"):
            raise BadInput("The body stands in the front matter and below it.", "Keep one of them.")
        fields["body"] = text
    return [fields]


def _without_heading(text: str) -> tuple[str, str]:
    """The first heading outside of fenced code, after `#` or over `===`, and the text without it."""
    lines = text.split("\n")
    fence = ""
    for number, line in enumerate(lines):
        if mark := _FENCE.match(line):
            fence = mark[1] if not fence else "" if mark[1] == fence else fence
        elif not fence and (heading := _HEADING.fullmatch(line)):
            return _plain((heading[1] or "").strip()), "\n".join(lines[:number] + lines[number + 1 :])
        elif not fence and line.strip() and any(map(_UNDERLINE.fullmatch, lines[number + 1 : number + 2])):
            return _plain(line.strip()), "\n".join(lines[:number] + lines[number + 2 :])
    return "", text


def _plain(heading: str) -> str:
    closed = heading.rstrip("#")
    heading = closed if closed.endswith((" ", "\t")) else heading
    if len(heading) > _HEADING_MAX:
        return heading
    inline = _INLINE.parseInline(heading)[0].children or []
    return "".join(token.content for token in inline if token.type in ("text", "code_inline"))
