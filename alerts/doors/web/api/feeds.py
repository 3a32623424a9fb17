"""`/feeds`: what is polled, how it is with each, and steering it."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import UNCHANGED, needs, refusals
from alerts.doors.web.api.bodies import FeedIn, FeedOrUrl, FeedResume
from alerts.doors.web.api.feed_resources import (
    FeedAddedOut,
    FeedDetailsOut,
    FeedPreviewOut,
    FeedsOut,
    PollOut,
)
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission
from alerts.operations import feeds as following

router = APIRouter(prefix="/feeds", tags=["feeds"], route_class=Guarded)


@router.get("", response_model=FeedsOut, responses=refusals(), openapi_extra=needs(Permission.READ))
def list_feeds(request: Request, caller: Called) -> Response:
    """List the feeds: state, what became of their items, when something new came last."""
    found = following.list_feeds(caller.services, caller.actor)
    return answering.found(request, {"feeds": [feed.to_dict() for feed in found]})


@router.post(
    "",
    status_code=201,
    response_model=FeedAddedOut,
    responses=refusals(409),
    openapi_extra=needs(Permission.ADMINISTER),
)
def add_feed(caller: Called, asked: FeedIn) -> Response:
    """Follow a feed. Without `review` the key needs the scope publish as well: what comes is published."""
    added = following.add_feed(caller.services, caller.actor, asked.asked())
    answering.ring(added.poll.work)
    location = f"/api/v1/feeds/{added.summary.feed.name}"
    return answering.done(added.to_dict(), HTTPStatus.CREATED, location=location)


@router.post(
    "/preview",
    response_model=FeedPreviewOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.ADMINISTER),
)
def preview_feed(request: Request, caller: Called, asked: FeedOrUrl) -> Response:
    """Show what is in a feed now, and where each item would go. Nothing is kept, nothing is published."""
    return answering.found(
        request, following.preview_feed(caller.services, caller.actor, asked.feed).to_dict()
    )


@router.get(
    "/{name}",
    response_model=FeedDetailsOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_feed(request: Request, caller: Called, name: str) -> Response:
    """Show a feed: what was asked for, how it is with it, and why items were refused."""
    return answering.found(request, following.show_feed(caller.services, caller.actor, name).to_dict())


@router.post(
    "/{name}/pause",
    response_model=FeedDetailsOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.ADMINISTER),
)
def pause_feed(caller: Called, name: str) -> Response:
    """Poll a feed no more until it is resumed."""
    return answering.done(following.pause_feed(caller.services, caller.actor, name).to_dict())


@router.post(
    "/{name}/resume",
    response_model=FeedDetailsOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.ADMINISTER),
)
def resume_feed(caller: Called, name: str, asked: FeedResume | None = None) -> Response:
    """Poll a feed again that was paused, or that was stopped because it was not what it had been."""
    backlog = asked.backlog if asked else 0
    return answering.done(following.resume_feed(caller.services, caller.actor, name, backlog).to_dict())


@router.post(
    "/{name}/poll",
    response_model=PollOut,
    responses=refusals(404, 409),
    openapi_extra=needs(Permission.ADMINISTER),
)
def poll_feed(caller: Called, name: str) -> Response:
    """Poll a feed now, whenever it is due; what was refused before is tried again."""
    done = following.poll_feed(caller.services, caller.actor, name)
    answering.ring(done.work)
    return answering.done(done.to_dict())


@router.delete(
    "/{name}", status_code=204, responses=refusals(404), openapi_extra=needs(Permission.ADMINISTER)
)
def remove_feed(caller: Called, name: str) -> Response:
    """Follow a feed no more. What came of it stays."""
    following.remove_feed(caller.services, caller.actor, name)
    return answering.gone()
