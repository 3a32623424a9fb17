"""The links to read, in every message: what it told, whole. They are looked at, and nothing changes by it."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.people.readers import pages_for
from alerts.operations import language_of_reader, read_message, read_update
from alerts.rendering import StoryView
from alerts.services import Services

router = APIRouter()


@router.api_route("/r/{token}", methods=["GET", "HEAD"])
def message(request: Request, token: str) -> Response:
    """Show what a message told."""
    services: Services = request.app.state.services
    pages = pages_for(request, language_of_reader(services, token))
    shown = read_message(services, token, pages.locale)
    return answers.page(pages.update(shown) if isinstance(shown, StoryView) else pages.digest(shown))


@router.api_route("/r/{token}/{update}", methods=["GET", "HEAD"])
def update(request: Request, token: str, update: str) -> Response:
    """Show one update of it."""
    services: Services = request.app.state.services
    pages = pages_for(request, language_of_reader(services, token))
    return answers.page(pages.update(read_update(services, token, update, pages.locale)))
