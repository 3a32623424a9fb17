"""Where a text may be cut: between grapheme clusters (UAX #29), one sign each: é, a flag, a family."""

from collections.abc import Iterator

import regex

_CLUSTER = regex.compile(r"\X")


def clusters(text: str) -> Iterator[str]:
    """The signs of a text, each one or more characters."""
    return (found[0] for found in _CLUSTER.finditer(text))


def pieces(text: str, most: int) -> Iterator[str]:
    """Cut a text into pieces of at most `most` characters. Only a sign that alone is longer is cut in two."""
    if len(text) <= most:
        yield from [text] * bool(text)
        return
    start = end = 0
    for found in _CLUSTER.finditer(text):
        if end > start and found.end() - start > most:
            yield text[start:end]
            start = end
        end = found.end()
        while end - start > most:
            yield text[start : start + most]
            start += most
    if start < end:
        yield text[start:]


def head(text: str, most: int) -> str:
    """The beginning of a text, at most `most` characters of it."""
    return text if len(text) <= most else next(pieces(text, most), "")
