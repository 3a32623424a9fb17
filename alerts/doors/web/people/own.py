"""A person's own page: what they get and when, and a form for each thing they may change."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from alerts.channels import masked
from alerts.doors.web import answers
from alerts.doors.web.people.cookies import held, let_out
from alerts.doors.web.people.done import said, undo_words
from alerts.doors.web.people.forms import Form, form_token, is_ours, required_own_origin
from alerts.doors.web.speaking import pages_in
from alerts.errors import BadInput, Conflict, Forbidden, NotFound
from alerts.locales import Locale
from alerts.model import Subscriber, Work
from alerts.operations import work_left
from alerts.operations.people.coming_in import actor, go_out, who_is_in
from alerts.operations.people.own_page import (
    bring_back_own,
    end_own,
    hear_again_own,
    own_page,
    pause_own,
    resume_own,
    speak_own,
)
from alerts.operations.people.undoing import Deed, come_back_own, leave_own, undo_own, undoable
from alerts.operations.subscribing.erasing import erase_own
from alerts.rendering import PeoplePages
from alerts.rendering.people_pages import ShownDone
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
        done: str = "",
        fault: BadInput | Conflict | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """The page as it is now, with what was just done or what was wrong."""
        now = next(iter(self.services.subscribers.load([self.person.sid])), self.person)
        whole = own_page(self.services, now, self.locale)
        page = self.pages.own(whole, form_token(self.secret), self.done_now(now, done), fault, typed or {})
        return answers.page(page, 422 if fault else 200)

    def done_now(self, person: Subscriber, words: str) -> ShownDone:
        """What was just done, with the button that takes their last change back, while that can be."""
        last = undoable(self.services, person, self.secret) if words else None
        return ShownDone(words, last.id, undo_words(last.deed, self.locale)) if last else ShownDone(words)

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
    return door.shown(said(done, door.locale))


@router.post("/me")
def change(door: AtTheirDoor, fields: OwnForm) -> Response:
    """Do what the pressed button says; a form that means nothing comes back with its faults."""
    deed = DEEDS.get(fields.get("deed", ""))
    if deed is None:
        return door.shown(
            fault=BadInput(Text("There is no such button on this page."), Text("Use one of those below."))
        )
    try:
        return deed(door, fields)
    except (BadInput, Conflict) as fault:
        return door.shown(fault=fault, typed=fields)


def _undo(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    return door.done(Deed.UNDO, undo_own(door.services, door.person, door.secret, fields.get("change", "")))


def _end(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    ended = end_own(door.services, door.person, door.secret, fields.get("list", ""))
    return door.done(Deed.LEAVE if ended is not None and ended.only else Deed.END)


def _leave(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    leave_own(door.services, door.person, door.secret)
    return door.done(Deed.LEAVE)


def _bring_back(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    bring_back_own(door.services, door.person, door.secret, fields.get("list", ""))
    return door.changed(door.person, Deed.BACK)


def _come_back(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    if not come_back_own(door.services, door.person, door.secret):
        raise Conflict(Text("Somebody else has stopped it."), Text("Ask whoever sends the alerts."))
    return door.changed(door.person, Deed.COME_BACK)


def _unmute(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    update = fields.get("update", "")
    with suppress(NotFound):  # it was not muted any more
        return door.done(Deed.UNMUTE, hear_again_own(door.services, door.person, door.secret, update).work)
    return door.done(Deed.UNMUTE)


def _pause(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    try:
        until = date.fromisoformat(fields.get("until", ""))
    except ValueError:
        raise BadInput(
            Text("This is not a date."), Text("Choose one, or write it like 2026-12-24.")
        ) from None
    pause_own(door.services, door.person, door.secret, until)
    return door.done(Deed.PAUSE)


def _resume(door: OwnDoor, _fields: Mapping[str, str]) -> Response:
    return door.changed(resume_own(door.services, door.person, door.secret), Deed.RESUME)


def _speak(door: OwnDoor, fields: Mapping[str, str]) -> Response:
    speak_own(door.services, door.person, door.secret, fields.get("language", ""))
    return door.done(Deed.LANGUAGE)


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
    "leave": _leave,
    "back": _bring_back,
    "come-back": _come_back,
    "unmute": _unmute,
    "pause": _pause,
    "resume": _resume,
    "language": _speak,
    "out": _go_out,
    "erase": _erase,
}
