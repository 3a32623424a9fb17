"""What any text from outside must lose before it is an update's: what nobody sees, and what breaks lines."""

import unicodedata

from alerts.texts import head, visible

_AT_ENDS = " \u200b\u200c\u200d\u2060"

#: UAX #15 §13, Stream-Safe Text: no language stacks more marks on a letter, and NFC is quadratic in them.
_MARKS_MAX = 30


def one_line(text: str) -> str:
    """Return the text on one line: every line break and run of white space is one space; NFC."""
    return _normal(" ".join(visible(text).split())).strip(_AT_ENDS)


def prose(text: str) -> str:
    """Return the text with `\\n` for every line break and without what is unseen; its layout stays; NFC."""
    lines = [line if line.strip() else "" for line in visible(text).splitlines()]
    full = [number for number, line in enumerate(lines) if line]
    return _normal("\n".join(lines[full[0] : full[-1] + 1])).rstrip() if full else ""


def excerpt(text: str) -> str:
    """Return the text in quotes, fit to be shown in a sentence: one line, at most 80 characters of it."""
    return f"“{brief(text)}”"


def brief(text: str) -> str:
    """Return how the text begins: one line, at most 80 characters of it."""
    line = one_line(head(text, 400))
    return f"{head(line, 79)}…" if len(line) > 80 else line


def _normal(text: str) -> str:
    if text.isascii():
        return text
    marks = 0
    kept = []
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_MAX:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
