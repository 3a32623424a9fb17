"""What blocks say, as one plain text: for when Slack will not show the blocks. Pure.

Everything that stands in them is in it, or a link to where it stands: a reader must not take a part of an
update for the whole. Mrkdwn is spoken here: `&`, `<` and `>` are escaped, so that nothing pings; only a time
of ours is a control sequence, of digits and a format that is the same in every post.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from alerts.texts import Text

#: Characters of a post as plain text: Slack advises 4,000.
TEXT_MAX = 3_900
#: This many characters of a word without a space are one piece.
PIECE_MAX = 200

Block = Mapping[str, Any]


#: What leads to the rest of a post that is cut; what says that there is more, where nothing does.
READ_IT, CUT = Text("Read the whole update"), Text("Slack would not show all of it.")


class Whole(NamedTuple):
    """Where the whole update stands, outside of Slack, and what is said of it where a post is cut."""

    source: str = ""  #: empty where it stands nowhere
    read_it: str = str(READ_IT)  #: what leads there, in the language of the post
    cut: str = str(CUT)  #: what is said where it stands nowhere


#: Of what stands nowhere but in the post.
UNSAID = Whole()


def plain(blocks: Sequence[Block], whole: Whole = UNSAID, limit: int = TEXT_MAX) -> str:
    """All words of the blocks, or as many as fit, then a link and the last block: why the reader gets it."""
    parts = [part for block in blocks if (part := list(_block(block)))]
    words = "\n\n".join("".join(part) for part in parts)
    if len(words) <= limit:
        return words
    last = "".join(parts[-1]) if len(parts) > 1 else ""
    pieces = [piece for part in parts[: -1 if last else None] for piece in (*part, "\n\n")]
    more = f"<{_escaped(whole.source)}|{_escaped(whole.read_it)}>" if whole.source else _escaped(whole.cut)
    end = f"… {more}\n\n{last}".rstrip()
    if len(end) > limit // 2:  # a reason that long says nothing any more
        end = f"… {more}"
    return _beginning(pieces, limit - len(end) - 1) + " " + end


def shortened(text: str, limit: int = TEXT_MAX) -> str:
    """The text, cut between two words if it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(maxsplit=1)[0] + "…"


def _beginning(pieces: Sequence[str], room: int) -> str:
    text = ""
    for piece in pieces:
        if len(text) + len(piece) > room:
            break
        text += piece
    return text.rstrip()


def _block(block: Block) -> Iterator[str]:
    """The pieces of a block: words, spaces and links, none of which may be cut."""
    if block["type"] == "header":
        yield from _pieces(block["text"]["text"])
    elif block["type"] == "context":
        for element in block["elements"]:
            yield from _pieces(element["text"])
    elif block["type"] == "rich_text":
        for place, element in enumerate(block["elements"]):
            yield from ["\n"] * (place > 0)
            yield from _element(element)


def _element(element: Block) -> Iterator[str]:
    if element["type"] != "rich_text_list":
        quoted = ["> "] if element["type"] == "rich_text_quote" else []
        yield from (*quoted, *_spans(element["elements"]))
        return
    for number, item in enumerate(element["elements"], element.get("offset", 0) + 1):
        mark = f"{number}. " if element["style"] == "ordered" else "• "
        yield "\n" * (item is not element["elements"][0]) + "    " * element.get("indent", 0) + mark
        yield from _spans(item["elements"])


def _spans(spans: Sequence[Block]) -> Iterator[str]:
    for span in spans:
        if span["type"] == "date":
            yield f"<!date^{span['timestamp']}^{span['format']}|{_escaped(span['fallback'])}>"
        elif span["type"] == "link":
            yield f"<{_escaped(span['url'])}|{_escaped(span['text'])}>"
        else:
            yield from _pieces(span["text"])


def _pieces(text: str) -> Iterator[str]:
    for piece in re.findall(rf"\s+|\S{{1,{PIECE_MAX}}}", text):
        yield _escaped(piece)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
