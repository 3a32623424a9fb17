"""`/updates/{update}/…`: taken back, let go, closed, retracted. Each twice harms nobody."""

from fastapi import APIRouter, Response

from alerts import operations as do
from alerts.doors.web.api import answering
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import Reason
from alerts.doors.web.api.route import Called, Guarded
from alerts.doors.web.api.update_resources import EndingOut, ReleasedOut, UndoneOut, WithdrawalOut
from alerts.operations import Permission

router = APIRouter(prefix="/updates", tags=["updates"], route_class=Guarded)

_REFUSALS = refusals(404, 409)
_NEEDS = needs(Permission.PUBLISH)


@router.post("/{update}/undo", response_model=UndoneOut, responses=_REFUSALS, openapi_extra=_NEEDS)
def undo_update(caller: Called, update: str, asked: Reason | None = None) -> Response:
    """Take back what is held: nobody ever sees it."""
    why = asked.reason if asked else ""
    undone = do.undo(caller.services, caller.actor, update, why or do.UNDONE)
    return answering.done(undone.to_dict())


@router.post("/{update}/release", response_model=ReleasedOut, responses=_REFUSALS, openapi_extra=_NEEDS)
def release_update(caller: Called, update: str) -> Response:
    """Let what is held go out now."""
    released = do.release(caller.services, caller.actor, update)
    answering.ring(released.work)
    return answering.done(released.to_dict())


@router.post("/{update}/close", response_model=EndingOut, responses=_REFUSALS, openapi_extra=_NEEDS)
def close_update(caller: Called, update: str, asked: Reason | None = None) -> Response:
    """Tell those who have it that it is over."""
    return _ended(do.close(caller.services, caller.actor, update, asked.reason if asked else ""))


@router.post("/{update}/retract", response_model=EndingOut, responses=_REFUSALS, openapi_extra=_NEEDS)
def retract_update(caller: Called, update: str, asked: Reason | None = None) -> Response:
    """Tell those who have it that it never was so."""
    return _ended(do.retract(caller.services, caller.actor, update, asked.reason if asked else ""))


@router.post("/{update}/withdraw", response_model=WithdrawalOut, responses=_REFUSALS, openapi_extra=_NEEDS)
def withdraw_update(caller: Called, update: str, asked: Reason | None = None) -> Response:
    """Undo it if it is held, else close it: for programs that do not know how far it is."""
    why = asked.reason if asked else ""
    withdrawn = do.withdraw(caller.services, caller.actor, update, why or do.WITHDRAWN)
    answering.ring(withdrawn.work)
    return answering.done(withdrawn.to_dict())


def _ended(ending: do.Ending) -> Response:
    answering.ring(ending.work)
    return answering.done(ending.to_dict())
