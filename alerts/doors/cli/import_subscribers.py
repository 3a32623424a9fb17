"""`alerts subscribers import`: subscribers out of a file, be it some more or the whole list."""

import sys
from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice
from typing import Any, BinaryIO

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.written import written
from alerts.errors import BadInput, ExitCode
from alerts.operations import (
    BadLine,
    ColumnChoices,
    Import,
    Imported,
    Rejects,
    Remark,
    Scope,
    Sync,
    Synced,
    SyncPlan,
)
from alerts.services import Services
from alerts.texts import number_of

#: As many names of regions are shown with what they were taken for.
_PLACES_SHOWN = 20
#: What is typed where more people would leave than is likely meant.
_WORD = "leave"
_WHAT = {"added": "would join", "changed": "would change", "left": "would leave"}


@click.command("import")
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would come of it.")
@click.option("--new-tag", "new_tags", is_flag=True, help="Put tags that are not on the list there.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="THEIRS=OURS",
    help="What a column of the file is here: work_email=address; several times.",
)
@click.option("--ignore-unknown", is_flag=True, help="Pass over columns that we have not.")
@click.option("--rejects", metavar="FILE", help="Write the bad lines and why there, to be fed again.")
@click.option("--sync", is_flag=True, help="The file is the whole list: whoever is not in it leaves.")
@click.option(
    "--scope",
    metavar="LABEL",
    help="Note that newcomers came by this list; with --sync, only who came by it may leave.",
)
@click.option("--adopt", is_flag=True, help="With --scope: note it also of those who came by no list.")
@click.option("--yes", is_flag=True, help="With --sync: do not ask.")
@click.option("--allow-leavers", is_flag=True, help="With --sync: also if more than half would leave.")
@output
def import_(out: Output, file: BinaryIO, *, rejects: str | None, sync: bool, **given: Any) -> int:
    """Take subscribers from CSV or JSON lines; good lines count, bad ones are told.

    Each address the file names gets exactly the subscriptions of its lines; others are left alone, unless it
    is the whole list (--sync). Run twice, it changes nothing the second time. A sync can be undone for seven
    days: `alerts subscribers undo-sync`.
    """
    _require_sense(sync, given)
    told = LineReport(out)
    scope = Scope(given["scope"], given["adopt"]) if given["scope"] is not None else None
    columns = ColumnChoices.parse(given["mapped"], given["ignore_unknown"])
    with frame.services() as services:
        coming = Import(services, shell_user(), given["new_tags"], told.remark, columns=columns, scope=scope)
        with ExitStack() as files:
            stream = files.enter_context(written(rejects, lambda: told.bad > 0)) if rejects else None
            with out.progress("reading") as show:
                coming.read(file, told.report, show, Rejects(stream) if stream else None)
        if rejects and not told.bad:
            out.note(f"No line was left out: {rejects} is not written.")
        if sync:
            return _sync(out, services, coming, told, given)
        with out.progress("writing") as show:
            done = coming.write(show, given["dry_run"])
    return _say(out, done, told, coming.places(), dry_run=given["dry_run"])


