"""`/status`, `/work`, `/notices`, `/audit`: how things stand, what is owed, and who changed what."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.resources import AuditOut, NoticesOut, SendingResumedOut, StatusOut, WorkOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.errors import BadInput
from alerts.operations import Permission
from alerts.operations.lists.asked import channel_named

router = APIRouter(route_class=Guarded)


@router.get(
    "/status",
    tags=["status"],
    response_model=StatusOut,
    responses=refusals(),
    openapi_extra=needs(Permission.READ),
)
def show_status(request: Request, caller: Called) -> Response:
    """Say how things stand altogether: who subscribes, what is owed, who works, what is down."""
    return answering.found(request, do.totals(caller.services, caller.actor).to_dict())


@router.post(
    "/sending/{channel}/resume",
    tags=["status"],
    response_model=SendingResumedOut,
    responses=refusals(409),
    openapi_extra=needs(Permission.MANAGE),
)
def resume_sending(caller: Called, channel: str) -> Response:
    """Let routine sending go on that paused because too much of it came back. What waits is sent, once."""
    kind = channel_named(channel)
    if kind is None:
        raise BadInput("No channel is named.", "Name the one that `/status` says is paused.")
    return answering.done(do.resume_sending(caller.services, caller.actor, kind).to_dict())


@router.get(
    "/work",
    tags=["status"],
    response_model=WorkOut,
    responses=refusals(),
    openapi_extra=needs(Permission.READ),
)
def list_work(request: Request, caller: Called) -> Response:
    """List what is still owed and since when, the longest due first: at most 1,000 entries of `total`."""
    found = do.pending(caller.services, caller.actor)
    return answering.found(
        request, {"work": [entry.to_dict() for entry in found.entries], "total": found.total}
    )


@router.get(
    "/notices",
    tags=["status"],
    response_model=NoticesOut,
    responses=refusals(),
    openapi_extra=needs(Permission.READ),
)
def list_notices(
    request: Request, caller: Called, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Response:
    """List what operators should know, the newest first."""
    found = do.list_notices(caller.services, caller.actor, limit)
    return answering.found(request, {"notices": [notice.to_dict() for notice in found]})


@router.get(
    "/audit",
    tags=["audit"],
    response_model=AuditOut,
    responses=refusals(),
    openapi_extra=needs(Permission.ADMINISTER),
)
def list_audit(
    request: Request,
    caller: Called,
    since: Annotated[str | None, Query(max_length=40, description="A time, or how long ago: 24h.")] = None,
    who: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List who changed what, and by which door, the newest first."""
    found = do.audit(caller.services, caller.actor, since, who)
    return answering.found(request, {"audit": [line.to_dict() for line in islice(found, limit)]})
