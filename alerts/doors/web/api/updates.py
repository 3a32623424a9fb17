"""`/updates`: published, found, followed revision by revision."""

import asyncio
import re
import time
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, also, needs, refusals
from alerts.doors.web.api.drafts import AN_UPDATE, Chosen, Reading
from alerts.doors.web.api.route import Called, Caller, Guarded
from alerts.doors.web.api.update_resources import (
    PreviewOut,
    PublicationOut,
    RevisionsOut,
    UpdateOut,
    UpdatesOut,
    UpdateStatusOut,
    WholeRevisionOut,
)
from alerts.model import Severity
from alerts.operations import (
    Choices,
    Conditions,
    NamedReading,
    Permission,
    Publication,
    UpdateSearch,
    UpdateState,
)

router = APIRouter(prefix="/updates", tags=["updates"], route_class=Guarded)

_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,4})\b")
WAIT_MAX_S = 20
_LOOK_EVERY_S = 0.1


@router.post(
    "",
    status_code=201,
    response_model=PublicationOut,
    responses=also(200, PublicationOut | PreviewOut) | refusals(409, 415),
    openapi_extra=AN_UPDATE | needs(Permission.PUBLISH),
)
async def publish_update(
    request: Request,
    caller: Called,
    reading: Reading,
    choices: Chosen,
    *,
    at: Annotated[str | None, Query(max_length=40, description="Held until then.")] = None,
    plan: Annotated[
        str | None, Query(max_length=100, description="Of a preview that must still hold.")
    ] = None,
    confirm: Annotated[
        list[str], Query(default_factory=list, max_length=5, description="`exercise` or `test`.")
    ],
    new: Annotated[bool, Query(description="It is news, also where it reads like one of late.")] = False,
    dry_run: Annotated[
        bool, Query(description="Answer with the preview and its plan; publish nothing.")
    ] = False,
    prefer: Annotated[str, Header(max_length=200, examples=["wait=10"])] = "",
) -> Response:
    """Publish an update: 201 for a new revision, 200 for content that is there already.

    `dry_run` answers with the preview and its plan, and publishes nothing. `Prefer: wait=10` answers when
    everybody who gets it at once has, or after that many seconds (20 at most).
    """
    if dry_run:
        return await run_in_threadpool(_foreseen, request, caller, reading, choices)
    conditions = Conditions(at, plan, confirm, new)
    [published] = await run_in_threadpool(
        do.publish, caller.services, caller.actor, [reading], choices, conditions
    )
    await run_in_threadpool(answering.ring, published.work)
    content = published.to_dict()
    wait_s = 0 if published.passed_over else _waits(prefer)
    if wait_s:
        content["outcome"] = await _outcome(caller, published, wait_s)
    update, number = published.revision.update, published.revision.number
    return answering.done(
        content,
        HTTPStatus.CREATED if published.created else HTTPStatus.OK,
        location=f"/api/v1/updates/{update}" + f"/revisions/{number}" * bool(number),
        headers={"Preference-Applied": f"wait={wait_s}"} if wait_s else None,
    )


@router.get("", response_model=UpdatesOut, responses=refusals(404), openapi_extra=needs(Permission.READ))
def list_updates(
    request: Request,
    caller: Called,
    *,
    search: Annotated[str, Query(max_length=200, description="A part of an id or a headline.")] = "",
    since: Annotated[str | None, Query(max_length=40, description="A time, or how long ago: 24h.")] = None,
    state: UpdateState | None = None,
    region: Annotated[str, Query(max_length=200)] = "",
    tag: Annotated[str, Query(max_length=64)] = "",
    severity: Severity | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str, Query(max_length=64, description="`next` of the page before.")] = "",
) -> Response:
    """List updates, the newest first, a page at a time."""
    sought = UpdateSearch(search, since, state, region, tag, severity)
    page = do.list_updates(caller.services, caller.actor, sought, limit, after)
    rows = [one.to_dict() for one in page.updates]
    return answering.found(request, {"updates": rows, "total": page.total, "next": page.next})


@router.get(
    "/{update}",
    response_model=UpdateOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_update(request: Request, caller: Called, update: str) -> Response:
    """Show an update as it stands, and its revisions: what changed in each, and who published it."""
    return answering.found(request, do.show_update(caller.services, caller.actor, update).to_dict())


@router.get(
    "/{update}/revisions",
    response_model=RevisionsOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def list_revisions(request: Request, caller: Called, update: str) -> Response:
    """List the revisions of an update: what changed in each, who published it, how many were sent it."""
    found = do.show_update(caller.services, caller.actor, update)
    return answering.found(request, {"revisions": [one.to_dict() for one in found.revisions]})


@router.get(
    "/{update}/revisions/{number}",
    response_model=WholeRevisionOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_revision(
    request: Request, caller: Called, update: str, number: Annotated[int, Path(ge=1)]
) -> Response:
    """Show one revision of an update, whole."""
    found = do.show_revision(caller.services, caller.actor, update, number)
    return answering.found(request, found.to_dict() | {"content": found.revision.draft.to_dict()})


@router.get(
    "/{update}/status",
    response_model=UpdateStatusOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_update_status(request: Request, caller: Called, update: str) -> Response:
    """Show what became of an update's deliveries, and what is still owed."""
    return answering.found(request, do.status(caller.services, caller.actor, update).to_dict())


def _foreseen(request: Request, caller: Caller, reading: NamedReading, choices: Choices) -> Response:
    foreseen = do.preview(caller.services, caller.actor, reading, choices)
    return answering.found(request, foreseen.to_dict(caller.services.tree))


def _waits(prefer: str) -> int:
    """How long the asker prefers to wait (RFC 7240), in whole seconds."""
    asked = _WAIT.search(prefer)
    return min(int(asked[1]), WAIT_MAX_S) if asked else 0


async def _outcome(caller: Caller, published: Publication, wait_s: int) -> dict[str, object]:
    """What became of it, once nobody is waited for or the time is over. No thread is held meanwhile."""
    deadline = time.monotonic() + wait_s
    while True:
        funnel = await run_in_threadpool(do.outcome, caller.services, caller.actor, published.revision)
        if not funnel.waiting or time.monotonic() > deadline:
            return funnel.to_dict()
        await asyncio.sleep(_LOOK_EVERY_S)
