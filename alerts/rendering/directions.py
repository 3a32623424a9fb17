"""Which way a text runs, and how a text that runs the other way stands in a line of ours (UAX #9)."""

from collections.abc import Iterable
from functools import lru_cache

import langcodes
import regex

_STRONG = regex.compile(r"\p{Bidi_Class=L}|(?P<rtl>\p{Bidi_Class=R}|\p{Bidi_Class=AL})")
_RIGHT_TO_LEFT = regex.compile(r"\p{Bidi_Class=R}|\p{Bidi_Class=AL}")

#: Of living languages (ISO 15924); which of them a language is written in, CLDR says.
_RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
)

#: FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE. No text holds one before we put it there: it is unseen.
_FSI, _PDI = "\u2068", "\u2069"


def direction(texts: Iterable[str]) -> str:
    """`rtl` or `ltr`, as the first letter says that says either: for what `dir="auto"` cannot find out."""
    for text in texts:
        if strong := _STRONG.search(text):
            return "rtl" if strong["rtl"] else "ltr"
    return "ltr"


@lru_cache(maxsize=1_000)
def direction_of(language: str) -> str:
    """`rtl` or `ltr`, as a language is written; `auto` for one that nobody named: then each text says."""
    if not language:
        return "auto"
    return "rtl" if langcodes.Language.get(language).maximize().script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"


def isolated(text: str) -> str:
    """A text to stand among words of ours: with right-to-left letters in it, it orders nothing but itself."""
    return f"{_FSI}{text}{_PDI}" if _RIGHT_TO_LEFT.search(text) else text
