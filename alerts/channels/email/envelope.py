"""What may be written on the wire: addresses that cannot carry a command, messages with CRLF line ends."""

import re
from dataclasses import replace
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from alerts.errors import BadInput
from alerts.model import Blank, Message

#: Octets of an address between its brackets (RFC 5321 §4.5.3.1.3 less the brackets).
ADDRESS_MAX = 254

#: Messages of which a process keeps the form for the wire: more than it sends at a time.
AT_HAND = 32

_ASCII_ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")


def wire_address(address: str) -> bytes:
    """The address as MAIL and RCPT take it: IDNA domain; UTF-8 where the local part is not ASCII (RFC 6531).

    Raises BadInput for what could end a command or is no address.
    """
    path = address if address.isascii() else _internationalised(address)
    local = path.rpartition("@")[0]
    if not _ASCII_ADDRESS.fullmatch(path if local.isascii() else "x" + path[len(local) :]):
        raise _unfit()
    encoded = path.encode("utf-8")
    if len(encoded) > ADDRESS_MAX:
        raise _unfit()
    return encoded


def _internationalised(address: str) -> str:
    try:
        valid = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise _unfit() from None
    return f"{valid.local_part}@{valid.ascii_domain}"


def _unfit() -> BadInput:
    return BadInput("The address cannot be written in an SMTP command.", "Correct the address.")


@lru_cache(maxsize=AT_HAND)
def with_crlf(message: Message) -> Message:
    """The message with no bare CR or LF in it, and a line end last.

    Done once for all its people: what a blank is filled with never holds a bare one.
    """
    pieces = [p if isinstance(p, Blank) else _line_ends(p) for p in message.pieces]
    last = pieces[-1] if pieces else None
    if not (isinstance(last, bytes) and last.endswith(b"\r\n")):
        pieces.append(b"\r\n")
    return replace(message, pieces=tuple(pieces))


def _line_ends(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


@lru_cache(maxsize=AT_HAND)
def dotted(message: Message) -> Message:
    """The message as DATA takes it: dots doubled at line starts, the lone dot after it (RFC 5321 §4.5.2).

    Done once for all its people: no value of a blank begins a line with a dot (`Message`).
    """
    pieces = [p if isinstance(p, Blank) else p.replace(b"\r\n.", b"\r\n..") for p in message.pieces]
    first = pieces[0]
    if isinstance(first, bytes) and first.startswith(b"."):
        pieces[0] = b"." + first
    return replace(message, pieces=(*pieces, b".\r\n"))
