"""What somebody reads who types the address of this door without a link."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.rendering import Pages

router = APIRouter()


@router.get("/")
def home(request: Request) -> Response:
    """Say what this is and what the links in emails are for; asks no server."""
    pages: Pages = request.app.state.pages
    return answers.page(pages.home())
