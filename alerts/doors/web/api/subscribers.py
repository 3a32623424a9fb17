"""`/subscribers`: who receives, and what. A change says which version it is meant for."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering, streaming
from alerts.doors.web.api.answering import UNCHANGED, also, needs, refusals
from alerts.doors.web.api.bodies import (
    Pause,
    SubscriberIn,
    SubscriberPatch,
    SubscriberReplacement,
    SubscriptionIn,
    SubscriptionPatch,
)
from alerts.doors.web.api.problems import FaultsOf
from alerts.doors.web.api.resources import SecretOut, SubscriberOut, SubscribersOut
from alerts.doors.web.api.route import Called, Caller, Guarded
from alerts.errors import BadInput
from alerts.model import Subscriber, Subscription
from alerts.operations import Permission, SubscriberSearch, SubscriberState, future, version_of, work_left
from alerts.operations.lists.asked import channel_named
from alerts.operations.subscribing import searching, subscriber_details
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing import subscriptions as wants

router = APIRouter(prefix="/subscribers", tags=["subscribers"], route_class=Guarded)

_CHANGE = refusals(404, 409, 412, 428)
NewTags = Annotated[bool, Query(description="Put tags on the list that are not there yet.")]


@router.get("", response_model=SubscribersOut, responses=refusals(404), openapi_extra=needs(Permission.READ))
def list_subscribers(
    request: Request,
    caller: Called,
    *,
    search: Annotated[str, Query(max_length=200, description="A part of an address or a name.")] = "",
    channel: Annotated[str, Query(max_length=20)] = "",
    region: Annotated[str, Query(max_length=200, description="They are told of it, or of a part.")] = "",
    tag: Annotated[str, Query(max_length=64)] = "",
    state: SubscriberState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str, Query(max_length=500, description="`next` of the page before.")] = "",
) -> Response:
    """List subscribers, a page at a time, in the order in which they came."""
    sought = SubscriberSearch(search, channel_named(channel), region, tag, state)
    page = searching.search_page(caller.services, caller.actor, sought, limit, after)
    rows = [one.to_dict(caller.services.tree) for one in page.subscribers]
    return answering.found(
        request, {"subscribers": rows, "total": page.total, "exact": page.exact, "next": page.next}
    )


@router.post(
    "",
    status_code=201,
    response_model=SubscriberOut,
    responses=also(200, SubscriberOut) | refusals(409),
    openapi_extra=needs(Permission.MANAGE),
)
def add_subscriber(caller: Called, asked: SubscriberIn, new_tags: NewTags = False) -> Response:
    """Add a subscriber. Whoever subscribes already, and to just this, is answered with 200."""
    wanted = _read(caller, asked.subscriptions, new_tags=new_tags)
    person, added = people.ensure(
        caller.services,
        caller.actor,
        asked.address,
        wanted,
        channel=channel_named(asked.channel),
        name=asked.name,
        zone=asked.timezone,
        language=asked.language,
        owner=asked.owner,
        catch_up=asked.catch_up,
    )
    return _changed(caller, person, HTTPStatus.CREATED if added else HTTPStatus.OK)


@router.post(
    "/{address:path}/pause",
    response_model=SubscriberOut,
    responses=_CHANGE,
    openapi_extra=needs(Permission.MANAGE),
)
def pause_subscriber(request: Request, caller: Called, address: str, asked: Pause | None = None) -> Response:
    """Send nothing until a time to come, or until somebody resumes it."""
    services = caller.services
    until = asked.until if asked else None
    until_ms = future(until, services.server.now_ms(), services.settings.zone) if until else None
    version = answering.expected(request)
    return _changed(caller, people.pause(services, caller.actor, address, until_ms, expected=version))


@router.post(
    "/{address:path}/resume",
    response_model=SubscriberOut,
    responses=_CHANGE,
    openapi_extra=needs(Permission.MANAGE),
)
def resume_subscriber(request: Request, caller: Called, address: str) -> Response:
    """Send again, and catch up at once on what the pause left out."""
    version = answering.expected(request)
    return _changed(caller, people.resume(caller.services, caller.actor, address, expected=version))


@router.post(
    "/{address:path}/secret",
    status_code=201,
    response_model=SecretOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.MANAGE),
)
def change_secret(caller: Called, address: str) -> Response:
    """Make a new secret for a webhook, and show it this once. The one before signs for seven days more."""
    made = do.change_secret(caller.services, caller.actor, address)
    return answering.done(made.to_dict(), HTTPStatus.CREATED)


@router.post(
    "/{address:path}/subscriptions",
    status_code=201,
    response_model=SubscriberOut,
    responses=_CHANGE,
    openapi_extra=needs(Permission.MANAGE),
)
def add_subscription(
    request: Request, caller: Called, address: str, asked: SubscriptionIn, new_tags: NewTags = False
) -> Response:
    """Add a subscription; what it covers since they were last sent anything comes at once."""
    version = answering.expected(request)
    [wanted] = _read(caller, [asked], at="", new_tags=new_tags)
    changed = wants.subscribe(caller.services, caller.actor, address, wanted, expected=version)
    return _changed(caller, changed, HTTPStatus.CREATED)


@router.patch(
    "/{address:path}/subscriptions/{name:path}",
    response_model=SubscriberOut,
    responses=_CHANGE,
    openapi_extra=needs(Permission.MANAGE),
)
def change_subscription(
    request: Request,
    caller: Called,
    address: str,
    name: str,
    asked: SubscriptionPatch,
    *,
    new_tags: NewTags = False,
) -> Response:
    """Change a subscription by its name: what is left out stays, null takes away."""
    version = answering.expected(request)
    changed = wants.change_subscription(
        caller.services, caller.actor, address, name, asked.change(), new_tags=new_tags, expected=version
    )
    return _changed(caller, changed)


@router.delete(
    "/{address:path}/subscriptions/{name:path}",
    response_model=SubscriberOut,
    responses=_CHANGE,
    openapi_extra=needs(Permission.MANAGE),
)
def remove_subscription(request: Request, caller: Called, address: str, name: str) -> Response:
    """Take a subscription away by its name; the only one stays."""
    version = answering.expected(request)
    return _changed(caller, wants.unsubscribe(caller.services, caller.actor, address, name, expected=version))


@router.get(
    "/{address:path}/history",
    response_class=Response,
    responses=streaming.described("What became of one revision for them, as a JSON object a line")
    | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def trace_subscriber(
    caller: Called,
    address: str,
    excluded: Annotated[bool, Query(description="Also which were not for them, and why.")] = False,
) -> Response:
    """List what somebody is owed, was sent or did not get of the latest 1,000 updates, newest first."""
    found = do.trace(caller.services, caller.actor, address, excluded=excluded)
    return streaming.answer(streaming.line(one.to_dict()) for one in found)


@router.get(
    "/{address:path}",
    response_model=SubscriberOut,
    responses=UNCHANGED | refusals(404),
    openapi_extra=needs(Permission.READ),
)
def show_subscriber(request: Request, caller: Called, address: str) -> Response:
    """Show a subscriber. The ETag is what a change is asked for as If-Match."""
    shown = subscriber_details.look_up(caller.services, caller.actor, address)
    return answering.found(request, shown.to_dict(caller.services.tree), version_of(shown.subscriber))


@router.put(
    "/{address:path}", response_model=SubscriberOut, responses=_CHANGE, openapi_extra=needs(Permission.MANAGE)
)
def replace_subscriber(
    request: Request, caller: Called, address: str, asked: SubscriberReplacement, new_tags: NewTags = False
) -> Response:
    """Put all that somebody wants in the place of what they wanted."""
    version = answering.expected(request)
    wanted = _read(caller, asked.subscriptions, new_tags=new_tags)
    changed = people.replace_subscriber(
        caller.services,
        caller.actor,
        address,
        wanted,
        name=asked.name,
        zone=asked.timezone,
        language=asked.language,
        owner=asked.owner,
        expected=version,
    )
    return _changed(caller, changed)


@router.patch(
    "/{address:path}", response_model=SubscriberOut, responses=_CHANGE, openapi_extra=needs(Permission.MANAGE)
)
def change_subscriber(request: Request, caller: Called, address: str, asked: SubscriberPatch) -> Response:
    """Give a subscriber another name, time zone, language or owner."""
    version = answering.expected(request)
    changed = people.change(
        caller.services,
        caller.actor,
        address,
        asked.name,
        asked.timezone,
        language=asked.language,
        owner=asked.owner,
        expected=version,
    )
    return _changed(caller, changed)


@router.delete(
    "/{address:path}",
    status_code=204,
    responses=refusals(404, 412, 428),
    openapi_extra=needs(Permission.MANAGE),
)
def remove_subscriber(request: Request, caller: Called, address: str) -> Response:
    """Forget a subscriber; what they were sent stays in the ledger, by number."""
    people.remove(caller.services, caller.actor, address, expected=answering.expected(request))
    return answering.gone()


def _changed(caller: Caller, changed: Subscriber, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """How they are after a change, and a bell for what they are caught up on."""
    answering.ring(work_left(caller.services, changed))
    shown = subscriber_details.described(caller.services, changed)
    made = status is HTTPStatus.CREATED
    return answering.done(
        shown.to_dict(caller.services.tree),
        status,
        version=version_of(changed),
        location=f"/api/v1/subscribers/{quote(changed.address, safe='/@')}" if made else None,
    )


def _read(
    caller: Caller, asked: Sequence[SubscriptionIn], at: str = "/subscriptions/{}", *, new_tags: bool
) -> list[Subscription]:
    """Look all the subscriptions up. Raises FaultsOf, naming each that cannot be read."""
    found, faults = [], {}
    for position, one in enumerate(asked):
        try:
            found.append(wants.read_requested(caller.services, caller.actor, one.requested(), new_tags))
        except BadInput as fault:
            faults[at.format(position)] = fault
    if faults:
        raise FaultsOf(faults)
    return found
