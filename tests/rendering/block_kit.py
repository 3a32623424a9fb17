"""Slack's documented limits, held against what we send: https://docs.slack.dev/reference/block-kit/blocks."""

import re
from collections.abc import Iterator
from typing import Any

BLOCKS_MAX, HEADER_MAX, TEXT_MAX, CONTEXT_MAX, INDENT_MAX = 50, 150, 3_000, 10, 8
STYLES = {"bold", "italic", "strike", "code"}
INSIDE = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}

Block = dict[str, Any]


def check_posts(arguments: dict[str, Any]) -> None:
    """Everything that one message puts into a channel and its thread."""
    for post in (arguments, *arguments["replies"], *filter(None, [arguments.get("reply")])):
        assert 0 < len(post["blocks"]) <= BLOCKS_MAX
        assert post["text"].strip()
        assert not {"<", ">"} & set(post["text"]), "a control sequence: it could ping, or hide a link"
        for block in post["blocks"]:
            check_block(block)


def check_block(block: Block) -> None:
    kind = block["type"]
    if kind == "header":
        check_text(block["text"], HEADER_MAX)
    elif kind == "context":
        assert 0 < len(block["elements"]) <= CONTEXT_MAX
        for element in block["elements"]:
            check_text(element, TEXT_MAX)
    elif kind == "rich_text":
        assert block["elements"]
        for element in block["elements"]:
            check_rich(element)
    else:
        assert block == {"type": "divider"}


def check_text(text: Block, most: int) -> None:
    assert text["type"] == "plain_text", "mrkdwn would be interpreted"
    assert text["emoji"] is False, "a colon and a word would become a picture"
    assert 0 < len(text["text"]) <= most
    assert text["text"].strip()


def check_rich(element: Block) -> None:
    if element["type"] == "rich_text_list":
        assert element["style"] in ("bullet", "ordered")
        assert 0 <= element["indent"] <= INDENT_MAX
        assert element.get("offset", 0) >= 0
        assert element["elements"]
        for item in element["elements"]:
            assert item["type"] == "rich_text_section"
            check_spans(item["elements"])
    else:
        assert element["type"] in INSIDE
        check_spans(element["elements"])


def check_spans(spans: list[Block]) -> None:
    assert spans
    for span in spans:
        if span["type"] == "date":
            check_date(span)
            continue
        assert span["type"] in ("text", "link"), "anything else could ping"
        assert span["text"], "Slack refuses empty text"
        assert set(span.get("style", {})) <= STYLES
        if span["type"] == "link":
            assert span["url"].startswith(("https://", "http://"))
            assert len(span["url"]) <= TEXT_MAX


def check_date(span: Block) -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/date-element"""
    assert set(span) == {"type", "timestamp", "format", "fallback"}
    assert isinstance(span["timestamp"], int)
    assert span["timestamp"] > 0
    assert span["format"] == "{date_short_pretty}, {time}", "the same in every post: no words of an author"
    assert re.fullmatch(r"(\d{1,2} \w+ \d{4}, )?\d\d:\d\d [\w/+-]+( on \d+ \w+)?", span["fallback"])


def shown(blocks: list[Block]) -> str:
    """What a reader sees, with the numbers Slack gives to the items of a list."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if block["type"] == "header":
        yield block["text"]["text"]
    elif block["type"] == "context":
        yield " ".join(element["text"] for element in block["elements"])
    elif block["type"] == "rich_text":
        for element in block["elements"]:
            if element["type"] == "rich_text_list":
                for number, item in enumerate(element["elements"], element.get("offset", 0) + 1):
                    mark = f"{number}." if element["style"] == "ordered" else "•"
                    yield f"{'  ' * element['indent']}{mark} {_words(item)}"
            else:
                yield from _words(element).strip("\n").split("\n")


def _words(element: Block) -> str:
    return "".join(span.get("text") or span["fallback"] for span in element["elements"])
