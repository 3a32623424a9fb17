"""Slack's blocks: literal text, split and packed so that no post is too big for Slack or its readers."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from alerts.rendering.cleaning import shortened, unmentionable
from alerts.rendering.markdown import Line, span
from alerts.texts import pieces

Block = dict[str, Any]

#: What one post may hold: Slack's limit of blocks, and a length (as JSON) far below its limit of text.
BLOCKS_MAX, CHARACTERS_MAX = 50, 12_000
#: What the lines of a digest come to with all that is around them: half of it is JSON and addresses.
FIRST_MAX = 20_000

#: https://docs.slack.dev/reference/block-kit/blocks/header-block
HEADER_MAX = 150
#: Far below the 3,000 of a text object, for the blanks in it.
CONTEXT_MAX = 2_000

#: In words where there are some (“yesterday”), and by the clock each reader has chosen in Slack:
#: https://docs.slack.dev/reference/block-kit/block-elements/date-element
_TIME_FORMAT = "{date_short_pretty}, {time}"
#: Times are shown so from 1970 to 2100: how Slack shows others nobody has said.
_TIME_END = 4_102_444_800

_BLOCK_MAX = 2_900
_SPAN_MAX = 1_000
_INDENT_MAX = 8

_ELEMENT = {"text": "rich_text_section", "quote": "rich_text_quote", "code": "rich_text_preformatted"}


def header(text: str) -> Block:
    """A headline, as plain text; one longer than Slack takes is cut at a word."""
    return {"type": "header", "text": _plain(shortened(text, HEADER_MAX))}


def context(text: str) -> Block:
    """A small grey line, as plain text; one longer than Slack takes is cut at a word."""
    return {"type": "context", "elements": [_plain(shortened(text, CONTEXT_MAX))]}


def rich_text(lines: Sequence[Line]) -> Iterator[Block]:
    """As many rich text blocks as the lines need."""
    room, block = 0, list[Line]()
    for line in (part for whole in lines for part in _split(whole)):
        cost = weight(line.spans)
        if block and cost > room:
            yield _block(block)
            block = []
        room = (room if block else _BLOCK_MAX) - cost
        block.append(line)
    if block:
        yield _block(block)


def moment(at: datetime, fallback: str) -> Block:
    """An instant, which Slack shows each reader in their own zone; `fallback` where it cannot."""
    timestamp = int(at.timestamp())
    if not 0 < timestamp < _TIME_END:
        return span(fallback)
    return {"type": "date", "timestamp": timestamp, "format": _TIME_FORMAT, "fallback": fallback}


def packed(
    blocks: Sequence[Block], last: Sequence[Block], first_max: int = CHARACTERS_MAX
) -> list[list[Block]]:
    """Deal blocks into posts, each within the limits, and no header away from what stands under it.

    `last` ends the first post, which may come to `first_max`, whatever overflows.
    """
    posts: list[list[Block]] = [[]]
    count, size, most = len(last), sum(map(weight, last)), first_max
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        cost = weight(block)
        with_it = weight(following) if following and block["type"] == "header" else 0
        if posts[-1] and (count + bool(with_it) >= BLOCKS_MAX or size + cost + with_it > most):
            posts.append([])
            count, size, most = 0, 0, CHARACTERS_MAX
        posts[-1].append(block)
        count, size = count + 1, size + cost
    posts[0] += last
    return posts


def weight(part: object) -> int:
    """The characters a part takes as JSON, with the comma after it."""
    return len(json.dumps(part, ensure_ascii=False)) + 2


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": unmentionable(text), "emoji": False}


def _split(line: Line) -> Iterator[Line]:
    """Parts of a line that each fit a block. Of a list item, the first alone is one: the rest is text."""
    style, spans, size = line.style, list[dict[str, Any]](), 0
    for part in (part for long in line.spans for part in _pieces(long)):
        if spans and size + weight(part) > _BLOCK_MAX:
            yield Line(style, spans, line.indent, line.number)
            style = style if style in _ELEMENT else "text"
            spans, size = [], 0
        spans.append(part)
        size += weight(part)
    if spans:
        yield Line(style, spans, line.indent, line.number)


def _pieces(long: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "text" not in long:
        yield long
        return
    for text in pieces(long["text"], _SPAN_MAX):
        yield {**long, "text": text}


def _block(lines: Sequence[Line]) -> Block:
    elements: list[Block] = []
    for (style, indent, _), members in groupby(enumerate(lines), _run):
        run = [line for _, line in members]
        if style in _ELEMENT:
            # Slack puts no space between paragraphs, nor between a list and the paragraph after it.
            spans = [{"type": "text", "text": "\n"}] if elements and style == "text" else []
            for place, line in enumerate(run):
                spans += [{"type": "text", "text": "\n\n"}] * (place > 0) + line.spans
            elements.append({"type": _ELEMENT[style], "elements": spans})
        else:
            from_zero = style == "ordered" and run[0].number == 0
            elements.append(_from_zero(run) if from_zero else _list(style, indent, run))
    return {"type": "rich_text", "elements": elements}


def _run(placed: tuple[int, Line]) -> tuple[str, int, int]:
    """What lines of one element share: Slack counts the items of a list, so their numbers must follow."""
    place, line = placed
    return line.style, line.indent, line.number - place if line.style == "ordered" else 0


def _from_zero(lines: Sequence[Line]) -> Block:
    """A list that starts at 0, in lines of text: Slack's begin at 1 or later."""
    spans = list[dict[str, Any]]()
    for place, line in enumerate(lines):
        mark = "\n" * (place > 0) + "    " * line.indent + f"{line.number}. "
        spans += [{"type": "text", "text": mark}, *line.spans]
    return {"type": "rich_text_section", "elements": spans}


def _list(style: str, indent: int, lines: Sequence[Line]) -> Block:
    made: Block = {"type": "rich_text_list", "style": style, "indent": min(indent, _INDENT_MAX)}
    made["elements"] = [{"type": "rich_text_section", "elements": line.spans} for line in lines]
    if style == "ordered" and lines[0].number > 1:
        made["offset"] = lines[0].number - 1
    return made
