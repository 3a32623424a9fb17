"""One subscription on a page of its own: tried out by links and buttons that change nothing, then saved.

Whatever is typed stands in the address of the page: each look at it is a GET, and to go back goes back. Only
the button that saves sends the token of the session.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from alerts.doors.web import answers
from alerts.doors.web.people.forms import WholeForm, form_token, is_ours
from alerts.doors.web.people.own import AtTheirDoor, OwnDoor
from alerts.errors import AlertsError, Conflict, Forbidden, NotFound
from alerts.operations import TooManySubscriptions
from alerts.operations.people.choosing_places import (
    NOTHING_FOUND,
    WORLD,
    FoundPlaces,
    choices_of,
    places_within,
)
from alerts.operations.people.own_subscription import (
    NEW,
    EditedSubscription,
    own_subscription,
    preview_own,
    read_edited,
    save_own,
)
from alerts.operations.people.subscription_form import Pairs, SubscriptionForm, pairs_of
from alerts.operations.people.typed_places import looked_up, settled, suggested
from alerts.operations.people.undoing import Deed
from alerts.regions import PlaceFinder
from alerts.rendering.subscription_page import SubscriptionPage

router = APIRouter()

#: Of one that they have, or of one to be added.
Key = Annotated[str, Path(pattern=rf"^({NEW}|[0-9a-f]{{8}})$")]


@router.api_route("/me/subscriptions/{key}", methods=["GET", "HEAD"])
def look(request: Request, door: AtTheirDoor, key: Key) -> Response:
    """The form as they have it, or as its address says, and what it would have brought. Changes nothing.

    `do`: `find` looks typed places up and takes those that are certain; `suggest` takes none, for they are
    still being typed; `preview` looks at all of it, and says what is wrong.
    """
    pairs = pairs_of(request.url.query)
    form, deed, finder = _form(door, key, pairs), dict(pairs).get("do", "find"), _finder(door)
    if deed == "preview":
        form = settled(finder, form)
        return _drawn(door, key, form, _edited(door, key, form, finder))
    if deed == "suggest":
        return _drawn(door, key, form, None, found=suggested(finder, form))
    form, found = looked_up(finder, form)
    edited = _edited(door, key, replace(form, q=""), finder)
    said = {part: fault for part, fault in edited.faults.items() if part != "regions"}  # they look for one
    return _drawn(door, key, form, replace(edited, faults=said), found=found)


@router.api_route("/me/subscriptions/{key}/map", methods=["GET", "HEAD"])
def choose(request: Request, door: AtTheirDoor, key: Key) -> Response:
    """A map and a list of places: each is a link to the same page with that place chosen, or not any more.

    `within`: the place of which it shows the parts. What else is typed goes with every link.
    """
    pairs = pairs_of(request.url.query)
    form = _form(door, key, pairs)
    form, _ = looked_up(_finder(door), form)
    places = places_within(door.services.tree, dict(pairs).get("within", WORLD), door.locale)
    chosen = choices_of(door.services, form.region, NOTHING_FOUND, door.locale).chosen
    links = {code: form.toggled(code).query for code in places.all}
    return answers.page(door.pages.places(key, places, chosen, links, form.query))


@router.post("/me/subscriptions/{key}")
def save(door: AtTheirDoor, raw: WholeForm, key: Key) -> Response:
    """Save it, if nothing is wrong with it; else it comes back with all its faults, each at its field."""
    pairs = pairs_of(raw)
    if not is_ours(dict(pairs), door.secret):
        raise Forbidden("This form is not from your page.", "Open your page again.")
    finder = _finder(door)
    form = settled(finder, SubscriptionForm.read(pairs))
    edited = _edited(door, key, form, finder)
    try:
        if not edited.faults:
            saved = save_own(door.services, door.person, door.secret, edited)
            return door.changed(saved, Deed.ADD if key == NEW else Deed.CHANGE, "../../")
    except (Conflict, NotFound, TooManySubscriptions) as fault:
        edited = replace(edited, faults={"": fault})
    return _drawn(door, key, form, edited, status=422)


def _finder(door: OwnDoor) -> PlaceFinder:
    return PlaceFinder(door.services.tree, door.locale)


def _form(door: OwnDoor, key: str, pairs: Pairs) -> SubscriptionForm:
    """As the address says; where it says at most what is looked for, as they have it."""
    held = SubscriptionForm.of(own_subscription(door.services, door.person, key), door.person.zone)
    typed = dict(pairs)
    if "rhythm" in typed:
        said = SubscriptionForm.read(pairs)
        return replace(said, zone=said.zone or held.zone)
    return replace(held, q=typed.get("q", ""))


def _edited(door: OwnDoor, key: str, form: SubscriptionForm, finder: PlaceFinder) -> EditedSubscription:
    asked, wrong = form.requested()
    edited = read_edited(door.services, door.person, key, asked, form.zone, find_region=finder.find)
    return replace(edited, faults={**edited.faults, **wrong})


def _drawn(
    door: OwnDoor,
    key: str,
    form: SubscriptionForm,
    edited: EditedSubscription | None,
    *,
    found: FoundPlaces = NOTHING_FOUND,
    status: int = 200,
) -> Response:
    """The page; without `edited`, of what is still being typed, nothing is said but what is found."""
    preview, faults = None, dict[str, AlertsError](edited.faults if edited else {})
    if edited and not faults and edited.wanted.filter.regions:
        try:
            preview = preview_own(door.services, door.person, edited, door.locale.reads)
        except (Conflict, TooManySubscriptions) as fault:
            faults[""] = fault
    choices = choices_of(door.services, form.region, found, door.locale)
    now_ms = door.services.server.now_ms()
    page = SubscriptionPage.of(key, form, choices, faults, preview, now_ms=now_ms, locale=door.locale)
    return answers.page(door.pages.subscription(page, form_token(door.secret)), status)
