"""A person's own page: what they get and when, and a form for each thing they may change."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.channels import masked
from alerts.doors.web import answers
from alerts.doors.web.people.cookies import held, let_out
from alerts.doors.web.people.forms import Form, form_token, is_ours, required_own_origin
from alerts.doors.web.speaking import pages_in
from alerts.errors import BadInput, Conflict, Forbidden, NotFound
from alerts.locales import Locale
from alerts.model import Subscriber, Work
from alerts.operations import work_left
from alerts.operations.people.coming_in import actor, go_out, who_is_in
from alerts.operations.people.own_page import (
    bring_back_own,
    come_back_own,
    end_own,
    hear_again_own,
    own_page,
    pause_own,
    resume_own,
    speak_own,
)
from alerts.operations.people.own_subscription import can_undo, undo_own
from alerts.operations.subscribing.erasing import erase_own
from alerts.rendering import PeoplePages
from alerts.runtime import doorbell
from alerts.services import Services
from alerts.texts import Text

router = APIRouter()


class OutsideTheDoor(Forbidden):
    """Nobody has come in, or not any more."""


class OwnDoor:
    """Whose page it is. Raises OutsideTheDoor for nobody's, Forbidden for a form of another site."""

    def __init__(self, request: Request) -> None:
        self.services: Services = request.app.state.services
        self.secret = held(request)
        person = who_is_in(self.services, self.secret)
        if person is None:
            raise OutsideTheDoor("You have not come in, or your day here is over.")
        self.person: Subscriber = person
        spoken = pages_in(request, person.language)
        self.pages: PeoplePages = spoken.people
        self.locale: Locale = spoken.locale
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
        undo = bool(said) and can_undo(self.services, now, self.secret)
        whole = own_page(self.services, now, self.locale)
        page = self.pages.own(whole, token, said, fault, dict(typed or {}), undo=undo)
        return answers.page(page, 422 if fault else 200)

    def done(self, what: str, work: Iterable[Work] = (), above: str = "") -> Response:
        """Ring for what a change has left, and lead to the page by GET: to go back repeats nothing.

        `above`: the way from the page that was asked to where `/me` is.
        """
        doorbell.ring(work)
        return answers.see_other(f"{above}me?done={what}")

    def changed(self, person: Subscriber, what: str, above: str = "") -> Response:
        """The same after a change of what they get, which may have left something to catch up on."""
        return self.done(what, work_left(self.services, person), above)


AtTheirDoor = Annotated[OwnDoor, Depends(OwnDoor)]


def _own_form(door: AtTheirDoor, fields: Form) -> dict[str, str]:
    """A form of a page of this very session. Raises Forbidden for any other."""
    if not is_ours(fields, door.secret):
        raise Forbidden("This form is not from your page.", "Open your page again.")
    return fields


OwnForm = Annotated[dict[str, str], Depends(_own_form)]


@router.api_route("/me", methods=["GET", "HEAD"])
def me(door: AtTheirDoor, done: str = "") -> Response:
    """What they get. Looking changes nothing."""
    return door.shown(_said(done, door.locale))


@router.post("/me")
def change(door: AtTheirDoor, fields: OwnForm) -> Response:
    """Do what the pressed button says; a form that means nothing comes back with its faults."""
    deed = DEEDS.get(fields.get("deed", ""))
    if deed is None:
        return door.shown(
            fault=BadInput(Text("This is no button of the page."), Text("Use one of those below."))
        )
    try:
        return deed(door, fields)
    except (BadInput, Conflict) as fault:
        return door.shown(fault=fault, typed=fields)


def _said(done: str, locale: Locale) -> str:
    """What the page says once something is done."""
    said = {
        "add": locale.gettext("It has been added to what you get."),
        "change": locale.gettext("Your changes are saved."),
        "undo": locale.gettext("Your last change has been undone."),
        "end": locale.gettext("You no longer get it. It is listed below, in case you want it back."),
        "end-all": locale.gettext("You will get no more emails from us."),
        "back": locale.gettext("You will get it again."),
        "come-back": locale.gettext("You will get alerts again."),
        "unmute": locale.gettext("You will hear about it again."),
        "language": locale.gettext("Pages and alerts are in this language from now on."),
        "pause": locale.gettext(
            "You will get nothing until then. Whatever still matters after that is sent at once."
        ),
    }
    return said.get(done, "")


def _undo(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    return door.changed(undo_own(door.services, door.person, door.secret), "undo")


def _end(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    ended = end_own(door.services, door.person, fields.get("list", ""))
    return door.done("end-all" if ended is not None and ended.only else "end")


def _bring_back(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    bring_back_own(door.services, door.person, fields.get("list", ""))
    return door.changed(door.person, "back")


def _come_back(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    if not come_back_own(door.services, door.person):
        raise Conflict(Text("Somebody else has stopped it."), Text("Ask whoever sends the alerts."))
    return door.changed(door.person, "come-back")


def _unmute(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    with suppress(NotFound):  # it was not muted any more
        return door.done("unmute", hear_again_own(door.services, door.person, fields.get("update", "")).work)
    return door.done("unmute")


def _pause(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    try:
        until = date.fromisoformat(fields.get("until", ""))
    except ValueError:
        raise BadInput(Text("This is no day."), Text("Choose one, or write it like 2026-12-24.")) from None
    pause_own(door.services, door.person, until)
    return door.done("pause")


def _resume(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    return door.changed(resume_own(door.services, door.person), "come-back")


def _speak(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    speak_own(door.services, door.person, fields.get("language", ""))
    return door.done("language")


def _go_out(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    go_out(door.services, door.secret)
    return let_out(answers.page(door.pages.gone_out()))


def _erase(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    erase_own(door.services, actor(door.person), door.person.address, fields.get("address", ""))
    go_out(door.services, door.secret)
    return let_out(answers.page(door.pages.erased(masked(door.person.address))))


#: What each button of the page does.
DEEDS: Mapping[str, Callable[[OwnDoor, Mapping[str, str]], Response]] = {
    "undo": _undo,
    "end": _end,
    "back": _bring_back,
    "come-back": _come_back,
    "unmute": _unmute,
    "pause": _pause,
    "resume": _resume,
    "language": _speak,
    "out": _go_out,
    "erase": _erase,
}
