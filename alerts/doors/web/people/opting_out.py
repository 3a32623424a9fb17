"""The link in an invitation, or in a mail to confirm, to get no more of them. Only a sent form says so."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.bodies import Fields
from alerts.doors.web.people.readers import pages_for
from alerts.operations.people.opting_out import has_opted_out, may_ask, opt_in, opt_out, opt_out_link
from alerts.services import Services

router = APIRouter()


class OptOutDoor:
    """What stands behind a link: whose it is, and the pages. Raises NotFound if it is not ours."""

    def __init__(self, request: Request, token: str) -> None:
        self.services: Services = request.app.state.services
        self.token = token
        self.link = opt_out_link(self.services, token)
        self.pages = pages_for(request).people

    def shown(self, status: int = 200) -> Response:
        """The question, or what was said."""
        done = has_opted_out(self.services, self.link)
        joining = may_ask(self.services, self.link)
        page = self.pages.opt_out(self.link.kind, self.link.identity, self.token, done=done, joining=joining)
        return answers.page(page, status)


AtTheDoor = Annotated[OptOutDoor, Depends(OptOutDoor)]


@router.api_route("/n/{token}", methods=["GET", "HEAD"])
def ask(door: AtTheDoor) -> Response:
    """Ask first, or say how it stands."""
    return door.shown()


@router.post("/n/{token}")
def say_so(door: AtTheDoor, fields: Fields) -> Response:
    """Act on one click in a mail program (RFC 8058), or on our own form. What says neither gets 400."""
    if fields.get("List-Unsubscribe") != "One-Click" and fields.get("confirm") != "yes":
        return door.shown(400)
    opt_out(door.services, door.link)
    return door.shown()


@router.post("/n/{token}/undo")
def take_back(door: AtTheDoor, _fields: Fields) -> Response:
    """Take it back."""
    opt_in(door.services, door.link)
    return answers.page(door.pages.opted_in(door.link.identity, joining=may_ask(door.services, door.link)))
