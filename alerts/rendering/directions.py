"""Which way a text runs, and how a text that runs the other way stands in a line of ours (UAX #9)."""

from collections.abc import Iterable

import regex

_STRONG = regex.compile(r"\p{Bidi_Class=L}|(?P<rtl>\p{Bidi_Class=R}|\p{Bidi_Class=AL})")
_RIGHT_TO_LEFT = regex.compile(r"\p{Bidi_Class=R}|\p{Bidi_Class=AL}")

#: FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE. No text holds one before we put it there: it is unseen.
_FSI, _PDI = "\u2068", "\u2069"


def direction(texts: Iterable[str]) -> str:
    """`rtl` or `ltr`, as the first letter says that says either: for what `dir="auto"` cannot find out."""
    for text in texts:
        if strong := _STRONG.search(text):
            return "rtl" if strong["rtl"] else "ltr"
    return "ltr"


def isolated(text: str) -> str:
    """A text to stand among words of ours: with right-to-left letters in it, it orders nothing but itself."""
    return f"{_FSI}{text}{_PDI}" if _RIGHT_TO_LEFT.search(text) else text
