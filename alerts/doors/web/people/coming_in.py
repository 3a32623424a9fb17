"""How a person comes to their own page, from the link in any email."""

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.bodies import Fields
from alerts.doors.web.people.cookies import let_in
from alerts.doors.web.people.forms import required_own_origin, take_permit
from alerts.doors.web.people.readers import pages_for
from alerts.operations import holder_of, language_of
from alerts.operations.people.coming_in import ask_to_come_in, come_in, way_in
from alerts.operations.people.own_page import pause_by_link, resume_by_link
from alerts.rendering import PeoplePages
from alerts.runtime import doorbell
from alerts.services import Services

router = APIRouter()


@router.post("/u/{token}/manage")
def ask(request: Request, token: str, _fields: Fields) -> Response:
    """Mail a link that works once to whom the email with this one went, whoever has it now."""
    services, pages = _door(request, token)
    required_own_origin(request)
    holder = holder_of(services, token)
    take_permit(request, "come-in")
    doorbell.ring(ask_to_come_in(services, holder))
    return answers.page(pages.link_mailed(holder.identity))


@router.post("/u/{token}/pause")
def pause(request: Request, token: str, _fields: Fields) -> Response:
    """Pause for a week, which whoever may unsubscribe may do, too."""
    services, pages = _door(request, token)
    required_own_origin(request)
    paused = pause_by_link(services, holder_of(services, token))
    return answers.page(pages.paused(token if paused else ""))


@router.post("/u/{token}/resume")
def resume(request: Request, token: str, _fields: Fields) -> Response:
    """Take the pause back; what it has left out comes at once, a few seconds later."""
    services, pages = _door(request, token)
    required_own_origin(request)
    resumed = resume_by_link(services, holder_of(services, token))
    return answers.page(pages.resumed() if resumed else pages.paused(""))


@router.api_route("/come-in/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> Response:
    """Say whose page it is; only the button comes in."""
    services: Services = request.app.state.services
    person = way_in(services, token)
    return answers.page(pages_for(request, person.language).people.come_in(person.address))


@router.post("/come-in/{token}")
def enter(request: Request, token: str, _fields: Fields) -> Response:
    """Come in, once."""
    services: Services = request.app.state.services
    required_own_origin(request)
    return let_in(answers.see_other("../me"), come_in(services, token))


def _door(request: Request, token: str) -> tuple[Services, PeoplePages]:
    services: Services = request.app.state.services
    reader = language_of(services, holder_of(services, token))
    return services, pages_for(request, reader).people
