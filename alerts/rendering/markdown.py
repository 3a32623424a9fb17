"""Markdown written three ways, once it is tamed: HTML, plain text, Slack's rich text.

Nothing an author writes becomes raw HTML, an image, a mention, or a link that hides where it leads; nor,
however it is spelt, what nobody sees: `&#8238;` and `%E2%80%AE` are looked at as what they decode to.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional, combining, east_asian_width

import nh3
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from alerts.rendering.cleaning import unmentionable
from alerts.rendering.taming import BLOCKS, REMEMBERED_MAX, SIDED, tamed
from alerts.texts import html, safe_url

WIDTH = 76


_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
_TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "a", *_TABLE}
_ATTRIBUTES = {tag: {"dir"} for tag in BLOCKS | SIDED} | {"a": {"href"}, "ol": {"start", "dir"}}

_PLAIN: Mapping[str, bool] = {}


def to_html(source: str) -> Markup:
    """The HTML of a Markdown text. Headings become bold paragraphs: the page around it owns the outline."""
    return _html(source) if len(source) <= REMEMBERED_MAX else _html.__wrapped__(source)


@lru_cache(maxsize=512)
def _html(source: str) -> Markup:
    return Markup(  # noqa: S704 - cleaned by nh3 with our own allow-list, in this very call
        nh3.clean(
            html(tamed(source)),
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            url_relative="deny",
            link_rel="noopener nofollow",
        )
    )


def to_plain(source: str, width: int = WIDTH) -> str:
    """The text of a Markdown text, wrapped; a word longer than a line stays whole."""
    return _text_of(source, width) if len(source) <= REMEMBERED_MAX else _text_of.__wrapped__(source, width)


@lru_cache(maxsize=512)
def _text_of(source: str, width: int) -> str:
    blocks = (_plain_block(node, width) for node in SyntaxTreeNode(tamed(source)).children)
    return "\n\n".join(block for block in blocks if block)


def wrapped(text: str, width: int = WIDTH) -> str:
    """Break a line of text at its spaces; a word longer than a line stays whole."""
    return textwrap.fill(text, max(width, 30), break_long_words=False, break_on_hyphens=False)


def item(text: str, mark: str = "• ", width: int = WIDTH) -> str:
    """A list item, its further lines under its first."""
    return mark + textwrap.indent(wrapped(text, width - len(mark)), " " * len(mark))[len(mark) :]


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, list item or code block for Slack: `style` is text, bullet, ordered, quote or code."""

    style: str
    spans: list[dict[str, Any]] = field(default_factory=list)
    indent: int = 0
    number: int = 0


def to_lines(source: str) -> list[Line]:
    """The lines of a Markdown text as rich text elements, which Slack shows and never interprets."""
    return [line for node in SyntaxTreeNode(tamed(source)).children for line in _slack_block(node)]


def _plain_block(node: SyntaxTreeNode, width: int) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        return _plain_list(node, width)
    if node.type == "blockquote":
        inner = "\n\n".join(_plain_block(child, width - 2) for child in node.children)
        return textwrap.indent(inner, "> ", lambda _: True)
    if node.type in ("fence", "code_block"):
        return textwrap.indent(node.content.rstrip("\n"), "    ")
    if node.type == "hr":
        return "—" * 3
    if node.type == "table":
        return _aligned(node, width) or "\n".join(item(_plain_row(row), width=width) for row in _rows(node))
    text = "".join(_plain_inline(child) for child in node.children)
    return "\n".join(wrapped(line, width) for line in text.split("\n"))


def _plain_list(node: SyntaxTreeNode, width: int) -> str:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
    items = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}. " if node.type == "ordered_list" else "• "
        text = "\n".join(_plain_block(child, width - len(mark)) for child in item.children)
        items.append(mark + textwrap.indent(text, " " * len(mark))[len(mark) :])
    return "\n".join(items)


