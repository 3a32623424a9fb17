"""What may be written on the wire: addresses that cannot carry a command, messages with CRLF line ends."""

import re
from dataclasses import replace

from email_validator import EmailNotValidError, validate_email

from alerts.errors import BadInput
from alerts.model import Message

#: Octets of an address between its brackets (RFC 5321 §4.5.3.1.3 less the brackets).
ADDRESS_MAX = 254

_ASCII_ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def wire_address(address: str) -> bytes:
    """The address as MAIL and RCPT take it: IDNA domain; UTF-8 where the local part is not ASCII (RFC 6531).

    Raises BadInput for what could end a command or is no address.
    """
    written = address if address.isascii() else _internationalised(address)
    local = written.rpartition("@")[0]
    if not _ASCII_ADDRESS.fullmatch(written if local.isascii() else "x" + written[len(local) :]):
        raise _unfit()
    encoded = written.encode("utf-8")
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


def with_crlf(message: Message) -> Message:
    """The message with no bare CR or LF in it, and a line end last.

    Done once for all its people: what a blank is filled with never holds a bare one (`written`).
    """
    pieces = [p if not isinstance(p, bytes) else _BARE.sub(b"\r\n", p) for p in message.pieces]
    last = pieces[-1] if pieces else None
    if not (isinstance(last, bytes) and last.endswith(b"\r\n")):
        pieces.append(b"\r\n")
    return replace(message, pieces=tuple(pieces))


def dotted(body: bytes) -> bytes:
    """The body as DATA takes it: dots doubled at line starts, the lone dot after it (RFC 5321 §4.5.2)."""
    if body.startswith(b"."):
        body = b"." + body
    if b"\r\n." in body:
        body = body.replace(b"\r\n.", b"\r\n..")
    return body + b".\r\n"
