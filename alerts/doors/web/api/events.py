"""`/events`: what happens here, as it happens (server-sent events, WHATWG HTML §9.2)."""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from alerts import operations as do
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.problems import BadRequest
from alerts.doors.web.api.route import Called, Caller, Guarded
from alerts.doors.web.api.watching import Watcher
from alerts.operations import Missed, Permission
from alerts.store import Event

router = APIRouter(tags=["events"], route_class=Guarded)

LISTENERS_MOST = 2_000
#: How often a silent stream says that it is there, and whether its key still is (s).
BEAT_S = 10.0
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "As it happens"}
}


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses=_STREAM | refusals(),
    openapi_extra=needs(Permission.READ),
)
async def follow_events(
    caller: Called,
    last_event_id: Annotated[str, Header(max_length=40, description="Go on after this one.")] = "",
) -> Response:
    """Follow what happens, as server-sent events.

    `update.accepted`, `slot.opened`, `deliveries`, `notice`, `route.down`, `route.up`,
    `sending.paused`, `sending.resumed`: each says that
    something is worth a look, at least once. `missed`: some are not kept any more, read how things stand.
    Whoever does not keep up is dropped, and may go on after the last they saw.
    """
    watcher: Watcher = caller.watcher
    if watcher.listening >= LISTENERS_MOST:
        raise BadRequest(HTTPStatus.SERVICE_UNAVAILABLE, "Too many listen already.", "Come back later.")
    missed = await run_in_threadpool(do.missed, caller.services, caller.actor, last_event_id)
    return StreamingResponse(_stream(caller, watcher, missed), media_type="text/event-stream")


async def _stream(caller: Caller, watcher: Watcher, missed: Missed) -> AsyncIterator[str]:
    with watcher.listener(missed.last_id) as listener:
        yield ": listening\n\n"
        if not missed.complete:
            yield "event: missed\ndata: {}\n\n"
        for event in missed.events:
            yield _written(event)
        # A watch that runs already may have been further than what was missed when this listener came.
        since = await run_in_threadpool(do.missed, caller.services, caller.actor, missed.last_id)
        for event in since.events:
            yield _written(event)
        while not listener.dropped:
            heard = await listener.next(BEAT_S)
            if heard is None:
                if not await watcher.still_admitted(caller.shown, caller.still_admitted):
                    return
                yield ": here\n\n"
            elif heard.follows(since.last_id):
                yield _written(heard)


def _written(event: Event) -> str:
    """An event on the wire. Instants are written as everywhere in the API."""
    data = {
        name.removesuffix("_ms"): do.utc_text(value) if name.endswith("_ms") else value
        for name, value in event.data.items()
    }
    return f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
