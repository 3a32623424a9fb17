"""`/regions`: looked up by code, by name or by a part of one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import refusals
from alerts.doors.web.api.resources import RegionsOut
from alerts.doors.web.api.route import Called, Guarded

router = APIRouter(prefix="/regions", tags=["regions"], route_class=Guarded)


@router.get("", response_model=RegionsOut, responses=refusals())
def find_regions(
    request: Request,
    caller: Called,
    search: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Find regions, the likeliest first."""
    tree = caller.services.tree
    regions = [
        {
            "code": region.code,
            "name": region.name,
            "kind": region.kind,
            "within": [tree.name(code) for code in tree.ancestors(region.code)],
        }
        for region in tree.search(search, limit)
    ]
    return answering.found(request, {"regions": regions})
