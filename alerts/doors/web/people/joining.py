"""The page to join: it says the same whoever is asked about, and only a button that is pressed joins."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.people.cookies import let_in
from alerts.doors.web.people.forms import Form, requested, required_own_origin, take_permit
from alerts.errors import BadInput, NotFound
from alerts.operations.coming_in import begin
from alerts.operations.joining import ask_to_join, join, join_offer, may_join, only_invited
from alerts.rendering import PeoplePages
from alerts.runtime import doorbell
from alerts.services import Services

router = APIRouter()


@router.api_route("/join", methods=["GET", "HEAD"])
def form(request: Request) -> Response:
    """The form; no such page where nobody may join."""
    services, pages = _door(request)
    _required(services)
    typed = {"zone": services.settings.timezone}
    return answers.page(pages.join(typed, "", "", invited=only_invited(services)))


@router.post("/join")
def asked(request: Request, fields: Form) -> Response:
    """Mail a link, or not: the answer is the same. A form that means nothing comes back with its faults."""
    services, pages = _door(request)
    _required(services)
    required_own_origin(request)
    take_permit(request, "join")
    try:
        work = ask_to_join(services, fields.get("address", ""), requested(fields), fields.get("zone", ""))
    except BadInput as fault:
        again = pages.join(fields, fault.sentence, fault.hint, invited=only_invited(services))
        return answers.page(again, 422)
    doorbell.ring(work)
    return answers.page(pages.join_asked(fields["address"]))


@router.api_route("/join/{token}", methods=["GET", "HEAD"])
def confirm(request: Request, token: str) -> Response:
    """Ask once more; opening the link joins nobody."""
    services, pages = _door(request)
    offer = join_offer(services, token)
    return answers.page(pages.join_confirm(offer.address, offer.subscriptions))


@router.post("/join/{token}")
def confirmed(request: Request, token: str) -> Response:
    """Join. Whoever presses the button has read the mail, so the page of what they get is theirs, too."""
    services, pages = _door(request)
    required_own_origin(request)
    person = join(services, token)
    return let_in(answers.page(pages.joined(person.address)), begin(services, person))


def _door(request: Request) -> tuple[Services, PeoplePages]:
    return request.app.state.services, request.app.state.pages.people


def _required(services: Services) -> None:
    if not may_join(services):
        raise NotFound("Nobody can subscribe by themselves here.")
