"""The link to leave one list: asked first, a form for each that the mail was for; the others go on."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.bodies import Fields
from alerts.doors.web.people.readers import pages_for
from alerts.operations import (
    come_back_to,
    language_of,
    leave_list,
    offer_of,
    offered,
    unsubscribe_token,
)
from alerts.services import Services

router = APIRouter()


class LeavingDoor:
    """What stands behind a link: whose it is, and the pages. Raises NotFound if it is not ours."""

    def __init__(self, request: Request, token: str) -> None:
        self.services: Services = request.app.state.services
        self.token = token
        self.offer = offer_of(self.services, token)
        self.pages = pages_for(request, language_of(self.services, self.offer.holder))

    def asked(self, status: int = 200) -> Response:
        """The question, which changes nothing."""
        lists = offered(self.services, self.offer, self.pages.locale)
        return answers.page(self.pages.leave(lists, self.token, self.everything), status)

    @property
    def everything(self) -> str:
        """The page by which the same person ends everything, as seen from here."""
        return f"../u/{unsubscribe_token(self.services, self.offer.holder)}"


AtTheDoor = Annotated[LeavingDoor, Depends(LeavingDoor)]


@router.api_route("/l/{token}", methods=["GET", "HEAD"])
def ask(door: AtTheDoor) -> Response:
    """Ask first."""
    return door.asked()


@router.post("/l/{token}")
def leave(door: AtTheDoor, fields: Fields) -> Response:
    """End the one whose button was pressed. Twice is once; what names none is answered 400."""
    ended = leave_list(door.services, door.offer, fields.get("list", ""))
    if ended is None:
        return door.asked(400)
    if ended.only:
        return answers.page(door.pages.unsubscribed(door.everything))
    return answers.page(door.pages.list_left(ended, door.token))


@router.post("/l/{token}/undo")
def undo(door: AtTheDoor, fields: Fields) -> Response:
    """Take it back, and nothing that others have decided."""
    back = come_back_to(door.services, door.offer, fields.get("list", ""))
    return door.asked(400) if back is None else answers.page(door.pages.list_back(back))
