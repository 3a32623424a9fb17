"""What somebody reads who types the address of this door without a link, and how programs use it."""

from functools import cache

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers, api
from alerts.doors.web.speaking import pages_in
from alerts.rendering import Page, Pages

router = APIRouter()


@router.get("/")
def home(request: Request) -> Response:
    """Say what this is and what the links in emails are for; asks no server."""
    return answers.page(pages_in(request).home())


@router.api_route("/api", methods=["GET", "HEAD"])
def reference(request: Request) -> Response:
    """Show people what the API can do, in one page without scripts; asks no server."""
    pages: Pages = request.app.state.pages
    return answers.page(_reference(pages))


@cache
def _reference(pages: Pages) -> Page:
    """Drawn once: it takes 50 ms, and whoever asks needs no key."""
    return pages.reference(api.reference())
