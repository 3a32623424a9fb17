"""The octets of a feed → text: by its mark, what the server said, what it declares, and what fits."""

import codecs
import re

from alerts.errors import BadInput
from alerts.ingest.decoding import windows_1252

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How `<?xml` begins where two or four octets are a letter (XML 1.0, appendix F).
_STARTS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9._:-]{1,40})", re.I)
#: What Python calls an encoding, and no document on the web is in.
_NO_CHARSETS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "undefined")


def feed_text(source: bytes, content_type: str) -> str:
    """The text of a document, without its mark. Raises BadInput for what is in no encoding it may be in."""
    said = _CHARSET.search(content_type)
    declared = _DECLARED.match(source[:400])
    marked = next((name for mark, name in _MARKS if source.startswith(mark)), "")
    wide = next((name for start, name in _STARTS if source.lstrip(b" \t\r\n").startswith(start)), "")
    asked = (marked, wide, said[1] if said else "", declared[1].decode() if declared else "", "utf-8")
    for name in filter(None, asked):
        text = _decoded(source, name)
        if text is not None and "\0" not in text:
            return text.lstrip("\ufeff")
    try:
        return windows_1252(source)
    except BadInput as fault:
        raise BadInput(fault.sentence, "Ask its publisher for UTF-8.") from None


def _decoded(source: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
        if codec.name.replace("-", "_") in _NO_CHARSETS:
            return None
        return source.decode(codec.name)
    except (LookupError, ValueError):  # unknown, no text encoding, or not in it
        return None
