"""What a route answers with: JSON with its version, what a change must say, bells for what is left."""

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from alerts.doors.web.api.problems import BadRequest
from alerts.doors.web.conditional import tags
from alerts.model import Work
from alerts.operations import Permission
from alerts.runtime import doorbell

JSON = "application/json"
#: How a route answers whoever has it already, for its description.
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Not Modified"}}

#: Text as it comes, for the description: UTF-8 or UTF-16, which only who reads it can tell.
OCTETS: dict[str, Any] = {"type": "string", "format": "binary"}


def found(request: Request, content: object, version: str | None = None) -> Response:
    """What is there, with its ETag: of a `version`, or else of every octet. 304 if the asker has it."""
    body = _bytes(content)
    tag = f'"{version or blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in tags(request.headers.get("If-None-Match", "")):
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return Response(body, HTTPStatus.OK, headers, JSON)


def done(
    content: object,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    version: str | None = None,
    location: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """What was made of it."""
    more = dict(headers or {})
    if version:
        more["ETag"] = f'"{version}"'
    if location:
        more["Location"] = location
    return Response(_bytes(content), status, more, JSON)


def gone() -> Response:
    return Response(None, HTTPStatus.NO_CONTENT)


def expected(request: Request) -> str | None:
    """The version that a change is meant for; None for `*`: whatever is there.

    Raises BadRequest, 428, for a change that does not say: two people would overwrite each other unseen.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise BadRequest(
            HTTPStatus.PRECONDITION_REQUIRED,
            "Say which version this is meant for.",
            "Send the ETag that you read as If-Match, or * to change whatever is there.",
        )
    if given.strip() == "*":
        return None
    first = tags(given)
    return first[0].strip('"') if first else ""


def ring(work: Iterable[Work]) -> None:
    """Ring for what is left to do. Where nobody hears, it goes out all the same, up to seconds later."""
    doorbell.ring(work)


def needs(permission: Permission) -> dict[str, Any]:
    """Which scope a route asks of a key, for its description; a test holds it against what happens."""
    return {"security": [{"key": [permission.value]}]}


def also(status: int, model: object) -> dict[int | str, dict[str, Any]]:
    """Another answer that a route may give, for its description."""
    return {status: {"model": model}}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route may refuse, for its description, which says more of each."""
    always = (400, 401, 403, 422, 429, 500, 503)
    return {status: {"description": HTTPStatus(status).phrase} for status in sorted({*always, *statuses})}


def _bytes(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
