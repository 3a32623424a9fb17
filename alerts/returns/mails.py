"""A mail, opened within bounds: its fields, its parts, and what it says in words."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from functools import cached_property
from html import unescape

from alerts.returns.returned_mails import without_returned

#: Octets and lines of a mail that are read: a report begins with what it has to say, and the fields of the
#: mail that it returns follow.
READ_MAX, LINES_MAX = 128 * 1024, 4_000
#: Containers in them, nested or not. The parser calls itself for each, and asks all of them at each line.
CONTAINERS_MAX = 30
#: Characters of text that are looked at, and of one line: patterns must not take long over an endless one.
TEXT_MAX, LINE_MAX = 32 * 1024, 1_000

RECIPIENT = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient", "To")
#: The types of what a report returns, in which it says nothing of its own.
RETURNED = ("message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers")
ENCODED = ("base64", "quoted-printable")

_CONTAINERS = (b"multipart/", b"message/")
_TAG = re.compile(r"<(?:style|script)\b[^<]{0,4000}|<[^<>]{0,1000}>", re.IGNORECASE)
#: Where a report in words ends and the mail that it returns begins.
_RETURNED = re.compile(
    r"^[ \t>*#=_.-]{0,80}(?:(?:this is (?:a|the) copy of|below (?:this line )?is (?:a|the) copy of"
    r"|included (?:below )?is (?:a|the) copy of|here is a copy of|(?:the )?(?:text|header)s? of (?:the|your)"
    r"|(?:your|the)? ?(?:original|returned|undelivered|unsent) (?:message|mail|e-mail)"
    r"|the first \d+ lines|message (?:text|header|contents) follows?|bounced e-mail"
    r"|original mail as follows)[^\n]{0,80}|Return-Path: [^\n]*|Received: from [^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Mail:
    """One mail, as far as it is read."""

    octets: bytes
    root: Part  #: of a mail that it returns, the type alone
    to: Sequence[str] = ()  #: the recipients of its envelope, where they are known

    @classmethod
    def open(cls, octets: bytes, to: Sequence[str] = ()) -> "Mail | None":
        """Open a mail; None for one that holds more than a report ever does."""
        octets = octets[:READ_MAX]
        if octets.count(b"\n") >= LINES_MAX:
            octets = b"\n".join(octets.split(b"\n", LINES_MAX)[:LINES_MAX])
        small = octets.lower()
        if sum(map(small.count, _CONTAINERS)) > CONTAINERS_MAX:
            return None
        return cls(octets, _parsed(without_returned(octets)), to)

    @property
    def cut_off(self) -> bool:
        """Whether its end never came, as where a pipe broke, before anything that it returns began.

        Half of a report may say the opposite of the whole.
        """
        ended_here = len(self.octets) >= READ_MAX or self.octets.count(b"\n") >= LINES_MAX - 1
        unended = any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in self.root.defects)
        return unended and not ended_here and self.parts[-1][0] not in RETURNED

    @cached_property
    def whole(self) -> Part:
        """The mail with what it returns taken apart as well: for those who look into that."""
        return _parsed(self.octets)

    def field(self, name: str) -> str:
        """A field of the mail itself, on one line; empty if there is none."""
        return next(self.fields(name), "")

    @property
    def subject(self) -> str:
        return self.field("Subject")

    def fields(self, *names: str) -> Iterator[str]:
        """All of these fields of the mail itself."""
        for name in names:
            for field, value in self.root.raw_items():
                if field.lower() == name.lower():
                    yield _one_line(value)

    def recipients(self) -> Iterator[str]:
        """Whom it was for: by its envelope, then by the fields in which servers write that."""
        yield from (address[:LINE_MAX] for address in self.to)
        yield from self.fields(*RECIPIENT)

    @cached_property
    def parts(self) -> tuple[tuple[str, Part], ...]:
        """Its parts and their types; those within a report, or a mail that it returns, are none of its."""
        return tuple(_own(self.root))

    def of_type(self, *kinds: str) -> Iterator[Part]:
        """Its parts of these types."""
        return (part for kind, part in self.parts if kind in kinds)

    @cached_property
    def text(self) -> str:
        """What people are to read: the plain text, or else the HTML without its tags."""
        for kind in ("text/plain", "text/html"):
            found = "\n".join(_text(part, kind) for part in self.of_type(kind))
            if found.strip():
                return found[:TEXT_MAX]
        if any(kind.startswith("message/") for kind, _ in self.parts):
            return ""
        body = self.octets.partition(b"\n\n")[2] or self.octets.partition(b"\r\n\r\n")[2]
        return _cut(body[:TEXT_MAX].decode("utf-8", "replace"))  # of parts that are none

    @cached_property
    def said(self) -> str:
        """The text up to where the returned mail begins in it."""
        returned = _RETURNED.search(self.text)
        before = self.text[: returned.start()] if returned else self.text
        return before if before.strip() else self.text

    @cached_property
    def returned(self) -> tuple[bytes, ...]:
        """What may hold the fields of a mail that is returned: all of it as it came, and parts in base 64."""
        encoded = (
            part.get_payload(decode=True)
            for _, part in self.parts
            if str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ENCODED
        )
        return (self.octets, *(found for found in encoded if isinstance(found, bytes)))


def _parsed(octets: bytes) -> Part:
    return BytesParser(policy=compat32).parsebytes(octets)


def _own(part: Part) -> Iterator[tuple[str, Part]]:
    kind = part.get_content_type()
    yield kind, part
    if part.is_multipart() and not kind.startswith("message/"):
        for inner in part.get_payload():
            if isinstance(inner, Part):
                yield from _own(inner)


def decoded(part: Part) -> str:
    """The text of a part, whatever its charset claims to be."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    payload = payload[: 4 * TEXT_MAX]
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError, ValueError):
        return payload.decode("latin-1")


def _text(part: Part, kind: str) -> str:
    text = decoded(part)[:TEXT_MAX]
    if kind == "text/html":
        text = unescape(_TAG.sub(" ", text))
    return _cut(text)


def _cut(text: str) -> str:
    return "\n".join(line[:LINE_MAX] for line in text.splitlines())


def as_utf_8(value: str) -> str:
    """The text of a field whose octets the parser could not read as ASCII."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _one_line(value: object) -> str:
    """A field as people read it: unfolded, its encoded words (RFC 2047) and bare UTF-8 decoded."""
    text = as_utf_8(str(value)[: 8 * LINE_MAX])
    if "=?" in text:
        with suppress(LookupError, ValueError, MessageError):  # of a charset or an encoding that is none
            text = str(make_header(decode_header(text)))
    return " ".join(text.split())[:LINE_MAX]
