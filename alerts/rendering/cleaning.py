"""Text from outside made fit to show: no control characters, no reordering of letters, no broken UTF-16."""

import re

from alerts.texts import head, visible

_MENTION = re.compile("<(?=[!@#])")
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+\-=!|~]")
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Make one line of a text: every kind of line break and run of spaces becomes one space."""
    return " ".join(visible(text).split())


def many_lines(text: str) -> str:
    """Keep the lines of a text, and break them with a newline only."""
    return visible(_BREAK.sub("\n", text)).strip("\n")


def unbroken(text: str) -> str:
    """Make one line of a text and keep its spaces, as what stands within a line must."""
    return text if text.isprintable() else visible(_BREAK.sub(" ", text).replace("\n", " "))


def unmentionable(text: str) -> str:
    """Part the signs of a Slack mention (`<!`, `<@`, `<#`) with a word joiner nobody sees.

    Slack shows plain and rich text literally; bridges and mirrors read mrkdwn out of it again.
    """
    return _MENTION.sub("<\u2060", text)


def literal(text: str) -> str:
    """A text of which Markdown as chat programs read it interprets nothing: no link, no list, no mention.

    A word joiner that nobody sees follows each `@`: Mattermost looks for mentions in what is escaped, too.
    """
    return _MARKUP.sub(r"\\\g<0>", unmentionable(text)).replace("@", "@\u2060")


def shortened(text: str, limit: int) -> str:
    """Cut a text at a word, else between two signs, with an ellipsis, where it is longer than `limit`."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit // 2, limit)
    return (text[:space] if space > 0 else head(text, limit - 1)).rstrip() + "…"
