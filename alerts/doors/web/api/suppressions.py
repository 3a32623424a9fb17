"""`/suppressions`: standing reasons not to send to an address."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import Lift, SuppressionIn
from alerts.doors.web.api.resources import LiftedOut, SuppressionOut, SuppressionsOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission
from alerts.operations.lists.asked import channel_named
from alerts.operations.subscribing.subscriber_details import suppression_to_dict

router = APIRouter(prefix="/suppressions", tags=["suppressions"], route_class=Guarded)


@router.get("", response_model=SuppressionsOut, responses=refusals(), openapi_extra=needs(Permission.READ))
def list_suppressions(
    request: Request,
    caller: Called,
    channel: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List the addresses that nothing is sent to, the newest first."""
    kind = channel_named(channel)
    found = do.list_suppressions(caller.services, caller.actor, kind, limit)
    total = do.count_suppressions(caller.services, caller.actor, kind)
    return answering.found(request, {"suppressions": [one.to_dict() for one in found], "total": total})


@router.post(
    "",
    status_code=201,
    response_model=SuppressionOut,
    responses=refusals(),
    openapi_extra=needs(Permission.MANAGE),
)
def suppress_address(caller: Called, asked: SuppressionIn) -> Response:
    """Send nothing to an address any more. The first reason stays."""
    suppressed = do.suppress(caller.services, caller.actor, asked.address, asked.reason)
    return answering.done(suppressed.to_dict(), HTTPStatus.CREATED)


@router.post(
    "/{address:path}/lift",
    response_model=LiftedOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.MANAGE),
)
def lift_suppression(caller: Called, address: str, asked: Lift | None = None) -> Response:
    """Lift the reason not to send to an address, and send what it missed and still matters."""
    how = asked or Lift()
    lifted = do.unsuppress(caller.services, caller.actor, address, how.force, how.catch_up)
    answering.ring(lifted.work)
    return answering.done(
        {
            "address": lifted.address,
            "channel": lifted.channel,
            "was": suppression_to_dict(lifted.was),
            "missed": list(lifted.missed),
            "sent_again": lifted.again,
            "catch_up": lifted.catch_up,
        }
    )
