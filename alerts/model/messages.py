"""A rendered digest with its personal blanks still open: what stands between rendering and channels."""

import binascii
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from alerts.errors import BadInput
from alerts.model.subscriptions import Channel


class Fill(StrEnum):
    """How a blank's value must be written where it stands."""

    HEADER = "header"  #: printable ASCII, as it is
    TEXT = "text"  #: UTF-8, quoted-printable
    HTML = "html"  #: escaped, UTF-8, quoted-printable
    JSON = "json"  #: the inside of a JSON string


@dataclass(frozen=True, slots=True)
class Blank:
    """A place for one personal value, e.g. `to`, `message_id`, `reason`, `unsubscribe`."""

    name: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class Message:
    """One digest as bytes, cut at its blanks: a whole MIME message (CRLF), or Slack's JSON arguments.

    Every TEXT and HTML blank stands between two soft line breaks, so no value can lengthen a line.
    """

    digest: str
    channel: Channel
    pieces: tuple[bytes | Blank, ...]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The message for one person. Raises KeyError for a missing blank, BadInput for an unfit header."""
        return b"".join(
            [  # a list: this runs once per person, and a generator costs twice as much
                piece if isinstance(piece, bytes) else written(values[piece.name], piece.fill)
                for piece in self.pieces
            ]
        )


#: What needs nothing done to it wherever it stands, such as a link: no blank, nothing to escape, not a dot
#: first, and short enough for one quoted-printable line with the soft line break behind it.
_PLAIN = re.compile(r"(?!\.)[!#-%(-;?-\[\]-~]{0,75}")


def written(value: str, fill: Fill) -> bytes:
    """One value as its place needs it. Raises BadInput for what no header can hold."""
    if fill is Fill.HEADER:
        if not (value.isascii() and value.isprintable()):
            raise BadInput("A header can hold only printable ASCII.", "Write the address in its ASCII form.")
        return value.encode("ascii")
    return value.encode("ascii") if _PLAIN.fullmatch(value) else _escaped(value, fill)


@lru_cache(maxsize=4096)
def _escaped(value: str, fill: Fill) -> bytes:
    if fill is Fill.JSON:
        return json.dumps(value)[1:-1].encode("ascii")
    if fill is Fill.HTML:
        value = html.escape(value).replace("\n", "<br>\n")
    # A soft line break follows the value: encoding it with one more octet keeps room for it in the line.
    return quoted_printable(value + "=")[:-3]


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
