"""A rendered digest with its personal blanks still open: what stands between rendering and channels."""

import binascii
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from alerts.errors import BadInput
from alerts.model.channels import Channel
from alerts.model.names import Instant


class Fill(StrEnum):
    """How a blank's value must be written where it stands."""

    HEADER = "header"  #: printable ASCII, as it is; folded or not
    TEXT = "text"  #: UTF-8, quoted-printable
    HTML = "html"  #: escaped, UTF-8, quoted-printable
    JSON = "json"  #: the inside of a JSON string


_IN_PARTS = frozenset({"reason", "next", "unsubscribe", "leave", "lists", "page", "published", "expires"})
#: What each kind of place may be filled with. Everybody who gets a message has a value for each of these.
BLANKS: Mapping[Fill, frozenset[str]] = {
    Fill.HEADER: frozenset({"to", "date", "message_id", "references", "unsubscribe", "list_id", "delivery"}),
    Fill.TEXT: _IN_PARTS,
    Fill.HTML: _IN_PARTS,
    Fill.JSON: frozenset({"reason", "page"}),
}


@dataclass(frozen=True, slots=True)
class Blank:
    """A place for one personal value. Raises ValueError for one that nobody has a value for."""

    name: str
    fill: Fill

    def __post_init__(self) -> None:
        if self.name not in BLANKS[self.fill]:
            raise ValueError(f"nobody has a value for the blank {self.name} in a place for {self.fill}")


@dataclass(frozen=True)
class Message:
    """One digest as bytes, cut at its blanks: a MIME message (CRLF), or JSON: its channel knows.

    A HEADER blank stands inside a line, and every TEXT and HTML blank between two soft line breaks: no value
    can make a line that begins with a dot or is no part of its field. Raises ValueError for a blank in any
    other place.
    """

    digest: str
    channel: Channel
    pieces: tuple[bytes | Blank, ...]

    def __post_init__(self) -> None:
        around = (b"", *self.pieces, b"")
        for before, piece, after in zip(around, self.pieces, around[2:], strict=False):
            if isinstance(piece, Blank) and not _fits(before, piece.fill, after):
                raise ValueError(f"the blank {piece.name} does not stand where {piece.fill} can be written")

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The message for one person. Raises KeyError for a missing blank, BadInput for an unfit header."""
        # Most values are those of the person before: they stand in the pieces already.
        before, filled = self._latest
        pieces = filled.copy()
        for name, write, places in self._fields:
            value = values[name]
            if value == before.get(name):
                continue
            octets = write(value)
            for place in places:
                pieces[place] = octets
        for name, in_text, in_html in self._parts:
            value = values[name]
            if value == before.get(name):
                continue
            plain = _as_it_is(value)  # as most are, and then it is the same in both parts
            for places, as_html in ((in_text, False), (in_html, True)):
                octets = plain or _escaped(value, as_html)
                for place in places:
                    pieces[place] = octets
        self.__dict__["_latest"] = dict(values), pieces  # at once, for threads share a message
        return b"".join(pieces)

    @cached_property
    def _latest(self) -> tuple[Mapping[str, str], list[bytes]]:
        """The values that were filled in last, and the pieces with them; at first nothing in any place."""
        return {}, [piece if isinstance(piece, bytes) else b"" for piece in self.pieces]

    @cached_property
    def _fields(self) -> list[tuple[str, Callable[[str], bytes], list[int]]]:
        """Each blank of a header or of JSON: its name, how its value is written, everywhere that goes."""
        written = ((Fill.HEADER, _in_header), (Fill.JSON, _in_json))
        found = [(name, write, self._places(name, fill)) for fill, write in written for name in BLANKS[fill]]
        return [field for field in found if field[2]]

    @cached_property
    def _parts(self) -> list[tuple[str, list[int], list[int]]]:
        """Each blank of a mail's parts: its name, everywhere that its value goes in text and in HTML."""
        names = BLANKS[Fill.TEXT] | BLANKS[Fill.HTML]
        found = [(name, self._places(name, Fill.TEXT), self._places(name, Fill.HTML)) for name in names]
        return [part for part in found if part[1] or part[2]]

    def _places(self, name: str, fill: Fill) -> list[int]:
        """Which of the pieces are this blank, to be written so."""
        return [place for place, piece in enumerate(self.pieces) if piece == Blank(name, fill)]


def _fits(before: bytes | Blank, fill: Fill, after: bytes | Blank) -> bool:
    if isinstance(before, Blank) or isinstance(after, Blank):
        return False
    if fill is Fill.HEADER:
        return before != b"" and not before.endswith(b"\n")
    return fill is Fill.JSON or (before.endswith(b"=\r\n") and after.startswith(b"=\r\n"))


#: Characters that need nothing done to them wherever they stand, such as those of a link: no blank, nothing
#: to escape. A dot only where it is first in no line, and a value only up to two lines, with the soft line
#: break behind each.
_PLAIN = bytes(set(range(ord("!"), ord("~") + 1)) - set(b"\"\\&'<=>"))
#: A line that goes on begins with a space and holds more than spaces (RFC 5322 §2.2.3): it is no field.
_FOLDED = re.compile(r"[ -~]*(?:\r\n [!-~][ -~]*)+")
_LINE = 75
_DOTS_FIRST = re.compile(rb"(?m)^\.+")


def _in_header(value: str) -> bytes:
    """A value in a header. Raises BadInput for what none can hold."""
    if not (value.isascii() and (value.isprintable() or _FOLDED.fullmatch(value))):
        raise BadInput("A header can hold only printable ASCII.", "Write the address in its ASCII form.")
    return value.encode("ascii")


def _in_json(value: str) -> bytes:
    return json.dumps(value)[1:-1].encode("ascii")


def _as_it_is(value: str) -> bytes:
    """A value that stands in the parts of a mail as it is; nothing for one that must be escaped."""
    if not value.isascii() or len(value) > 2 * _LINE:
        return b""
    octets = value.encode("ascii")
    if octets.translate(None, _PLAIN) or octets.startswith(b".") or octets.startswith(b".", _LINE):
        return b""
    return octets if len(octets) <= _LINE else octets[:_LINE] + b"=\r\n" + octets[_LINE:]


@lru_cache(maxsize=4096)
def _escaped(value: str, as_html: bool) -> bytes:
    if as_html:
        value = html.escape(value).replace("\n", "<br>\n")
    # A soft line break follows the value: encoding it with one more octet keeps room for it in the line.
    encoded = quoted_printable(value + "=")[:-3]
    return _DOTS_FIRST.sub(lambda dots: b"=2E=\r\n" * len(dots[0]), encoded)


def quoted_printable(text: str) -> bytes:
    """RFC 2045 §6.7 with CRLF line ends; encoded lines are at most 76 octets."""
    lines = "\n".join(text.splitlines()) + ("\n" if text.endswith("\n") else "")
    encoded = binascii.b2a_qp(lines.encode("utf-8"), quotetabs=False, istext=True, header=False)
    return encoded.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Recipient(NamedTuple):
    """One person of a batch: whom to send to, and the values of their blanks."""

    sid: int
    address: str
    blanks: Mapping[str, str]
    attempt: int = 1
    unsure: bool = False  #: an earlier attempt may have been accepted
    since_ms: Instant = 0  #: no attempt was made before this instant
    reached: str = ""  #: how far the provider was asked about it so far: `reached` of its last `Unsure`
    language: str = ""  #: in which they read; empty: the one of the installation
