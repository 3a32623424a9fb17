"""The value of a header field as people read it, whatever octets a server let through."""

from contextlib import suppress
from email.errors import MessageError
from email.header import decode_header, make_header


def as_utf_8(value: str) -> str:
    """The text of a field whose octets the parser could not read as ASCII."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def field_text(value: object, most: int) -> str:
    """A field unfolded, its encoded words (RFC 2047) and bare UTF-8 decoded; `most` characters of it."""
    text = as_utf_8(str(value)[: 8 * most])
    if "=?" in text:
        # A charset that nobody knows or that Python warns of, octets it has not, base 64 that is none.
        with suppress(LookupError, ValueError, MessageError, Warning):
            text = str(make_header(decode_header(text)))
    return " ".join(text.split())[:most]
