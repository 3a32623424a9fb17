"""The same request again, under the same Idempotency-Key: the same answer, and nothing done twice.

After draft-ietf-httpapi-idempotency-key-header: the same request is given its answer for 24 hours; another
request under the same key is refused with 422, and one that comes while the first is worked on with 409.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from alerts.doors.web.api.problems import BadRequest
from alerts.services import Services

HEADER = "Idempotency-Key"
#: Marks an answer that was given before.
REPLAYED = "Idempotency-Replayed"
KEY_MAX = 255
#: Longer than any answer takes, for `Prefer: wait` is bounded. Then whoever began is taken for dead.
WITHIN_MS = 30_000
#: Of an answer, what belongs to the request and not to the moment.
_KEPT = ("content-type", "location", "etag", "preference-applied")


@dataclass(frozen=True, slots=True)
class Begun:
    """One attempt at a request that may come again."""

    name: str
    token: str


def begin(services: Services, request: Request, holder: str, body: bytes) -> Begun | Response | None:
    """Begin, or give the answer from before; None for a request without an Idempotency-Key.

    `holder` is whose key it is: two programs may choose the same. Raises BadRequest.
    """
    given = request.headers.get(HEADER)
    if given is None or request.method in ("GET", "HEAD"):
        return None
    if not given or len(given) > KEY_MAX:
        raise BadRequest(
            HTTPStatus.BAD_REQUEST,
            f"An {HEADER} has 1 to {KEY_MAX} characters.",
            "A UUID is a good one.",
        )
    attempt = Begun(_hash(holder.encode(), given.encode())[:40], secrets.token_hex(8))
    asked = _hash(request.method.encode(), str(request.url.path).encode(), request.url.query.encode(), body)
    earlier = services.answers.begin(attempt.name, asked, attempt.token, WITHIN_MS)
    if earlier is None:
        return attempt
    if earlier.request != asked:
        raise BadRequest(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"Another request came under this {HEADER}.",
            "Choose a new one for each request that is not the same.",
        )
    if earlier.answer is None:
        raise BadRequest(
            HTTPStatus.CONFLICT, "The same request is still being worked on.", "Ask again in a moment."
        )
    return _replayed(earlier.answer)


def end(services: Services, attempt: Begun, response: Response) -> None:
    """Keep the answer for whoever asks again. What went wrong on our side may be tried again, and what is
    answered line by line has only looked: it is looked again.
    """
    if response.status_code >= 500 or isinstance(response, StreamingResponse):
        services.answers.forget(attempt.name, attempt.token)
        return
    kept = {
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT if name in response.headers},
        "body": base64.b64encode(bytes(response.body)).decode(),
    }
    services.answers.keep(attempt.name, attempt.token, json.dumps(kept).encode())


def _replayed(answer: bytes) -> Response:
    kept = json.loads(answer)
    headers = kept["headers"] | {REPLAYED: "true"}
    return Response(base64.b64decode(kept["body"]), kept["status"], headers)


def _hash(*parts: bytes) -> str:
    """A name for these parts in this order, wherever one ends."""
    found = sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
