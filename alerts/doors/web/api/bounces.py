"""`/bounces`: what came back of the mails that were sent."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.resources import BouncesOfOut, BouncesOut, RepliesOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission

router = APIRouter(prefix="/bounces", tags=["bounces"], route_class=Guarded)


@router.get("", response_model=BouncesOut, responses=refusals(), openapi_extra=needs(Permission.READ))
def list_bounces(
    request: Request,
    caller: Called,
    *,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    unproven: Annotated[bool, Query(description="Reports that prove nothing, and changed nothing.")] = False,
) -> Response:
    """List what came back and changed something, newest first, and how much came on each day (UTC)."""
    found = do.list_returned(caller.services, caller.actor, limit, unproven=unproven)
    days = do.count_returned(caller.services, caller.actor)
    return answering.found(request, {"returned": [mail.to_dict() for mail in found], "days": days})


@router.get(
    "/replies/{update}",
    response_model=RepliesOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.MANAGE),
)
def list_replies(request: Request, caller: Called, update: str) -> Response:
    """List who answered an update, the latest first; the text is kept with ALERTS_KEEP_REPLIES alone."""
    found = do.list_replies(caller.services, caller.actor, update)
    return answering.found(request, {"replies": [one.to_dict() for one in found]})


@router.get(
    "/{address:path}",
    response_model=BouncesOfOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_bounces(request: Request, caller: Called, address: str) -> Response:
    """Show what came back from one address, and what stands against it since."""
    return answering.found(request, do.show_returned(caller.services, caller.actor, address).to_dict())
