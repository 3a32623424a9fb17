"""`alerts subscribers invite` and `invitations`: people are asked whether they want alerts."""

import io
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.import_subscribers import LineReport
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.subscription_options import subscription_options
from alerts.doors.cli.written import written
from alerts.errors import BadInput, ExitCode
from alerts.operations import (
    ColumnChoices,
    Fate,
    Import,
    InvitationPlan,
    Inviting,
    Rejects,
    Remark,
    Requested,
)
from alerts.operations.lists.rows import Form, as_table, rows_of
from alerts.texts import number_of

#: What becomes of whom, before it is done and once it is, in the order in which it is said.
_WOULD = {
    Fate.INVITED: "would be invited",
    Fate.AGAIN: "would be invited again",
    Fate.VOUCHED: "would get alerts, by your word",
    Fate.OPEN: "invited already, whose link still works",
    Fate.SUBSCRIBED: "subscribed already",
    Fate.SUPPRESSED: "to whom nothing is sent",
    Fate.REFUSED: "that asked not to be invited",
    Fate.UNASKED: "that cannot be asked",
}
_DONE = {
    Fate.INVITED: "invited",
    Fate.AGAIN: "invited again",
    Fate.VOUCHED: "added",
    Fate.FULL: "had three links within 24 hours: invite them tomorrow",
}
#: Lines of a list of which people read why nothing comes of them.
REMARKS_SHOWN = 20
_COLUMNS = ("address", "state", "invited", "until", "by")


@click.command()
@click.argument("whom", metavar="FILE|-|ADDRESS...", nargs=-1, required=True)
@click.option("--zone", default="", help="The time zone of these addresses; the installation's unless given.")
@click.option("--again", is_flag=True, help="Also whoever was invited and may still answer.")
@click.option("--confirmed", is_flag=True, help="You vouch that they asked for it: they get alerts at once.")
@click.option("--dry-run", is_flag=True, help="Mail nobody; say what would come of it.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="THEIRS=OURS",
    help="What a column of the file is here: work_email=address; several times.",
)
@click.option("--ignore-unknown", is_flag=True, help="Pass over columns that we have not.")
@click.option("--rejects", metavar="FILE", help="Write the bad lines and why there, to be fed again.")
@yes_option
@subscription_options("", required=False)
@output
def invite(out: Output, whom: tuple[str, ...], *, asked: Requested | None, **given: Any) -> int:
    """Ask people whether they want alerts: by mail, and they get none before they have confirmed it.

    Of a FILE as `import` takes it, or of some addresses that are all offered the same: then say what, as to
    `add`. A link works for 7 days. Run twice, nobody is mailed a second time.
    """
    with ExitStack() as files:
        table = files.enter_context(_table(whom, asked, given["zone"]))
        columns = ColumnChoices.parse(given["mapped"], given["ignore_unknown"])
        services = files.enter_context(frame.services())
        report = LineReport(out)
        coming = Import(services, shell_user(), given["new_tags"], report.remark, columns=columns)
        how = {"again": given["again"], "confirmed": given["confirmed"]}
        inviting = Inviting(services, shell_user(), coming, _first(out, report.remark), **how)
        rejects = given["rejects"]
        stream = files.enter_context(written(rejects, lambda: report.bad > 0)) if rejects else None
        with out.progress("reading") as show:
            coming.read(table, report.report, show, Rejects(stream) if stream else None)
        with out.progress("looking") as show:
            plan = inviting.plan(show)
        if out.human:
            _show(out, plan)
        made = None
        if plan.reached and not given["dry_run"]:
            confirm(_question(plan, confirmed=given["confirmed"]), given["yes"])
            with out.progress("inviting") as show:
                made = inviting.write(show)
            ring(out, made.work)
        if not out.human:
            fates = {fate: made.fates[fate] for fate in Fate} if made else {}
            out.record(plan.to_dict() | fates | {"dry_run": given["dry_run"]} | report.to_dict(), "invited")
        elif made:
            said = (f"{made.fates[fate]:,} {words}" for fate, words in _DONE.items() if made.fates[fate])
            out.line(f"✓ {'; '.join(said)}")
    if 0 < plan.lines == plan.bad:
        return ExitCode.BAD_INPUT
    return ExitCode.FAILED if plan.bad or (made and made.fates[Fate.FULL]) else ExitCode.DONE


def _table(whom: Sequence[str], asked: Requested | None, zone: str) -> BinaryIO:
    """The file that is named, or a table of the addresses. Raises BadInput for what is neither, or both."""
    if len(whom) == 1 and ("@" not in whom[0] or Path(whom[0]).is_file()):
        if asked is not None or zone:
            raise BadInput("A file says itself what each is offered.", "Leave these options out.")
        if whom[0] == "-":
            return sys.stdin.buffer
        try:
            return Path(whom[0]).open("rb")
        except OSError as fault:
            raise BadInput(
                f"{whom[0][:200]} cannot be read: {fault.strerror}.", "Name a file, or an address with its @."
            ) from None
    if files := [word for word in whom if "@" not in word]:
        raise BadInput(f"“{files[0][:100]}” is no address.", "Name one file, or addresses alone.")
    if asked is None or not asked.regions:
        raise BadInput("It is not said what they are offered.", "Give --region, as to `add`.")
    return io.BytesIO("".join(as_table(rows_of(whom, asked, zone), Form.JSONL)).encode())


def _first(out: Output, remark: Callable[[Remark], None]) -> Callable[[Remark], None]:
    """Pass on what is said of lines; to people the first of it: a list that is run again has it of all."""
    left = count(REMARKS_SHOWN, -1)

    def pass_on(said: Remark) -> None:
        n = next(left)
        if n > 0 or not out.human:
            remark(said)
        elif not n:
            out.note("And so on: -o json has what is said of each line.")

    return pass_on


def _question(plan: InvitationPlan, *, confirmed: bool) -> str:
    if confirmed:
        return f"Have {number_of(plan.reached, 'address', 'addresses')} sent alerts, by your word alone?"
    return f"Mail {number_of(plan.reached, 'address', 'addresses')} a link to confirm it?"


def _show(out: Output, plan: InvitationPlan) -> None:
    for fate, words in _WOULD.items():
        if n := plan.fates[fate]:
            named = plan.named[fate]
            more = f" and {n - len(named):,} more" if n > len(named) else ""
            out.line(f"{n:,} {words}: {', '.join(named)}{more}")
    if plan.bad:
        out.line(f"{plan.bad:,} of {number_of(plan.lines, 'line')} left out")


@click.group()
def invitations() -> None:
    """See and take back whom you have asked."""


@invitations.command("list")
@output
def list_(out: Output) -> None:
    """List who was invited and has not answered, since when and until when."""
    with frame.services() as services:
        rows = (one.to_dict() for one in do.list_invitations(services, shell_user()))
        shown = with_local_times(out, rows, services.settings.zone, "invited", "until")
        out.rows(shown, _COLUMNS, "address", "Nobody is invited whose answer is awaited.")


@invitations.command()
@click.argument("address")
@output
def cancel(out: Output, address: str) -> None:
    """Take an invitation back: its link works no more."""
    with frame.services() as services:
        was = do.cancel_invitation(services, shell_user(), address)
    if out.human:
        out.line(f"✓ {was.invitation.address} can no longer join by the invitation")
    else:
        out.record(was.to_dict(), "address")
