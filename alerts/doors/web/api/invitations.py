"""`/subscribers/invite`, `/subscribers/invitations`: people are asked whether they want alerts."""

from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from itertools import islice
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Depends, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering, streaming
from alerts.doors.web.api.answering import needs, refusals
from alerts.doors.web.api.bodies import InvitationsIn
from alerts.doors.web.api.person_resources import InvitationOut, InvitationsMadeOut, InvitationsOut
from alerts.doors.web.api.route import Called, Guarded, Streamed
from alerts.doors.web.api.subscriber_tables import A_TABLE, REPORT, Coming, laid_down, nobody_looks
from alerts.errors import AlertsError
from alerts.operations import BadLine, Fate, Import, InvitationPlan, Inviting, Permission, Remark
from alerts.operations.lists.rows import Form, as_table, rows_of

router = APIRouter(prefix="/subscribers", tags=["subscribers"], route_class=Guarded)
_streams = APIRouter(route_class=Streamed)

Again = Annotated[bool, Query(description="Also whoever was invited and may still answer.")]
Confirmed = Annotated[bool, Query(description="They asked for it, you vouch: they get alerts at once.")]
DryRun = Annotated[bool, Query(description="Mail nobody; say what would come of it.")]


@_streams.post(
    "/invite",
    responses=REPORT | refusals(408, 409, 413, 415),
    response_class=Response,
    openapi_extra=A_TABLE | needs(Permission.MANAGE),
)
def invite_subscribers(
    coming: Annotated[Coming, Depends()],
    table: Annotated[BinaryIO, Depends(laid_down)],
    *,
    again: Again = False,
    confirmed: Confirmed = False,
    dry_run: DryRun = False,
) -> Response:
    """Ask whoever a table names, as `import` takes it, whether they want alerts.

    They get none before they have confirmed it by the link that is mailed to them, which works for 7 days.
    Sent twice, nobody is mailed a second time. 503: another table is being taken in.
    """
    services, actor = coming.caller.services, coming.caller.actor
    how = {"again": again, "confirmed": confirmed}
    inviting = Inviting(services, actor, coming.table, coming.remark, **how)

    def report() -> Iterator[str]:
        try:
            done = _done(inviting, dry_run=dry_run)
        except AlertsError as fault:
            done = {}
            failed = {"code": fault.code, "detail": fault.sentence, "hint": fault.hint}
        yield from coming.unsaid()
        yield streaming.line({"done": done} if done else {"failed": failed})

    return coming.answer(table, report)


@router.post(
    "/invitations",
    response_model=InvitationsMadeOut,
    responses=refusals(409),
    openapi_extra=needs(Permission.MANAGE),
)
def invite_addresses(
    caller: Called,
    asked: InvitationsIn,
    *,
    new_tags: Annotated[bool, Query(description="Put tags on the list that are not there yet.")] = False,
    again: Again = False,
    confirmed: Confirmed = False,
    dry_run: DryRun = False,
) -> Response:
    """Ask some people whether they want the same alerts. `problems` and `remarks` number them from 1."""
    problems, remarks = list[BadLine](), list[Remark]()
    table = Import(caller.services, caller.actor, new_tags, remarks.append)
    inviting = Inviting(
        caller.services, caller.actor, table, remarks.append, again=again, confirmed=confirmed
    )
    rows = rows_of(asked.addresses, asked.subscription.requested(), asked.timezone)
    lines = BytesIO("".join(as_table(rows, Form.JSONL)).encode())
    table.read(lines, problems.append, nobody_looks)
    said = {"problems": list(map(asdict, problems)), "remarks": list(map(asdict, remarks))}
    return answering.done(_done(inviting, dry_run=dry_run) | said)


@router.get(
    "/invitations",
    response_model=InvitationsOut,
    responses=refusals(),
    openapi_extra=needs(Permission.READ),
)
def list_invitations(
    request: Request, caller: Called, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Response:
    """List who was invited and has not answered, whose link ends first before the others."""
    found = islice(do.list_invitations(caller.services, caller.actor), limit)
    return answering.found(request, {"invitations": [one.to_dict() for one in found]})


@router.delete(
    "/invitations/{address:path}",
    response_model=InvitationOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.MANAGE),
)
def cancel_invitation(caller: Called, address: str) -> Response:
    """Take an invitation back: its link works no more."""
    return answering.done(do.cancel_invitation(caller.services, caller.actor, address).to_dict())


def _done(inviting: Inviting, *, dry_run: bool) -> dict[str, object]:
    """Do it, and say what came of whom."""
    plan: InvitationPlan = inviting.plan(nobody_looks)
    said = plan.to_dict() | {"dry_run": dry_run}
    if dry_run or not plan.reached:
        return said
    made = inviting.write(nobody_looks)
    answering.ring(made.work)
    return said | {fate: made.fates[fate] for fate in Fate}


router.include_router(_streams)
