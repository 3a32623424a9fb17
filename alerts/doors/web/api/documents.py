"""Reads the body of a request: whole, bounded in size and time, and strictly what JSON is.

RFC 8259 lets readers differ on a name that stands twice and on half a surrogate pair. Two programs that read
the same body differently are a hole; here both are refused.
"""

import json
from collections import Counter
from http import HTTPStatus

from fastapi import Request

from alerts.doors.web import bounded
from alerts.doors.web.api.problems import BadRequest

BODY_MAX = 1024 * 1024
_PATIENCE_S = 30.0


async def whole(request: Request) -> bytes:
    """The body. Raises BadRequest for one that is too long or does not come."""
    try:
        return await bounded.read(request, BODY_MAX, _PATIENCE_S)
    except bounded.BodyTooLong:
        raise BadRequest(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"The body is longer than {BODY_MAX:,} bytes.",
            "Send less at once.",
        ) from None
    except TimeoutError:
        raise BadRequest(
            HTTPStatus.REQUEST_TIMEOUT, "The body does not come.", "Send it in one go."
        ) from None


def parse(body: bytes) -> object:
    """What a JSON body says. Raises BadRequest, also for what other readers would let pass."""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        raise _unreadable("It is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise _unreadable(f"Line {fault.lineno}, column {fault.colno}: {fault.msg}.") from None
    except ValueError:  # Python reads integers of up to 4,300 digits
        raise _unreadable("It holds a number of absurd length.") from None
    except RecursionError:
        raise _unreadable("It is nested too deeply.") from None
    if b"\\u" in body:
        _require_whole_characters(value)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise _unreadable(f"The name “{twice[:60]}” stands twice in one object.")
    return found


def _constant(name: str) -> object:
    raise _unreadable(f"{name} is not a value of JSON.")


def _require_whole_characters(value: object) -> None:
    """Half a surrogate pair can be escaped in JSON, and is no character: it could not be stored or sent."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _unreadable("It holds half a surrogate pair, which is no character.") from None


def _unreadable(sentence: str) -> BadRequest:
    return BadRequest(
        HTTPStatus.BAD_REQUEST, f"The body is not the JSON that is wanted. {sentence}", "Correct it there."
    )
