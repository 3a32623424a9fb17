"""Bytes → text: UTF-8, UTF-16, else Windows-1252 if that reads as words. Refuses the rest, by what it is."""

import codecs
import re

from alerts.errors import BadInput
from alerts.ingest import signatures

#: Far above any update, far below what could hurt.
BYTES_MAX = 1_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Octets by which UTF-16 without a mark is known.
_LOOKED_AT = 64
#: What Windows-1252 makes of other encodings: rows of accents (Cyrillic, Greek, Chinese), signs within words
#: (DOS, Central Europe). Apostrophes stand within words, “jäääär” has four in a row.
_FOREIGN = re.compile(
    r"[À-ÖØ-öø-ÿŠŒŽšœžŸ]{5}"
    r"|(?<=[^\W\d_])[‚„]"
    r"|(?<=[^\W\d_])[¡-©«-´¶¸¹»-¿×÷†‡ˆ‰‹›•€˜™ƒ“”](?=[^\W\d_])"
)


def decode(source: bytes) -> tuple[str, str]:
    """Return the text, its lines ended by `\\n`, and the encoding if it is worth a note. Raises BadInput."""
    _refuse(signatures.of_bytes(source[:512]))
    if len(source) > BYTES_MAX:
        raise BadInput(
            "It is larger than 1 MB.", "An update is a short text: shorten it, or split what holds several."
        )
    text, encoding = _decode(source)
    if "\0" in text:
        raise _not_text()
    if not text.strip():
        raise BadInput("It is empty.", "Give at least a headline.")
    _refuse(signatures.of_text(text))
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(source: bytes) -> tuple[str, str]:
    if source.startswith(_UTF_16):
        return _strictly(source, "utf-16"), "UTF-16"
    if unmarked := utf_16(source):
        return _strictly(source, unmarked), "UTF-16"
    try:
        return source.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return windows_1252(source), "Windows-1252"


def windows_1252(source: bytes) -> str:
    """The text, if it reads as words in Windows-1252. Raises BadInput for what reads as no words in it."""
    text = _strictly(source, "cp1252")
    if _CONTROL.search(text):
        raise _not_text()
    if _FOREIGN.search(text):
        raise BadInput("Nobody can tell which encoding it is in.", "Save it in UTF-8.")
    return text


def utf_16(start: bytes) -> str:
    """Which UTF-16 without a mark a text is in that begins so; empty for another encoding.

    Half of each of its first letters is empty: front matter, headers of tables, most headlines are ASCII.
    """
    first, second = start[0:_LOOKED_AT:2], start[1:_LOOKED_AT:2]
    if second and not any(second) and all(first):
        return "utf-16-le"
    return "utf-16-be" if second and not any(first) and all(second) else ""


def _refuse(known: tuple[str, str] | None) -> None:
    if known:
        raise BadInput(f"It is {known[0]}, not an update.", known[1])


def _strictly(source: bytes, encoding: str) -> str:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError:
        raise _not_text() from None


def _not_text() -> BadInput:
    return BadInput("It is not a text file.", "Save it as plain text, Markdown or JSON in UTF-8.")
