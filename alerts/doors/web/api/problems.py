"""What is wrong, as programs read it: RFC 9457, with our code, sentence and hint, and every fault's place."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from alerts.doors.web.answers import POLICY, headed
from alerts.errors import (
    AlertsError,
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    NothingMatched,
    Refused,
    Unreachable,
)
from alerts.logs import log
from alerts.operations import NotAdmitted, Stale, TooSoon

KIND = "application/problem+json"
#: Seconds after which a program may try again that met a server which does not answer.
AGAIN_S = 10

#: The status of each kind of fault; the first that fits.
_STATUS: Sequence[tuple[type[AlertsError], HTTPStatus]] = (
    (NotAdmitted, HTTPStatus.UNAUTHORIZED),
    (TooSoon, HTTPStatus.TOO_MANY_REQUESTS),
    (Stale, HTTPStatus.PRECONDITION_FAILED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (NothingMatched, HTTPStatus.CONFLICT),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Refused, HTTPStatus.SERVICE_UNAVAILABLE),
    (Unreachable, HTTPStatus.SERVICE_UNAVAILABLE),
)


#: What is wrong with a field, where pydantic would speak of “input”.
_SAID = {
    "missing": "It is missing.",
    "extra_forbidden": "There is no such field here.",
    "string_type": "It should be text.",
    "int_type": "It should be a whole number.",
    "bool_type": "It should be true or false.",
    "list_type": "It should be a list.",
    "model_attributes_type": "It should be an object.",
    "model_type": "It should be an object.",
    "dict_type": "It should be an object.",
}


class BadRequest(AlertsError):
    """A request that cannot be read at all, with its status."""

    code = "bad-request"

    def __init__(self, status: HTTPStatus, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.status = status


class FaultsOf(BadInput):
    """All that is wrong with a body, by JSON pointer."""

    def __init__(self, faults: Mapping[str, AlertsError]) -> None:
        first = next(iter(faults.values()))
        several = len(faults) > 1
        super().__init__(
            f"{len(faults)} things are wrong with the request." if several else first.sentence,
            "Each is named under `faults`, with its place." if several else first.hint,
        )
        self.faults = faults


def of(fault: Exception) -> Response:
    """The answer to a request that a fault ended. What nobody foresaw is logged and says nothing."""
    if isinstance(fault, RequestValidationError):
        return _of_fields(fault)
    if isinstance(fault, HTTPException):
        if fault.status_code == HTTPStatus.NOT_FOUND:
            return problem(HTTPStatus.NOT_FOUND, NotFound.code, "There is nothing here.")
        return problem(HTTPStatus(fault.status_code), BadRequest.code, "The request cannot be used.")
    if not isinstance(fault, AlertsError):
        log.error("request not answered", exc_info=fault)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unforeseen", "Something went wrong here.")
    status = _status(fault)
    headers: dict[str, str] = {}
    if isinstance(fault, NotAdmitted):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(fault, TooSoon):
        headers["Retry-After"] = str(max(1, round(fault.wait_s + 0.5)))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        log.warning("request not answered", why=fault.sentence)
        headers["Retry-After"] = str(AGAIN_S)
    places = fault.faults if isinstance(fault, FaultsOf) else {}
    faults = [{"pointer": at, "sentence": one.sentence, "hint": one.hint} for at, one in places.items()]
    return problem(status, fault.code, fault.sentence, fault.hint, faults=faults, headers=headers)


def problem(
    status: HTTPStatus,
    code: str,
    sentence: str,
    hint: str = "",
    *,
    faults: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as RFC 9457 writes it: `detail` is the sentence, `faults` names the place of each."""
    content: dict[str, object] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": sentence,
    }
    if hint:
        content["hint"] = hint
    if faults:
        content["faults"] = list(faults)
    return JSONResponse(content, status.value, headed(POLICY) | dict(headers or {}), media_type=KIND)


def _status(fault: AlertsError) -> HTTPStatus:
    if isinstance(fault, BadRequest):
        return fault.status
    return next((status for kind, status in _STATUS if isinstance(fault, kind)), HTTPStatus.BAD_REQUEST)


def _of_fields(invalid: RequestValidationError) -> Response:
    """All that is wrong with fields and parameters, each with its place: a JSON pointer, or a name."""
    faults = [_fault(error) for error in invalid.errors()]
    count = f"{len(faults)} things are wrong with the request." if len(faults) > 1 else ""
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "bad-input",
        count or faults[0]["sentence"],
        "Each is named under `faults`, with its place.",
        faults=faults,
    )


def _fault(error: Mapping[str, object]) -> dict[str, str]:
    where, *path = error["loc"] if isinstance(error["loc"], tuple) else ("body",)
    place = (
        {"pointer": "".join(f"/{_escaped(step)}" for step in path)}
        if where == "body"
        else {"parameter": ".".join(map(str, path))}
    )
    plain = _SAID.get(str(error["type"]))
    said = plain or f"{str(error['msg']).removeprefix('Value error, ').replace('Input should', 'It should')}."
    return place | {"sentence": said}


def _escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")
