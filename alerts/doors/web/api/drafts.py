"""`/updates/read` and `/updates/preview…`: what an update says and whom it would reach. Publishes nothing."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from alerts import ingest
from alerts import operations as do
from alerts.channels import CHANNELS
from alerts.doors.web.api import answering, streaming
from alerts.doors.web.api.answering import OCTETS, needs, refusals
from alerts.doors.web.api.problems import BadRequest
from alerts.doors.web.api.route import Called, Guarded
from alerts.doors.web.api.update_resources import MessageOut, PreviewOut, PreviewSentOut, ReadingOut
from alerts.ingest.allowances import Allowance
from alerts.operations import Choices, NamedReading, Permission

router = APIRouter(prefix="/updates", tags=["updates"], route_class=Guarded)

#: What an update may be written in, and the ending of a file that says the same.
_KINDS = {
    "application/json": ".json",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/cap+xml": ".cap",
}
#: How a message can be written for somebody to read: by the channel's own name for it.
_VIEWS = {
    view: (channel, write) for channel, kind in CHANNELS.items() for view, write in kind.views().items()
}
#: How a body that is an update is described.
AN_UPDATE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/UpdateIn"}},
            "text/markdown": {"schema": OCTETS},
            "text/plain": {"schema": OCTETS},
            "application/cap+xml": {"schema": OCTETS},
        },
    }
}


async def _reading(
    request: Request,
    allow: Annotated[
        list[Allowance],
        Query(
            default_factory=list,
            max_length=4,
            description="Messages of CAP that are not meant for everybody, and taken all the same.",
        ),
    ],
) -> NamedReading:
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
    return NamedReading(name, ingest.sole(await run_in_threadpool(ingest.attempt_all, body, name, allow)))


def _choices(
    *,
    region: Annotated[
        list[str],
        Query(default_factory=list, max_length=50, description="In place of what the body says."),
    ],
    tag: Annotated[list[str], Query(default_factory=list, max_length=50)],
    severity: Annotated[str | None, Query(max_length=20)] = None,
    id: Annotated[str | None, Query(max_length=64)] = None,  # noqa: A002 - the interface's word
    accept_suggestions: Annotated[
        bool,
        Query(description="Where no region is named, take those that the text speaks of at least twice."),
    ] = False,
    new_tags: Annotated[bool, Query(description="Put tags on the list that are not there yet.")] = False,
) -> Choices:
    return Choices(tuple(region), tuple(tag), severity, id, accept_suggestions, new_tags)


Reading = Annotated[NamedReading, Depends(_reading)]
Chosen = Annotated[Choices, Depends(_choices)]


@router.post("/read", response_model=ReadingOut, responses=refusals(415), openapi_extra=AN_UPDATE)
def read_update(request: Request, caller: Called, reading: Reading) -> Response:
    """Read an update and keep nothing: what is in it, and which regions it speaks of."""
    if reading.reading.faults:
        do.require_sound(caller.services, caller.actor, [reading])
    found = do.details(reading.reading, caller.services.tree)
    return answering.found(request, found.to_dict())


@router.post(
    "/preview",
    response_model=PreviewOut,
    responses=refusals(415),
    openapi_extra=AN_UPDATE | needs(Permission.READ),
)
def preview_update(request: Request, caller: Called, reading: Reading, choices: Chosen) -> Response:
    """Show who would get an update, when and why, and who just misses it."""
    foreseen = do.preview(caller.services, caller.actor, reading, choices)
    return answering.found(request, foreseen.to_dict(caller.services.tree))


@router.post(
    "/preview/recipients",
    responses=streaming.described("Somebody who would get it, as a JSON object a line") | refusals(415),
    response_class=Response,
    openapi_extra=AN_UPDATE | needs(Permission.READ),
)
def preview_recipients(caller: Called, reading: Reading, choices: Chosen) -> Response:
    """List everybody who would get an update: when, and why."""
    foreseen = do.preview(caller.services, caller.actor, reading, choices)
    update = foreseen.revision.update
    return streaming.answer(streaming.line(one.to_dict(update)) for one in foreseen.getting)


@router.post(
    "/preview/message",
    response_model=MessageOut,
    responses=refusals(409, 415),
    openapi_extra=AN_UPDATE | needs(Permission.READ),
)
def preview_message(
    request: Request,
    caller: Called,
    reading: Reading,
    choices: Chosen,
    *,
    view: Annotated[Literal[tuple(_VIEWS)], Query(description="As what it is written.")],  # type: ignore[valid-type]  # the channels' own words
    address: Annotated[
        str | None, Query(max_length=500, description="As this subscriber would see it; else as one of them.")
    ] = None,
) -> Response:
    """Write an update as somebody would see it who gets it; 409 where nobody does."""
    foreseen = do.preview(caller.services, caller.actor, reading, choices)
    channel, write = _VIEWS[view]
    text = write(do.sample(caller.services, caller.actor, foreseen, channel, address))
    return answering.found(request, {"view": view, "text": text})


@router.post(
    "/preview/send",
    response_model=PreviewSentOut,
    responses=refusals(409, 415),
    openapi_extra=AN_UPDATE | needs(Permission.PUBLISH),
)
def send_preview(
    caller: Called,
    reading: Reading,
    choices: Chosen,
    address: Annotated[str, Query(min_length=1, max_length=500, description="Who need not subscribe.")],
) -> Response:
    """Send an update to one address alone, marked as a preview; 409 for one that nothing is sent to."""
    return answering.done(do.send_preview(caller.services, caller.actor, reading, address, choices).to_dict())
