"""`/updates/{update}/deliveries`, `/explain` and `/resend`: what became of it for each person, and why."""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import Resend
from alerts.doors.web.api.route import Called, Guarded
from alerts.doors.web.api.update_resources import ExplanationOut, ResentOut
from alerts.operations import Permission
from alerts.operations.asked import channel_named

router = APIRouter(prefix="/updates", tags=["updates"], route_class=Guarded)

LINES = "application/x-ndjson"
_LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {LINES: {"schema": {"type": "string"}}}, "description": "A JSON object a line"}
}


@router.get(
    "/{update}/deliveries",
    response_class=StreamingResponse,
    responses=_LINES | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def list_deliveries(
    caller: Called,
    update: str,
    *,
    state: Annotated[list[str], Query(default_factory=list, max_length=20)],
    channel: Annotated[str, Query(max_length=20)] = "",
    revision: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """List everybody whom it was, is or will be delivered to: a line each, as they are read."""
    found = do.deliveries(
        caller.services,
        caller.actor,
        update,
        states=state,
        channel=channel_named(channel),
        revision=revision,
    )
    return StreamingResponse(_lines(row.to_dict() for row in found.rows), media_type=LINES)


@router.get(
    "/{update}/explain",
    response_model=ExplanationOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.READ),
)
def explain_update(
    request: Request, caller: Called, update: str, address: Annotated[str, Query(max_length=500)]
) -> Response:
    """Say why somebody got it, gets it later, or does not: each clause true or false."""
    found = do.explain(caller.services, caller.actor, address, update)
    whose = {
        "update": found.revision.update,
        "revision": found.revision.number,
        "address": found.subscriber.address,
        "note": found.note,
    }
    return answering.found(request, whose | found.to_dict())


@router.post(
    "/{update}/resend",
    response_model=ResentOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.PUBLISH),
)
def resend_update(caller: Called, update: str, asked: Resend) -> Response:
    """Send the latest revision once more to one person; 409 for the same twice within a minute."""
    resent = do.resend(caller.services, caller.actor, asked.address, update)
    answering.ring(resent.work)
    return answering.done(resent.to_dict())


def _lines(rows: Iterable[dict[str, object]]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"
