"""`/updates/{update}/deliveries`, `/explain…`, `/retry`, `/resend`: what became of it for whom, and why."""

from contextlib import ExitStack
from itertools import islice
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Query, Request, Response

from alerts import operations as do
from alerts.channels import masked
from alerts.doors.web.api import answering, streaming
from alerts.doors.web.api.answering import OCTETS, needs, refusals
from alerts.doors.web.api.bodies import Resend
from alerts.doors.web.api.route import Called, Guarded, Streamed
from alerts.doors.web.api.update_resources import ExplanationOut, ResentOut, RetriedOut
from alerts.operations import Permission
from alerts.operations.lists.asked import channel_named

router = APIRouter(prefix="/updates", tags=["updates"], route_class=Guarded)
_streams = APIRouter(route_class=Streamed)

_EXPLANATIONS = streaming.described("The verdict on somebody, as a JSON object a line")
_ADDRESSES: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/plain": {"schema": OCTETS}}}
}


async def _listed(request: Request) -> BinaryIO:
    return await streaming.laid_down(request, ("text/plain",))


AddressList = Annotated[BinaryIO, Depends(_listed)]


@router.get(
    "/{update}/deliveries",
    response_class=Response,
    responses=streaming.described("Somebody a line, as a JSON object") | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def list_deliveries(
    caller: Called,
    update: str,
    *,
    state: Annotated[list[str], Query(default_factory=list, max_length=20)],
    channel: Annotated[str, Query(max_length=20)] = "",
    revision: Annotated[int | None, Query(ge=1)] = None,
    address: Annotated[str, Query(max_length=400, description="What became of it for this subscriber.")] = "",
    limit: Annotated[int | None, Query(ge=1, description="Not more than these; else all there are.")] = None,
) -> Response:
    """List everybody whom it was, is or will be delivered to: a line each, as they are read."""
    found = do.deliveries(
        caller.services,
        caller.actor,
        update,
        states=state,
        channel=channel_named(channel),
        revision=revision,
        address=address,
    )
    return streaming.answer(streaming.line(row.to_dict()) for row in islice(found.rows, limit))


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
        "address": masked(found.subscriber.address),
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


@router.get(
    "/{update}/explanations",
    response_class=Response,
    responses=_EXPLANATIONS | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def explain_update_to_all(caller: Called, update: str) -> Response:
    """Say of every subscriber whether they get it, when, and why, in the order in which they came."""
    found = do.explain_everybody(caller.services, caller.actor, update)
    return streaming.answer(streaming.line(one.to_dict()) for one in found)


@_streams.post(
    "/{update}/explanations",
    response_class=Response,
    responses=_EXPLANATIONS | refusals(404, 408, 413, 415),
    openapi_extra=_ADDRESSES | needs(Permission.READ),
)
def explain_update_to_some(caller: Called, update: str, listed: AddressList) -> Response:
    """Say of each address of a list, one a line, whether they get it, when, and why."""
    with ExitStack() as unless_answered:
        unless_answered.enter_context(listed)
        found = do.explain_listed(caller.services, caller.actor, update, listed)
        lines = (streaming.line(one.to_dict()) for one in found)
        return streaming.answer(lines, held=unless_answered.pop_all().close)


@router.post(
    "/{update}/retry",
    response_model=RetriedOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.PUBLISH),
)
def retry_update(caller: Called, update: str) -> Response:
    """Send again what failed of an update, or of one digest by its name; 409 where nothing did."""
    again = do.retry(caller.services, caller.actor, update)
    answering.ring(again.work)
    return answering.done(again.to_dict())


router.include_router(_streams)
