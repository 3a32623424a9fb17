"""`/tags`: what is on the tag list."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import also, needs, refusals
from alerts.doors.web.api.bodies import TagIn
from alerts.doors.web.api.resources import TagOut, TagsOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import Permission

router = APIRouter(prefix="/tags", tags=["tags"], route_class=Guarded)


@router.get("", response_model=TagsOut, responses=refusals(), openapi_extra=needs(Permission.READ))
def list_tags(request: Request, caller: Called) -> Response:
    """List the tags and what they mean."""
    listed = do.list_tags(caller.services, caller.actor)
    tags = [{"tag": tag, "meaning": meaning} for tag, meaning in listed.items()]
    return answering.found(request, {"tags": tags})


@router.post(
    "",
    status_code=201,
    response_model=TagOut,
    responses=also(200, TagOut) | refusals(),
    openapi_extra=needs(Permission.MANAGE),
)
def add_tag(caller: Called, asked: TagIn) -> Response:
    """Put a tag on the list; 200 for one that is there."""
    [added] = do.add_tags(caller.services, caller.actor, [asked.tag], asked.meaning)
    content = {"tag": added.tag, "meaning": added.meaning}
    return answering.done(content, HTTPStatus.CREATED if added.added else HTTPStatus.OK)
