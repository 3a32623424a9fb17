"""Reads the body of a form: little, soon, and of hostile ones only that they say nothing."""

from email import message_from_bytes
from email.message import Message
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from alerts.doors.web import bounded

#: What RFC 8058 has a provider send is 26 octets, some 200 as multipart.
BODY_MAX = 1024
_PATIENCE_S = 10.0
_FIELDS_MAX = 10


async def whole(request: Request, most: int) -> bytes:
    """The body of a form. Raises HTTPException where it is too long or too slow."""
    try:
        return await bounded.read(request, most, _PATIENCE_S)
    except bounded.BodyTooLong:
        raise HTTPException(413) from None
    except TimeoutError:
        raise HTTPException(408) from None


async def _fields(request: Request) -> dict[str, str]:
    """What a form says, urlencoded or as multipart/form-data: RFC 8058, 3.1, allows both."""
    body = await whole(request, BODY_MAX)
    kind = request.headers.get("Content-Type", "")
    if kind.lower().startswith("multipart/form-data"):
        return _of_parts(kind, body)
    try:
        # Some end it with a line break, which is no part of any value of ours.
        return dict(parse_qsl(body.decode("latin-1").strip(), max_num_fields=_FIELDS_MAX))
    except ValueError:  # more of them than any form of ours
        return {}


Fields = Annotated[dict[str, str], Depends(_fields)]


def _of_parts(kind: str, body: bytes) -> dict[str, str]:
    whole = message_from_bytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    parts = whole.walk() if whole.is_multipart() else ()
    return {str(part.get_param("name", "", "Content-Disposition")): _text(part) for part in parts}


def _text(part: Message) -> str:
    held = part.get_payload(decode=True)
    return held.decode("latin-1").strip() if isinstance(held, bytes) else ""
