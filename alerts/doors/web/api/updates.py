"""`/updates`: published, foreseen, followed, withdrawn."""

import asyncio
import re
import time
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from alerts import ingest
from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, also, needs, refusals
from alerts.doors.web.api.problems import BadRequest
from alerts.doors.web.api.route import Called, Caller, Guarded
from alerts.doors.web.api.update_resources import (
    PreviewOut,
    PublicationOut,
    UpdateOut,
    UpdatesOut,
    UpdateStatusOut,
)
from alerts.ingest.fields import UpdateIn
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

#: What an update may be written in, and the ending of a file that says the same.
_KINDS = {"application/json": ".json", "text/markdown": ".md", "text/plain": ".txt"}
_WAIT = re.compile(r"(?:^|[,;\s])wait=([0-9]{1,4})\b")
WAIT_MAX_S = 20
_LOOK_EVERY_S = 0.1
_ANNOUNCED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/UpdateIn"},
                "examples": {
                    "talks": {
                        "value": {
                            "headline": "Talks go on in Istanbul",
                            "regions": ["UA", "TR"],
                            "severity": "moderate",
                            "body": "Both sides came back to the table.",
                        }
                    }
                },
            },
            "text/markdown": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


async def _reading(request: Request) -> NamedReading:
    """The update that a body holds, in whichever format. Raises BadRequest, BadInput."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise BadRequest(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"An update is not read from {kind[:80] or 'a body without Content-Type'}.",
            f"Send one of {', '.join(_KINDS)}.",
        )
    body = await request.body()
    name = f"update{_KINDS[kind]}"
    return NamedReading(name, await run_in_threadpool(ingest.read, body, name))


def _choices(
    *,
    region: Annotated[
        list[str],
        Query(default_factory=list, max_length=50, description="In place of what the body says."),
    ],
    tag: Annotated[list[str], Query(default_factory=list, max_length=50)],
    severity: Annotated[str | None, Query(max_length=20)] = None,
    id: Annotated[str | None, Query(max_length=64)] = None,  # noqa: A002 - the interface's word
    accept_suggestions: bool = False,
    new_tags: bool = False,
) -> Choices:
    return Choices(tuple(region), tuple(tag), severity, id, accept_suggestions, new_tags)


Reading = Annotated[NamedReading, Depends(_reading)]
Chosen = Annotated[Choices, Depends(_choices)]


@router.post(
    "",
    status_code=201,
    response_model=PublicationOut,
    responses=also(200, PublicationOut | PreviewOut) | refusals(409, 415),
    openapi_extra=_ANNOUNCED | needs(Permission.PUBLISH),
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
    dry_run: bool = False,
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
    wait_s = _waits(request)
    if wait_s:
        content["outcome"] = await _outcome(caller, published, wait_s)
    update, number = published.revision.update, published.revision.number
    return answering.done(
        content,
        HTTPStatus.CREATED if published.created else HTTPStatus.OK,
        location=f"/api/v1/updates/{update}/revisions/{number}",
        headers={"Preference-Applied": f"wait={wait_s}"} if wait_s else None,
    )


@router.post(
    "/preview",
    response_model=PreviewOut,
    responses=refusals(415),
    openapi_extra=_ANNOUNCED | needs(Permission.READ),
)
def preview_update(request: Request, caller: Called, reading: Reading, choices: Chosen) -> Response:
    """Show who would get an update, when and why, and who just misses it. Publishes nothing."""
    return _foreseen(request, caller, reading, choices)


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


def _waits(request: Request) -> int:
    """How long the asker prefers to wait (RFC 7240), in whole seconds."""
    asked = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(asked[1]), WAIT_MAX_S) if asked else 0


async def _outcome(caller: Caller, published: Publication, wait_s: int) -> dict[str, object]:
    """What became of it, once nobody is waited for or the time is over. No thread is held meanwhile."""
    deadline = time.monotonic() + wait_s
    while True:
        funnel = await run_in_threadpool(do.outcome, caller.services, caller.actor, published.revision)
        if not funnel.waiting or time.monotonic() > deadline:
            return funnel.to_dict()
        await asyncio.sleep(_LOOK_EVERY_S)


__all__ = ["UpdateIn", "router"]
