"""Markdown read in bounds: CommonMark, tables, no raw HTML. What is beyond them is shown as it was typed.

The parser takes quadratic time over signs that open and never close, leaves out what is nested deeper than it
goes, and puts no bound to emphasis within emphasis, on which whoever walks the tree runs out of stack.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from alerts.texts.urls import safe_url

#: Signs in one paragraph, item or cell that may open or close something.
MARKS_MAX = 10_000
#: Of these, signs that may open a link: from each its paragraph is searched, again for every level.
LINKS_MAX = 1_000
#: Levels of quotes, lists and their items, or of emphasis and links, within each other.
NESTING_MAX = 60

_DEFINITION = re.compile(r"\[[^\]\n]+\]:[ \t]*<?([^\s>]*)")
_MARK = re.compile(r"(?<!\\)[*_`\[\]<]")
_LINK = re.compile(r"(?<!\\)\[")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_EXCESS = "excess"
_TOO_DEEP = f"is Markdown nested more than {NESTING_MAX} levels deep"


def read(source: str) -> list[Token]:
    """The tokens of a Markdown text, at most `NESTING_MAX` deep, inline ones as their children."""
    return _READER.parse(source)


def html(tokens: Sequence[Token]) -> str:
    """The HTML of tokens. It is not to be trusted before it was cleaned."""
    return str(_READER.renderer.render(tokens, _READER.options, {}))


def excess(source: str) -> str:
    """What a text has too much of to be read as Markdown; empty for nearly every text there is."""
    env: dict[str, str] = {}
    _READER.parse(source, env)
    return env.get(_EXCESS, "")


def _inline(state: StateCore) -> None:
    """Read what stands in the blocks: in place of the parser's own rule, which would read all of it."""
    too_much = ""
    if any(token.nesting == 1 and token.level >= NESTING_MAX - 1 for token in state.tokens):
        too_much = _TOO_DEEP
    elif any(token.type == "table_open" and _overflows(token, state.src) for token in state.tokens):
        too_much = "has a table with more cells in a row than in its head"
    if too_much:
        state.env[_EXCESS] = too_much
        state.tokens = [token for text in _BLANK_LINE.split(state.src) for token in _literal_paragraph(text)]
        return
    for token in state.tokens:
        if token.type != "inline":
            continue
        if _is_crowded(token.content):
            state.env[_EXCESS] = (
                f"has more than {MARKS_MAX:,} signs of Markdown or {LINKS_MAX:,} links in one paragraph"
            )
            token.children = _literal(token.content)
            continue
        children: list[Token] = []
        _SPANS.inline.parse(token.content, _SPANS, state.env, children)
        if _depth(children) > NESTING_MAX:
            state.env[_EXCESS] = _TOO_DEEP
            children = _literal(token.content)
        token.children = children


def _is_crowded(content: str) -> bool:
    return len(_MARK.findall(content)) > MARKS_MAX or len(_LINK.findall(content)) > LINKS_MAX


def _overflows(table: Token, source: str) -> bool:
    """Whether a row has more cells than the head: the parser leaves them out."""
    begin, end = table.map or (0, 0)
    counts = [len(escapedSplit(line.strip().strip("|"))) for line in source.split("\n")[begin:end]]
    return any(count > counts[0] for count in counts[2:])


def _depth(tokens: Sequence[Token]) -> int:
    deepest = depth = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth)
    return deepest


def _literal_paragraph(text: str) -> list[Token]:
    text = text.strip("\n")
    if not text:
        return []
    inside = Token("inline", "", 0, level=1, content=text, children=_literal(text))
    begin = Token("paragraph_open", "p", 1, block=True)
    return [begin, inside, Token("paragraph_close", "p", -1, block=True)]


def _literal(content: str) -> list[Token]:
    first, *others = content.split("\n")
    tokens = [Token("text", "", 0, content=first)]
    for line in others:
        tokens += [Token("softbreak", "br", 0), Token("text", "", 0, content=line)]
    return tokens


def _definition(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A definition leads to where a reader may be sent; else it is text, as a footnote is, and is shown."""
    found = _DEFINITION.match(state.src, state.bMarks[line] + state.tShift[line])
    return bool(found and safe_url(found[1])) and reference(state, line, end, silent)


_READER = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING_MAX}).enable("table")
_SPANS = MarkdownIt("commonmark", {"html": False})
_READER.core.ruler.at("inline", _inline)
_READER.block.ruler.at("reference", _definition)
