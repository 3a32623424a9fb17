"""In which language somebody is spoken to who may have come in, or has a link of theirs."""

from fastapi import Request

from alerts.doors.web.people.cookies import held
from alerts.doors.web.speaking import pages_in
from alerts.operations.people.coming_in import who_is_in
from alerts.rendering import Pages
from alerts.services import Services


def pages_for(request: Request, reader: str = "") -> Pages:
    """The pages in the language of who has come in, else in that of the `reader` whom a link is for."""
    services: Services = request.app.state.services
    person = who_is_in(services, held(request))
    return pages_in(request, person.language if person else "", reader)