class LineReport:
    """What is said of single lines: to people at once, to programs at the end."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self.bad = 0
        self._faults: list[BadLine] = []
        self._remarks: list[Remark] = []

    def report(self, bad: BadLine) -> None:
        self.bad += 1
        if self._out.human:
            self._out.note(f"line {bad.line}: {bad.reason} {bad.hint}")
        else:
            self._faults.append(bad)

    def remark(self, said: Remark) -> None:
        if self._out.human:
            self._out.note(f"line {said.line}: {said.words}")
        else:
            self._remarks.append(said)

    def to_dict(self) -> dict[str, object]:
        return {
            "problems": [asdict(bad) for bad in self._faults],
            "remarks": [asdict(said) for said in self._remarks],
        }


def _require_sense(sync: bool, given: dict[str, Any]) -> None:
    """Refuse options that say nothing without another."""
    alone = [f"--{name.replace('_', '-')}" for name in ("yes", "allow_leavers") if given[name]]
    if alone and not sync:
        raise BadInput(f"{alone[0]} is for --sync.", "Give both, or neither.")
    if given["adopt"] and given["scope"] is None:
        raise BadInput("--adopt needs a --scope.", "Say by which list they came: --scope hr.")


def _sync(out: Output, services: Services, coming: Import, told: LineReport, given: dict[str, Any]) -> int:
    """Show what would come of it, ask, write."""
    syncing = Sync(services, shell_user(), coming)
    with out.progress("comparing") as show:
        plan = syncing.plan(show)
    if out.human:
        _show(out, plan)
    if given["dry_run"]:
        if not out.human:
            out.record(plan.to_dict() | {"dry_run": True, "danger": plan.danger} | told.to_dict(), "left")
        return ExitCode.FAILED if plan.bad else ExitCode.DONE
    allowed = given["allow_leavers"]
    if plan.changes and not (given["yes"] and (allowed or not plan.danger)):
        allowed = _asked(plan, yes=given["yes"], allowed=allowed)
    with out.progress("writing") as show:
        done = syncing.write(plan, show, allow_leavers=allowed)
    return _say(out, done.imported, told, coming.places(), synced=done)


def _asked(plan: SyncPlan, *, yes: bool, allowed: bool) -> bool:
    """Whether leavers are allowed, once somebody at a terminal has said so. Ends the command if not."""
    danger = "" if allowed else plan.danger
    if not sys.stdin.isatty():
        if danger:
            raise BadInput(danger, "Look at the file again; if it is meant, give --allow-leavers.")
        raise BadInput(
            f"This would change {number_of(plan.changes, 'subscriber')}, and nobody is there to be asked.",
            "Look with --dry-run, then give --yes.",
        )
    if danger:
        question = f"{danger} Type {_WORD} to go on"
        if click.prompt(question, default="", show_default=False, err=True) != _WORD:
            raise click.Abort
        return True
    if not yes:
        click.confirm("Go on?", abort=True, err=True)
    return allowed


def _show(out: Output, plan: SyncPlan) -> None:
    counts = dict(plan.verdicts) | {"left": len(plan.leaving)}
    for what, words in _WHAT.items():
        n = counts.get(what, 0)
        named = plan.named.get(what, [])
        more = f" and {n - len(named)} more" if n > len(named) else ""
        out.line(f"{n} {words}{': ' if named else ''}{', '.join(named)}{more}")
    out.line(f"{counts.get('unchanged', 0)} would stay as before")


def _say(
    out: Output,
    done: Imported,
    told: LineReport,
    places: dict[str, str],
    *,
    dry_run: bool = False,
    synced: Synced | None = None,
) -> int:
    """What came of it, and the exit code."""
    if out.human:
        for text in islice(places, _PLACES_SHOWN):
            out.line(f"  {text}: {places[text]}")
        if (more := len(places) - _PLACES_SHOWN) > 0:
            out.line(f"  and {more} other names of regions: -o json has them all")
        bad = f", {done.bad:,} of {number_of(done.lines, 'line')} left out" if done.bad else ""
        would = "would be " if dry_run else ""
        mark = "✗" if done.useless else "✓"
        left = f", {synced.left} left" if synced else ""
        out.line(
            f"{mark} {would}{done.added} added, {done.changed} changed{left}, {done.unchanged} unchanged{bad}"
        )
        if synced and synced.kept:
            out.line(f"! {synced.kept} changed meanwhile and did not leave: run it again")
        if done.suppressed:
            listed = "`alerts subscribers list --state suppressed`"
            out.line(f"  sent nothing: {done.suppressed:,} of them; see {listed}")
    else:
        left_too = {"left": synced.left, "kept": synced.kept} if synced else {}
        out.record(asdict(done) | left_too | {"dry_run": dry_run, "places": places} | told.to_dict(), "added")
    if done.useless:
        return ExitCode.BAD_INPUT
    return ExitCode.FAILED if done.bad else ExitCode.DONE
