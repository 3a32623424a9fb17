"""The page to join: it says the same whoever is asked about, and only a button that is pressed joins.

What is typed may stand in the address of the page, so that a link can have it filled in; never the address of
whoever types it. Nobody is known here: what is looked up for them is bounded by their network.
"""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.people.cookies import let_in
from alerts.doors.web.people.forms import (
    Form,
    WholeForm,
    may_preview,
    required_own_origin,
    take_look_permit,
    take_permit,
)
from alerts.doors.web.people.readers import pages_for
from alerts.doors.web.speaking import accepted, pages_in
from alerts.errors import AlertsError, BadInput, NotFound
from alerts.operations import TooManySubscriptions
from alerts.operations.people.choosing_places import (
    NOTHING_FOUND,
    WORLD,
    FoundPlaces,
    choices_of,
    places_within,
)
from alerts.operations.people.coming_in import begin
from alerts.operations.people.joining import (
    ask_to_join,
    join,
    join_offer,
    join_preview,
    link_to_join,
    may_join,
    only_invited,
    read_to_join,
)
from alerts.operations.people.subscription_form import Pairs, SubscriptionForm, pairs_of
from alerts.operations.people.typed_places import looked_up, settled, suggested
from alerts.regions import PlaceFinder
from alerts.rendering import Pages
from alerts.rendering.subscription_page import SubscriptionPage
from alerts.runtime import doorbell
from alerts.services import Services

router = APIRouter()

#: What the page is called, as seen from itself.
_HERE = "join"
#: The map takes as long to be drawn as it takes to look up this many places.
_MAP = 5


@router.api_route("/join", methods=["GET", "HEAD"])
def look(request: Request) -> Response:
    """The form, empty or as the address of the page says; no such page where nobody may join.

    `do`: `suggest` offers what the last place may mean, which is still being typed.
    """
    services, pages = _door(request)
    pairs = pairs_of(request.url.query)
    form = _form(services, pairs)
    if dict(pairs).get("do") == "suggest":
        take_look_permit(request, 1)
        return _drawn(services, pages, form, found=suggested(_finder(services, pages), form))
    if pairs:
        take_look_permit(request, len(form.typed_places))
    form, found = looked_up(_finder(services, pages), form)
    return _drawn(services, pages, form, found=found, unchosen_zone="zone" not in dict(pairs))


@router.post("/join")
def asked(request: Request, raw: WholeForm) -> Response:
    """Mail a link, or not: the answer is the same. What means nothing comes back, each fault at its field.

    With `do=find`, for whom no script runs, places are looked up and nothing is asked for.
    """
    services, pages = _door(request)
    required_own_origin(request)
    pairs = pairs_of(raw)
    form, address = _form(services, pairs), dict(pairs).get("address", "").strip()
    finder = _finder(services, pages)
    take_look_permit(request, len(form.typed_places))
    if dict(pairs).get("do") == "find":
        form, found = looked_up(finder, form)
        return _drawn(services, pages, form, address, found=found)
    take_permit(request, "join")
    form = settled(finder, form)
    wanted, wrong = form.requested()
    # Who cannot say which language they read is spoken to as their browser asks for.
    language = next(iter(accepted(request)), "")
    read = read_to_join(services, address, wanted, form.zone, language, find_region=finder.find)
    if faults := {**read.faults, **wrong}:
        form, found = looked_up(finder, form)
        found = replace(found, unknown=())  # a fault says so
        return _drawn(services, pages, form, address, faults, found=found, status=422)
    doorbell.ring(ask_to_join(services, read))
    return answers.page(pages.people.join_asked(address))


@router.api_route("/join/map", methods=["GET", "HEAD"])
def choose(request: Request) -> Response:
    """A map and a list of places: each is a link to the same page with that place chosen, or not any more."""
    return _mapped(request, pairs_of(request.url.query))


@router.post("/join/map")
def choose_from(request: Request, raw: WholeForm) -> Response:
    """The same for what was typed so far. No address of a person goes with the links."""
    required_own_origin(request)
    return _mapped(request, pairs_of(raw))


@router.api_route("/join/{token}", methods=["GET", "HEAD"])
def confirm(request: Request, token: str) -> Response:
    """Ask once more; opening the link joins nobody. Who was mailed it may know how much would have come."""
    return _confirming(request, token)


@router.post("/join/{token}")
def confirmed(request: Request, token: str, fields: Form) -> Response:
    """Join. Whoever presses the button has read the mail, so the page of what they get is theirs, too."""
    services: Services = request.app.state.services
    required_own_origin(request)
    zone = fields.get("zone", "")
    try:
        person = join(services, token, zone)
    except TooManySubscriptions:  # it is not about the zone
        raise
    except BadInput as fault:
        return _confirming(request, token, zone, fault)
    joined = pages_in(request, person.language).people.joined(person.address)
    return let_in(answers.page(joined), begin(services, person))


def _confirming(request: Request, token: str, zone: str = "", fault: BadInput | None = None) -> Response:
    services: Services = request.app.state.services
    link = link_to_join(services, token)
    pages = pages_for(request, link.language)
    offer = join_offer(services, link, pages.locale)
    preview = join_preview(services, link) if may_preview(request) else None
    asked_zone = "" if link.zone else zone or services.settings.timezone
    page = pages.people.join_confirm(offer, preview, asked_zone, fault)
    return answers.page(page, 422 if fault else 200)


def _door(request: Request) -> tuple[Services, Pages]:
    """Raises NotFound where nobody may join."""
    services: Services = request.app.state.services
    if not may_join(services):
        raise NotFound("Nobody can subscribe by themselves here.")
    return services, pages_for(request)


def _finder(services: Services, pages: Pages) -> PlaceFinder:
    return PlaceFinder(services.tree, pages.locale)


def _form(services: Services, pairs: Pairs) -> SubscriptionForm:
    said = SubscriptionForm.read(pairs)
    return replace(said, zone=said.zone or services.settings.timezone)


def _mapped(request: Request, pairs: Pairs) -> Response:
    services, pages = _door(request)
    form = _form(services, pairs)
    take_look_permit(request, _MAP + len(form.typed_places))
    form, _ = looked_up(_finder(services, pages), form)
    places = places_within(services.tree, dict(pairs).get("within", WORLD), pages.locale)
    chosen = choices_of(services, form.region, NOTHING_FOUND, pages.locale).chosen
    links = {code: form.toggled(code).query for code in places.all}
    return answers.page(pages.people.places(_HERE, places, chosen, links, form.query))


def _drawn(
    services: Services,
    pages: Pages,
    form: SubscriptionForm,
    address: str = "",
    faults: Mapping[str, AlertsError] | None = None,
    *,
    found: FoundPlaces = NOTHING_FOUND,
    unchosen_zone: bool = False,
    status: int = 200,
) -> Response:
    page = SubscriptionPage.of(
        _HERE,
        form,
        choices_of(services, form.region, found, pages.locale),
        faults or {},
        None,
        now_ms=services.server.now_ms(),
        locale=pages.locale,
        unchosen_zone=unchosen_zone,
    )
    return answers.page(pages.people.join(page, address, invited=only_invited(services)), status)
