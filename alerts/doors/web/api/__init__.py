"""The door for programs: `/api/v1`, JSON, by noun. A second face of the use cases, never a second truth.

`route` is the way of every request: who → pace → body → again? → work → answer. A noun is a file. Nothing is
decided here but how a thing is written in HTTP.
"""

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from alerts.doors.web import answers
from alerts.doors.web.api import (
    bounces,
    deliveries,
    description,
    drafts,
    endings,
    events,
    feeds,
    invitations,
    keys,
    looking,
    mutes,
    people,
    problems,
    regions,
    subscriber_tables,
    subscribers,
    subscription_previews,
    suppressions,
    tags,
    updates,
    waiting_drafts,
)
from alerts.doors.web.api.reference import reference as as_people_read_it
from alerts.doors.web.api.route import Guarded
from alerts.doors.web.api.watching import Watcher
from alerts.errors import NotFound
from alerts.rendering import ApiReference
from alerts.services import Services

__all__ = ["PREFIX", "application", "described", "reference", "refused", "serve"]

PREFIX = "/api/v1"

_router = APIRouter(route_class=Guarded, generate_unique_id_function=lambda route: route.name)
#: A path of its own comes before one that an address would fit into as well.
for noun in (
    drafts,
    updates,
    endings,
    deliveries,
    subscriber_tables,
    invitations,
    mutes,
    people,
    subscribers,
    subscription_previews,
    suppressions,
    bounces,
    feeds,
    waiting_drafts,
    tags,
    regions,
    keys,
    events,
    looking,
):
    _router.include_router(noun.router)

#: What is here for everybody: how the rest is to be asked for.
_public = APIRouter()


def serve(app: FastAPI, services: Services) -> None:
    """Hand an application what it serves: before that it answers nothing."""
    app.state.services = services
    app.state.watcher = Watcher(services)


def application() -> FastAPI:
    """The application to mount at `PREFIX`; `serve` hands it what it needs."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(_public)
    app.include_router(_router)
    app.add_exception_handler(HTTPException, lambda _request, fault: refused(fault))
    return app


@cache
def described() -> dict[str, Any]:
    """The description of every route here."""
    return description.describe(_router.routes, PREFIX)


@cache
def reference() -> ApiReference:
    """The same for people."""
    return as_people_read_it(described())


@_public.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """Describe this API, to whoever asks."""
    return answers.data(described())


@_router.api_route(
    "/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
)
def nothing_there(request: Request, path: str) -> Response:
    """Whatever is no resource is not there, for those who may ask at all."""
    raise NotFound(f"There is no {request.method} /{path[:80]} here.", f"See {PREFIX}/openapi.json.")


def refused(fault: Exception) -> Response:
    """The answer where no route takes a request, not even the last one: a method or a path that is none."""
    return problems.of(fault)
