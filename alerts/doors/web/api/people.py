"""`/subscribers/{address}/data` and beside it: what is kept of one person, and that it goes."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, needs, refusals
from alerts.doors.web.api.bodies import Confirmation
from alerts.doors.web.api.person_resources import ErasedOut, PersonDataOut, SentMessageOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission
from alerts.operations.people import person_data
from alerts.operations.subscribing import erasing

router = APIRouter(prefix="/subscribers/{address:path}", tags=["subscribers"], route_class=Guarded)


@router.get(
    "/data",
    response_model=PersonDataOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def export_person(request: Request, caller: Called, address: str) -> Response:
    """Export all that is kept of one subscriber."""
    return answering.found(request, person_data.everything_about(caller.services, caller.actor, address))


@router.get(
    "/messages/{digest}",
    response_model=SentMessageOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_sent_message(request: Request, caller: Called, address: str, digest: str) -> Response:
    """Show a message as they were sent it, for as long as it is kept."""
    text = person_data.sent_message(caller.services, caller.actor, address, digest)
    return answering.found(request, {"digest": digest, "text": text})


@router.post(
    "/erase",
    response_model=ErasedOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.MANAGE),
)
def erase_person(caller: Called, address: str, asked: Confirmation) -> Response:
    """Erase all that is kept of a person. Nothing undoes this; no list brings them back."""
    return answering.done(erasing.erase(caller.services, caller.actor, address, asked.confirm).to_dict())
