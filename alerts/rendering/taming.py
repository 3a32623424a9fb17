"""Markdown read once and tamed: no images, no headings of its own, no link that hides where it leads."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it.token import Token

from alerts.rendering.cleaning import unbroken
from alerts.rendering.directions import direction
from alerts.texts import read, safe_url, visible

#: The longest text, in characters, whose rendering is remembered: an update stands in many digests.
REMEMBERED_MAX = 4_000
#: Texts at hand as they were read: those of one digest are all written in HTML, then all as plain text.
_READ_AT_HAND = 64

#: What text stands in runs as that text does. What holds such, and has a side, runs as its first text does.
BLOCKS, SIDED = {"p", "li", "th", "td", "code", "pre"}, {"ul", "ol", "blockquote", "table"}
_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)


def tamed(source: str) -> Sequence[Token]:
    """The tokens of a text, the same for all three ways it is written: nobody changes them any more."""
    return _once(source) if len(source) <= REMEMBERED_MAX else _once.__wrapped__(source)


@lru_cache(maxsize=_READ_AT_HAND)
def _once(source: str) -> Sequence[Token]:
    tokens = read(source)
    for token in tokens:
        token.content = visible(token.content)
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
        elif token.type == "inline":
            token.children = list(_inline(token.children or []))
    return tuple(_directed(list(_bold_headings(tokens))))


def _directed(tokens: list[Token]) -> list[Token]:
    """Each block in the direction of its text, whatever the direction of the page."""
    for place, token in enumerate(tokens):
        if token.tag in BLOCKS and token.nesting >= 0:
            token.attrs["dir"] = "auto"
        elif token.tag in SIDED and token.nesting == 1:
            token.attrs["dir"] = direction(_texts_within(tokens, place))
    return tokens


def _texts_within(tokens: Sequence[Token], place: int) -> Iterator[str]:
    depth = 0
    for at in range(place, len(tokens)):
        token = tokens[at]
        depth += token.nesting
        if depth == 0:
            return
        yield from (child.content for child in token.children or [token])


def _bold_headings(tokens: list[Token]) -> Iterator[Token]:
    inside = False
    for token in tokens:
        if token.type == "inline" and inside:
            strong = [Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)]
            token.children = [strong[0], *(token.children or []), strong[1]]
        inside = token.type == "heading_open"
        yield token


def _inline(children: list[Token]) -> Iterator[Token]:
    """Images become their description; links lead where they say, or lose their target."""
    href = label = ""
    for token in children:
        token.content = unbroken(token.content)
        if token.type == "image":
            token = _text(token.content)  # noqa: PLW2901 - the description takes its place
        if token.type == "link_open":
            href, label = safe_url(str(token.attrs["href"])), ""
            token.attrs = {"href": href}
        if token.type in ("text", "code_inline"):
            label += token.content
        if token.type in ("link_open", "link_close") and not href:
            continue
        yield token
        if token.type == "link_close" and not honest(label, href):
            yield _text(f" ({urlsplit(href).hostname or href})")


def honest(label: str, url: str) -> bool:
    """Whether a label that looks like an address names the host its link leads to."""
    shown = _HOST.fullmatch(label.strip())
    return shown is None or shown[1].lower() == (urlsplit(url).hostname or "").lower()


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
