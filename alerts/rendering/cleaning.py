"""Text from outside made fit to show: no control characters, no reordering of letters, no broken UTF-16."""

import re

# C0 and C1 without the line breaks, DEL, bidi controls (UAX #9 §2), lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MENTION = re.compile("<(?=[!@#])")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Make one line of a text: every kind of line break and run of spaces becomes one space."""
    return " ".join(_HIDDEN.sub("", text).split())


def many_lines(text: str) -> str:
    """Keep the lines of a text, and break them with a newline only."""
    return _HIDDEN.sub("", _BREAK.sub("\n", text)).strip("\n")


def unmentionable(text: str) -> str:
    """Part the signs of a Slack mention (`<!`, `<@`, `<#`) with a word joiner nobody sees.

    Slack shows plain and rich text literally; bridges and mirrors read mrkdwn out of it again.
    """
    return _MENTION.sub("<\u2060", text)


def shortened(text: str, limit: int) -> str:
    """Cut a text at a word, with an ellipsis, where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit)
    return text[: space if space > 0 else limit - 1].rstrip() + "…"