def _aligned(table: SyntaxTreeNode, width: int) -> str:
    """A table in columns, its head underlined; empty where a line is too short, or is never broken."""
    rows = [
        [_plain_inline(cell) for cell in row.children] for part in table.children for row in part.children
    ]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if (
        len(rows) < 2
        or not sum(wide) + 2 * len(wide) <= width <= WIDTH
        or _uneven("".join(map("".join, rows)))
    ):
        return ""
    lines = [
        "  ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * size for size in wide), *filter(None, lines[1:])])


def _uneven(text: str) -> bool:
    """Whether any sign takes more or less than a column, or runs from right to left."""
    return any(
        east_asian_width(sign) in "WF" or combining(sign) or bidirectional(sign) in ("R", "AL")
        for sign in text
        if not sign.isascii()
    )


def _rows(table: SyntaxTreeNode) -> list[list[tuple[str, SyntaxTreeNode]]]:
    """The rows of a table, each cell beside the head of its column: where no line is wide enough for it."""
    first, *rest = [row for part in table.children for row in part.children]
    heads = [_plain_inline(cell) for cell in first.children] if rest else [""] * len(first.children)
    rows = [list(zip(heads, row.children, strict=True)) for row in rest or [first]]
    return [row for row in rows if _plain_row(row)]


def _plain_row(row: Sequence[tuple[str, SyntaxTreeNode]]) -> str:
    cells = ((head, _plain_inline(cell)) for head, cell in row)
    return " · ".join(f"{head}: {text}" if head else text for head, text in cells if text)


def _slack_row(row: Sequence[tuple[str, SyntaxTreeNode]]) -> list[dict[str, Any]]:
    spans: list[dict[str, Any]] = []
    for head, cell in row:
        if shown := _slack_inline(cell):
            spans += [span(" · ")] * bool(spans) + [span(f"{head}: ")] * bool(head) + shown
    return spans


def _plain_inline(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    label = "".join(_plain_inline(child) for child in node.children)
    if node.type == "link":
        url = str(node.attrs["href"])
        return label if label in (url, url.removeprefix("mailto:")) else f"{label} ({url})"
    return label


def _slack_block(node: SyntaxTreeNode, indent: int = 0, style: str = "text") -> Iterator[Line]:
    if node.type in ("bullet_list", "ordered_list"):
        first = int(node.attrs.get("start", 1))
        kind = "bullet" if node.type == "bullet_list" else "ordered"
        for number, item in enumerate(node.children, first):
            if kind == "ordered" and not item.children:
                yield Line(kind, [span(" ")], indent, number)
            for place, child in enumerate(item.children):
                nested = child.type in ("bullet_list", "ordered_list")
                if nested or place:
                    yield from _slack_block(child, indent + 1)
                else:
                    yield Line(kind, _slack_inline(child), indent, number)
    elif node.type == "blockquote":
        for child in node.children:
            yield from _slack_block(child, indent, "quote")
    elif node.type in ("fence", "code_block"):
        yield Line("code", [span(node.content.rstrip("\n") or " ")])
    elif node.type == "table":
        for row in _rows(node):
            yield Line("bullet", _slack_row(row), indent)
    elif node.type != "hr":
        yield Line(style, _slack_inline(node), indent)


def _slack_inline(node: SyntaxTreeNode, style: Mapping[str, bool] = _PLAIN) -> list[dict[str, Any]]:
    if node.type == "text":
        return [span(node.content, style=style)] if node.content else []
    if node.type == "code_inline":
        return [span(node.content, style={**style, "code": True})]
    if node.type in ("softbreak", "hardbreak"):
        return [span(" " if node.type == "softbreak" else "\n")]
    if node.type == "link":
        url = str(node.attrs["href"])
        label = "".join(_plain_inline(child) for child in node.children)
        if safe_url(url, ("http", "https")):
            return [span(label or url, url, style)]
        return [span(f"{label} ({url})", style=style)]
    kind = {"strong": {"bold": True}, "em": {"italic": True}}.get(node.type, {})
    return [found for child in node.children for found in _slack_inline(child, {**style, **kind})]


def span(text: str, url: str = "", style: Mapping[str, bool] = _PLAIN) -> dict[str, Any]:
    """One rich text element: literal text, or a link where `url` is given."""
    made: dict[str, Any] = {"type": "link", "url": url} if url else {"type": "text"}
    made["text"] = unmentionable(text)
    return made | ({"style": dict(style)} if style else {})
