"""`/subscribers/import`, `/export`, `/undo-sync`: everybody at once, as a table that is read as it comes.

An import is answered with a report, a line at a time, as the command line gives it. It can be run again
wherever it was interrupted, and changes nothing the second time.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Depends, Query, Request, Response

from alerts import operations as do
from alerts.doors.web.api import answering, streaming
from alerts.doors.web.api.answering import OCTETS, needs, refusals
from alerts.doors.web.api.problems import BadRequest
from alerts.doors.web.api.resources import SyncUndoneOut
from alerts.doors.web.api.route import Called, Guarded, Streamed
from alerts.errors import AlertsError, BadInput
from alerts.operations import BadLine, ColumnChoices, Import, Permission, Remark, Scope, Sync
from alerts.operations.lists.exporting import export
from alerts.operations.lists.imported import Tally
from alerts.operations.lists.rows import Form

router = APIRouter(prefix="/subscribers", tags=["subscribers"], route_class=Guarded)
_streams = APIRouter(route_class=Streamed)

CSV = "text/csv"
#: What a table is written in, by its form. Which of them comes in is seen in the table itself.
_KINDS = {Form.CSV: CSV, Form.JSONL: streaming.LINES}
#: A report is kept in memory up to N bytes.
_REPORT_HELD = 1024**2
#: One table at a time in a process: whom it names is kept until it is written.
_one_table = threading.Lock()

A_TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": OCTETS} for kind in _KINDS.values()},
    }
}
REPORT = streaming.described(
    "The report, a JSON object a line: `problem` for each line that is left out, `remark` for a good one "
    "that is worth a word, `plan` of a sync, and at the end `done` with what came of it, or `failed`. "
    "A report that ends with neither was cut off: send the table again."
)


def _columns(
    mapped: Annotated[
        list[str],
        Query(
            default_factory=list,
            alias="map",
            max_length=50,
            description="What a column of theirs is here: work_email=address.",
        ),
    ],
    ignore_unknown: Annotated[bool, Query(description="Pass over columns that we have not.")] = False,
) -> ColumnChoices:
    return ColumnChoices.parse(mapped, ignore_unknown)


def _scope(
    scope: Annotated[
        str | None,
        Query(
            max_length=64,
            description="The list that newcomers came by; with sync, only who came by it may leave.",
        ),
    ] = None,
    adopt: Annotated[bool, Query(description="Note the scope also of those who came by no list.")] = False,
) -> Scope | None:
    if scope is None and adopt:
        raise BadInput("adopt needs a scope.", "Say by which list they came: scope=hr.")
    return Scope(scope, adopt) if scope is not None else None


class Coming:
    """A table on its way in, and its report. Raises Forbidden for who may not, before any of it is read."""

    def __init__(
        self,
        caller: Called,
        columns: Annotated[ColumnChoices, Depends(_columns)],
        scope: Annotated[Scope | None, Depends(_scope)],
        new_tags: Annotated[bool, Query(description="Put tags on the list that are not there yet.")] = False,
    ) -> None:
        self._said = SpooledTemporaryFile(_REPORT_HELD, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - `close` is ours
        self.close = self._said.close
        self.caller = caller
        self.table = Import(
            caller.services, caller.actor, new_tags, self.remark, columns=columns, scope=scope
        )

    def answer(self, table: BinaryIO, report: Callable[[], Iterator[str]]) -> Response:
        """Take in every good line, note the bad ones, and answer with a report of what is made of them.

        Raises BadInput for what is no table, and BadRequest where another one is being taken in.
        """
        with ExitStack() as unless_answered:
            unless_answered.callback(self.close)
            unless_answered.enter_context(table)
            if not _one_table.acquire(blocking=False):
                raise BadRequest(
                    HTTPStatus.SERVICE_UNAVAILABLE, "Another table is being taken in.", "Send it again later."
                )
            unless_answered.callback(_one_table.release)
            self.table.read(table, self._bad, nobody_looks)
            return streaming.answer(report(), held=unless_answered.pop_all().close)

    def report(self, sync: bool, allow_leavers: bool, dry_run: bool) -> Iterator[str]:
        """Write it, and say what came of it. What cannot be done is the last line."""
        yield from self.unsaid()
        try:
            if sync:
                yield from self._sync(allow_leavers, dry_run)
            else:
                written = asdict(self.table.write(nobody_looks, dry_run))
                yield from self.unsaid()
                yield self._done(written, dry_run)
        except AlertsError as fault:
            yield from self.unsaid()
            failed = {"code": fault.code, "detail": fault.sentence, "hint": fault.hint}
            yield streaming.line({"failed": failed})

    def _sync(self, allow_leavers: bool, dry_run: bool) -> Iterator[str]:
        syncing = Sync(self.caller.services, self.caller.actor, self.table)
        plan = syncing.plan(nobody_looks)
        yield streaming.line({"plan": plan.to_dict() | {"danger": plan.danger}})
        if dry_run:
            would = asdict(self.table.imported(Tally(plan.verdicts)))
            yield self._done(would | {"left": len(plan.leaving), "kept": 0}, dry_run)
            return
        synced = syncing.write(plan, nobody_looks, allow_leavers=allow_leavers)
        yield from self.unsaid()
        yield self._done(asdict(synced.imported) | {"left": synced.left, "kept": synced.kept}, dry_run)

    def _done(self, came_of_it: dict[str, object], dry_run: bool) -> str:
        return streaming.line({"done": came_of_it | {"dry_run": dry_run, "places": self.table.places()}})

    def unsaid(self) -> Iterator[str]:
        """What was noted since it was last asked for."""
        self._said.seek(0)
        yield from self._said
        self._said.seek(0)
        self._said.truncate()

    def _bad(self, one: BadLine) -> None:
        self._said.write(streaming.line({"problem": asdict(one)}))

    def remark(self, one: Remark) -> None:
        self._said.write(streaming.line({"remark": asdict(one)}))


async def laid_down(request: Request) -> BinaryIO:
    return await streaming.laid_down(request, tuple(_KINDS.values()))


@_streams.post(
    "/import",
    responses=REPORT | refusals(408, 413, 415),
    response_class=Response,
    openapi_extra=A_TABLE | needs(Permission.MANAGE),
)
def import_subscribers(
    coming: Annotated[Coming, Depends()],
    table: Annotated[BinaryIO, Depends(laid_down)],
    *,
    sync: Annotated[bool, Query(description="It is the whole list: whoever is not in it leaves.")] = False,
    allow_leavers: Annotated[
        bool, Query(description="With sync: also if more than half would leave.")
    ] = False,
    dry_run: Annotated[bool, Query(description="Write nothing; say what would come of it.")] = False,
) -> Response:
    """Take subscribers from CSV or JSON lines, as `alerts subscribers import` does; 1 GiB at most.

    Each address that the table names gets exactly the subscriptions of its lines; others are left alone,
    unless it is the whole list (`sync`). Good lines count, bad ones are told. Sent twice, it changes nothing
    the second time, so it asks for no Idempotency-Key. 503: another table is being taken in.
    """
    return coming.answer(table, lambda: coming.report(sync, allow_leavers, dry_run))


@router.get(
    "/export",
    responses=streaming.described("A row for each subscription", _KINDS.values()) | refusals(),
    response_class=Response,
    openapi_extra=needs(Permission.READ),
)
def export_subscribers(
    caller: Called, form: Annotated[Form, Query(description="What the rows are written in.")] = Form.CSV
) -> Response:
    """Write every subscription as a row, which `import` reads back unchanged. A pause is not in the rows."""
    answer = streaming.answer(export(caller.services, caller.actor).lines(form), _KINDS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="subscribers.{form}"'
    return answer


@router.post(
    "/undo-sync",
    response_model=SyncUndoneOut,
    responses=refusals(404),
    openapi_extra=needs(Permission.MANAGE),
)
def undo_sync(caller: Called) -> Response:
    """Make everybody what they were before the last sync, for seven days after it.

    Who left is back, and gets what they missed; who was changed by somebody since stays as they are.
    """
    return answering.done(asdict(do.undo_sync(caller.services, caller.actor)))


def nobody_looks(_done: int, _all: int | None) -> None:
    """How far it is: the report says what came of it."""


router.include_router(_streams)
