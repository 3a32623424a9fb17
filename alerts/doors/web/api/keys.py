"""`/keys`: who may use this API, and what for."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import KeyIn
from alerts.doors.web.api.resources import KeysOut, NewKeyOut
from alerts.doors.web.api.route import Called, Guarded
from alerts.operations import ListedKey, Permission

router = APIRouter(prefix="/keys", tags=["keys"], route_class=Guarded)


@router.get("", response_model=KeysOut, responses=refusals(), openapi_extra=needs(Permission.ADMINISTER))
def list_keys(request: Request, caller: Called) -> Response:
    """List the keys: what each may do, until when, and when it was last used, to a minute."""
    found = do.list_keys(caller.services, caller.actor)
    return answering.found(request, {"keys": [key.to_dict() for key in found]})


@router.post(
    "",
    status_code=201,
    response_model=NewKeyOut,
    responses=refusals(409),
    openapi_extra=needs(Permission.ADMINISTER),
)
def add_key(caller: Called, asked: KeyIn) -> Response:
    """Make a key. It is shown this once; nobody can give a scope that their own key does not have."""
    made = do.add_key(
        caller.services,
        caller.actor,
        asked.name,
        asked.permissions(),
        expires=asked.expires,
        networks=asked.networks,
    )
    content = ListedKey(made.key, None).to_dict() | {"key": made.secret}
    return answering.done(content, HTTPStatus.CREATED)


@router.delete(
    "/{name}", status_code=204, responses=refusals(404), openapi_extra=needs(Permission.ADMINISTER)
)
def revoke_key(caller: Called, name: str) -> Response:
    """Take a key away: whoever shows it is nobody from the next request on."""
    do.revoke_key(caller.services, caller.actor, name)
    return answering.gone()
