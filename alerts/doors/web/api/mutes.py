"""`/subscribers/{address}/mutes`: situations of which somebody hears no more."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, needs, refusals
from alerts.doors.web.api.person_resources import MutedUpdateOut, MutesOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission
from alerts.operations.subscribing import muting

router = APIRouter(prefix="/subscribers/{address:path}/mutes", tags=["subscribers"], route_class=Guarded)


@router.get(
    "",
    response_model=MutesOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def list_mutes(request: Request, caller: Called, address: str) -> Response:
    """List the situations that a subscriber has muted, the latest first."""
    found = muting.list_muted(caller.services, caller.actor, address)
    return answering.found(request, {"mutes": [one.to_dict() for one in found]})


@router.put(
    "/{update}",
    response_model=MutedUpdateOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.MANAGE),
)
def mute_update(caller: Called, address: str, update: str) -> Response:
    """Send them no more of one situation, until it is over or gets worse. Twice is once."""
    return answering.done(muting.mute(caller.services, caller.actor, address, update).to_dict())


@router.delete(
    "/{update}",
    response_model=MutedUpdateOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.MANAGE),
)
def unmute_update(caller: Called, address: str, update: str) -> Response:
    """Send them again what becomes of a situation, and at once where it stands by now. Twice is once."""
    done = muting.unmute(caller.services, caller.actor, address, update)
    answering.ring(done.work)
    return answering.done(done.to_dict())
