"""The door for programs: `/api/v1`, JSON, by noun. A second face of the use cases, never a second truth.

`route` is the way of every request: who → pace → body → again? → work → answer. A noun is a file. Nothing is
decided here but how a thing is written in HTTP.
"""

from fastapi import APIRouter, Request, Response

from alerts.doors.web.api import keys, looking, regions, subscribers, suppressions, tags, updates
from alerts.doors.web.api.route import Guarded
from alerts.errors import NotFound

__all__ = ["PREFIX", "router"]

PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX, route_class=Guarded)
for noun in (updates, subscribers, suppressions, tags, regions, keys, looking):
    router.include_router(noun.router)


@router.api_route(
    "/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
)
def nothing_there(request: Request, path: str) -> Response:
    """Whatever is no resource is not there, for those who may ask at all."""
    raise NotFound(f"There is no {request.method} /{path[:80]} here.", f"See {PREFIX}/openapi.json.")
