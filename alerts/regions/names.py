"""How names are compared: without case, accents, punctuation, spaces or a leading “the”."""

import re
import unicodedata

#: Letters that have no decomposition in Unicode but are typed without their stroke or tail.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ə": "e", "ǝ": "e", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("'’‘ʻʼʿʾ`´", "")
    | {"&": " and "}
)
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = {"st": "saint", "ste": "sainte"}


def plain(text: str) -> str:
    """Take case, accents and apostrophes away: “Côte d’Ivoire” becomes “cote divoire”."""
    lowered = text.casefold().translate(_PLAIN)
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Reduce a name to plain words, “St.” spelt out and a leading “the” dropped."""
    words = [_SHORT.get(word, word) for word in _NOT_WORD.sub(" ", plain(text)).split()]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def compact(text: str) -> str:
    """Reduce a name to what is compared: folded, without spaces."""
    return fold(text).replace(" ", "")


#: A word in running text. "U.S." is one; apostrophes and hyphens part words, in texts and in names alike.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")


def token(word: str) -> str:
    """Reduce one word of a text to what is compared."""
    return (word.lower() if word.isascii() else plain(word)).replace(".", "")


def tokens(name: str) -> list[str]:
    """Split a name into the tokens by which texts are searched for it."""
    return [token(word) for word in WORD.findall(name)]
