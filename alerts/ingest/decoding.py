"""Bytes → text: UTF-8, UTF-16 with its mark, else Windows-1252 if that reads as text. Refuses the rest."""

import codecs
import re

from alerts.errors import BadInput

#: Far above any update, far below what could hurt.
BYTES_MAX = 1_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(source: bytes) -> tuple[str, str]:
    """Return the text, its lines ended by `\\n`, and the encoding if it is worth a note. Raises BadInput."""
    if len(source) > BYTES_MAX:
        raise BadInput(
            "It is larger than 1 MB.", "An update is a short text: shorten it, or split what holds several."
        )
    text, encoding = _decode(source)
    if "\0" in text:
        raise _not_text()
    if not text.strip():
        raise BadInput("It is empty.", "Give at least a headline.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decode(source: bytes) -> tuple[str, str]:
    if source.startswith(_UTF_16):
        return _strictly(source, "utf-16"), "UTF-16"
    try:
        return source.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = _strictly(source, "cp1252")
    if _CONTROL.search(text):
        raise _not_text()
    return text, "Windows-1252"


def _strictly(source: bytes, encoding: str) -> str:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError:
        raise _not_text() from None


def _not_text() -> BadInput:
    return BadInput("It is not a text file.", "Save it as plain text, Markdown or JSON in UTF-8.")
