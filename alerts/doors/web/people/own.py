"""A person's own page: what they get and when, and a form for each thing they may change."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.channels import masked
from alerts.doors.web import answers
from alerts.doors.web.people.cookies import held, let_out
from alerts.doors.web.people.forms import Form, form_token, is_ours, required_own_origin, wished
from alerts.errors import BadInput, Conflict, Forbidden, NotFound
from alerts.model import Subscriber
from alerts.operations import work_left
from alerts.operations.coming_in import actor, go_out, who_is_in
from alerts.operations.erasing import erase_own
from alerts.operations.own_page import (
    add_own,
    bring_back_own,
    come_back_own,
    end_own,
    hear_again_own,
    own_page,
    pause_own,
    resume_own,
)
from alerts.rendering import PeoplePages
from alerts.runtime import doorbell
from alerts.services import Services

router = APIRouter()


class OutsideTheDoor(Forbidden):
    """Nobody has come in, or not any more."""


class OwnDoor:
    """Whose page it is. Raises OutsideTheDoor for nobody's, Forbidden for a form of another site."""

    def __init__(self, request: Request) -> None:
        self.services: Services = request.app.state.services
        self.pages: PeoplePages = request.app.state.pages.people
        self.secret = held(request)
        person = who_is_in(self.services, self.secret)
        if person is None:
            raise OutsideTheDoor("You have not come in, or your day here is over.")
        self.person: Subscriber = person
        if request.method == "POST":
            required_own_origin(request)

    def shown(
        self,
        said: str = "",
        fault: BadInput | Conflict | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """The page as it is now, with what was just done or what was wrong."""
        now = next(iter(self.services.subscribers.load([self.person.sid])), self.person)
        token = form_token(self.secret)
        page = self.pages.own(own_page(self.services, now), token, said, fault, dict(typed or {}))
        return answers.page(page, 422 if fault else 200)

    def changed(self, person: Subscriber, said: str) -> Response:
        """The page after a change, which may have left something to catch up on."""
        doorbell.ring(work_left(self.services, person))
        return self.shown(said)


AtTheirDoor = Annotated[OwnDoor, Depends(OwnDoor)]


def _own_form(door: AtTheirDoor, fields: Form) -> dict[str, str]:
    """A form of a page of this very session. Raises Forbidden for any other."""
    if not is_ours(fields, door.secret):
        raise Forbidden("This form is not from your page.", "Open your page again.")
    return fields


OwnForm = Annotated[dict[str, str], Depends(_own_form)]


@router.api_route("/me", methods=["GET", "HEAD"])
def me(door: AtTheirDoor) -> Response:
    """What they get. Looking changes nothing."""
    return door.shown()


@router.post("/me")
def change(door: AtTheirDoor, fields: OwnForm) -> Response:
    """Do what the pressed button says; a form that means nothing comes back with its faults."""
    deed = DEEDS.get(fields.get("deed", ""))
    if deed is None:
        return door.shown(fault=BadInput("This is no button of the page.", "Use one of those below."))
    try:
        return deed(door, fields)
    except (BadInput, Conflict) as fault:
        return door.shown(fault=fault, typed=fields)


def _add(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    return door.changed(add_own(door.services, door.person, wished(fields)), "It is added to what you get.")


def _end(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    ended = end_own(door.services, door.person, fields.get("list", ""))
    if ended is None:
        return door.shown("It had ended before.")
    return door.shown(
        "You get no more emails from us." if ended.only else f"You do not get “{ended.name}” any more."
    )


def _bring_back(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    bring_back_own(door.services, door.person, fields.get("list", ""))
    return door.changed(door.person, "You get it again.")


def _come_back(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    if not come_back_own(door.services, door.person):
        raise Conflict("Somebody else has stopped it.", "Ask whoever sends the alerts.")
    return door.changed(door.person, "You get alerts again.")


def _unmute(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    try:
        heard = hear_again_own(door.services, door.person, fields.get("update", ""))
    except NotFound:
        return door.shown("It was not muted any more.")
    doorbell.ring(heard.work)
    return door.shown(f"You hear of “{heard.latest.draft.headline}” again.")


def _pause(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    days = fields.get("days", "")
    if not (days.isascii() and days.isdigit() and len(days) <= 4):
        raise BadInput("This is no number of days.", "Write a number, such as 7.")
    pause_own(door.services, door.person, int(days))
    return door.shown("You get nothing until then; what still matters afterwards comes at once.")


def _resume(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    return door.changed(resume_own(door.services, door.person), "You get alerts again.")


def _go_out(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    go_out(door.services, door.secret)
    return let_out(answers.page(door.pages.gone_out()))


def _erase(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    erase_own(door.services, actor(door.person), door.person.address, fields.get("address", ""))
    go_out(door.services, door.secret)
    return let_out(answers.page(door.pages.erased(masked(door.person.address))))


#: What each button of the page does.
DEEDS: Mapping[str, Callable[[OwnDoor, Mapping[str, str]], Response]] = {
    "add": _add,
    "end": _end,
    "back": _bring_back,
    "come-back": _come_back,
    "unmute": _unmute,
    "pause": _pause,
    "resume": _resume,
    "out": _go_out,
    "erase": _erase,
}
