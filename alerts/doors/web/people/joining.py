"""The page to join: it says the same whoever is asked about, and only a button that is pressed joins."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.people.cookies import let_in
from alerts.doors.web.people.forms import Form, requested, required_own_origin, take_permit
from alerts.doors.web.people.readers import pages_for
from alerts.doors.web.speaking import accepted, pages_in
from alerts.errors import BadInput, NotFound
from alerts.operations.people.coming_in import begin
from alerts.operations.people.joining import (
    ask_to_join,
    join,
    join_offer,
    link_to_join,
    may_join,
    only_invited,
)
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
    return answers.page(pages.join(typed, invited=only_invited(services)))


@router.post("/join")
def asked(request: Request, fields: Form) -> Response:
    """Mail a link, or not: the answer is the same. A form that means nothing comes back with its faults."""
    services, pages = _door(request)
    _required(services)
    required_own_origin(request)
    take_permit(request, "join")
    try:
        at, zone = fields.get("address", ""), fields.get("zone", "")
        # Who cannot say which language they read is spoken to as their browser asks for.
        language = next(iter(accepted(request)), "")
        work = ask_to_join(services, at, requested(fields), zone, language)
    except BadInput as fault:
        return answers.page(pages.join(fields, fault, invited=only_invited(services)), 422)
    doorbell.ring(work)
    return answers.page(pages.join_asked(fields["address"]))


@router.api_route("/join/{token}", methods=["GET", "HEAD"])
def confirm(request: Request, token: str) -> Response:
    """Ask once more; opening the link joins nobody."""
    services: Services = request.app.state.services
    link = link_to_join(services, token)
    pages = pages_for(request, link.language)
    offer = join_offer(services, link, pages.locale)
    return answers.page(pages.people.join_confirm(offer.address, offer.subscriptions))


@router.post("/join/{token}")
def confirmed(request: Request, token: str) -> Response:
    """Join. Whoever presses the button has read the mail, so the page of what they get is theirs, too."""
    services: Services = request.app.state.services
    required_own_origin(request)
    person = join(services, token)
    joined = pages_in(request, person.language).people.joined(person.address)
    return let_in(answers.page(joined), begin(services, person))


def _door(request: Request) -> tuple[Services, PeoplePages]:
    return request.app.state.services, pages_for(request).people


def _required(services: Services) -> None:
    if not may_join(services):
        raise NotFound("Nobody can subscribe by themselves here.")
