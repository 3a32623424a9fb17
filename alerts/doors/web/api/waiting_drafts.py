"""`/drafts`: what came by itself and waits for somebody to publish or discard it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, needs, refusals
from alerts.doors.web.api.drafts import Chosen
from alerts.doors.web.api.feed_resources import DraftDetailsOut, DraftPublishedOut, DraftsOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Conditions, Permission
from alerts.operations import drafts as waiting

router = APIRouter(prefix="/drafts", tags=["drafts"], route_class=Guarded)


@router.get("", response_model=DraftsOut, responses=refusals(), openapi_extra=needs(Permission.READ))
def list_drafts(request: Request, caller: Called) -> Response:
    """List the drafts, the one that has waited longest first."""
    found = waiting.list_drafts(caller.services, caller.actor)
    return answering.found(request, {"drafts": [draft.to_dict() for draft in found]})


@router.get(
    "/{draft}",
    response_model=DraftDetailsOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_draft(request: Request, caller: Called, draft: str) -> Response:
    """Show a draft whole: what it says, and what its source adds."""
    return answering.found(request, waiting.show_draft(caller.services, caller.actor, draft).to_dict())


@router.post(
    "/{draft}/publish",
    response_model=DraftPublishedOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.PUBLISH),
)
def publish_draft(
    caller: Called,
    draft: str,
    choices: Chosen,
    *,
    at: Annotated[str | None, Query(max_length=40, description="Held until then.")] = None,
    confirm: Annotated[
        list[str], Query(default_factory=list, max_length=5, description="`exercise` or `test`.")
    ],
) -> Response:
    """Publish a draft; what is given here stands in place of what its source adds."""
    conditions = Conditions(at=at, confirm=confirm, new=True)
    done = waiting.publish_draft(caller.services, caller.actor, draft, choices, conditions)
    answering.ring(entry for one in done.publications for entry in one.work)
    return answering.done(done.to_dict())


@router.post(
    "/{draft}/discard", status_code=204, responses=refusals(404), openapi_extra=needs(Permission.PUBLISH)
)
def discard_draft(caller: Called, draft: str) -> Response:
    """Discard a draft: nobody sees it, and what it came of does not come again as it is."""
    waiting.discard_draft(caller.services, caller.actor, draft)
    return answering.gone()
