"""The link in every email. Only a submitted form changes anything: scanners open every link they see."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.bodies import Fields
from alerts.doors.web.people.readers import pages_for
from alerts.operations import come_back, holder_of, language_of, leave
from alerts.services import Services

router = APIRouter()


class Door:
    """What stands behind a link: for whom it is, and the pages. Raises NotFound if it is not ours."""

    def __init__(self, request: Request, token: str) -> None:
        self.services: Services = request.app.state.services
        self.token = token
        self.holder = holder_of(self.services, token)
        self.pages = pages_for(request, language_of(self.services, self.holder))

    def asked(self, status: int = 200) -> Response:
        """The question, which changes nothing."""
        return answers.page(self.pages.unsubscribe(self.holder.identity, self.token), status)


AtTheDoor = Annotated[Door, Depends(Door)]


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def ask(door: AtTheDoor) -> Response:
    """Ask first."""
    return door.asked()


@router.post("/u/{token}")
def unsubscribe(door: AtTheDoor, fields: Fields) -> Response:
    """Act on one click in a mail program (RFC 8058), or on our own form. Twice is once.

    What says neither is answered 400, with the question: a mail program takes 200 for done.
    """
    if fields.get("List-Unsubscribe") == "One-Click":
        leave(door.services, door.holder)
        return answers.plain(door.pages.locale.gettext("You will get no more emails from us."))
    if fields.get("confirm") != "yes":
        return door.asked(400)
    undoable = leave(door.services, door.holder)
    return answers.page(door.pages.unsubscribed(door.token if undoable else ""))


@router.post("/u/{token}/undo")
def undo(door: AtTheDoor, _fields: Fields) -> Response:
    """Take the unsubscribing back, and nothing that others have decided."""
    if come_back(door.services, door.holder):
        return answers.page(door.pages.resubscribed())
    return answers.page(door.pages.unsubscribed(""))
