"""A mail, opened within bounds: its fields, its parts, and what it says in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from functools import cached_property
from html import unescape

from alerts.returns.parts import parsed
from alerts.texts import field_text

#: Octets and lines of a mail that are read: a report begins with what it has to say, and the fields of the
#: mail that it returns follow.
READ_MAX, LINES_MAX = 128 * 1024, 4_000
#: Containers in them, nested or not: each is looked through for its boundary, by a call within the last.
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

    octets: bytes  #: whatever ended its lines, an LF does
    root: Part  #: what it returns is a text in it
    ended: bool  #: whether the last of its own parts did, as far as can be known
    to: Sequence[str] = ()  #: the recipients of its envelope, where they are known

    @classmethod
    def open(cls, octets: bytes, to: Sequence[str] = ()) -> "Mail | None":
        """Open a mail; None for one that holds more than a report ever does."""
        lines = octets[:READ_MAX].splitlines()
        shortened = len(octets) > READ_MAX or len(lines) > LINES_MAX
        octets = b"\n".join(lines[:LINES_MAX])
        small = octets.lower()
        if sum(map(small.count, _CONTAINERS)) > CONTAINERS_MAX:
            return None
        root, ended = parsed(octets)
        return cls(octets, root, ended or shortened, to)

    @property
    def cut_off(self) -> bool:
        """Whether its end never came, as where a pipe broke, before anything that it returns began.

        Half of a report may say the opposite of the whole.
        """
        return not self.ended and self.parts[-1][0] not in RETURNED

    @cached_property
    def whole(self) -> Part:
        """The mail with what it returns taken apart as well: for those who look into that."""
        return BytesParser(policy=compat32).parsebytes(self.octets)

    def field(self, name: str) -> str:
        """A field of the mail itself, on one line; empty if there is none."""
        return next(self.fields(name), "")

    @property
    def subject(self) -> str:
        return self.field("Subject")

    def fields(self, *names: str) -> Iterator[str]:
        """All of these fields of the mail itself."""
        for name in names:
            for value in self._fields.get(name.lower(), ()):
                yield field_text(value, LINE_MAX)

    @cached_property
    def _fields(self) -> Mapping[str, Sequence[str]]:
        """Its own fields by their names in small letters, as they came."""
        found: dict[str, list[str]] = {}
        for name, value in self.root.raw_items():
            found.setdefault(name.lower(), []).append(value)
        return found

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
        body = self.octets.partition(b"\n\n")[2]
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
