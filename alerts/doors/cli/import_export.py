"""`alerts subscribers import` and `export`: subscribers out of a file, and into one."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output, tell
from alerts.doors.cli.shell import shell_user
from alerts.errors import AlertsError, BadInput
from alerts.operations import BadLine, Import, Remark
from alerts.operations.exporting import export as export_all
from alerts.operations.rows import Form

#: As many names of regions are shown with what they were taken for.
_PLACES_SHOWN = 20


@click.command("import")
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would come of it.")
@click.option("--new-tag", "new_tags", is_flag=True, help="Put tags that are not on the list there.")
@output
def import_(out: Output, file: BinaryIO, dry_run: bool, new_tags: bool) -> int:
    """Take subscribers from CSV or JSON lines; good lines count, bad ones are told.

    Each address the file names gets exactly the subscriptions of its lines; others are left alone. Run twice,
    it changes nothing the second time.
    """
    faults: list[BadLine] = []

    def report(bad: BadLine) -> None:
        if out.human:
            out.note(f"line {bad.line}: {bad.reason} {bad.hint}")
        else:
            faults.append(bad)

    remarks: list[Remark] = []

    def remark(said: Remark) -> None:
        if out.human:
            out.note(f"line {said.line}: {said.words}")
        else:
            remarks.append(said)

    with frame.services() as services:
        coming = Import(services, shell_user(), new_tags, remark)
        with out.progress("reading") as show:
            coming.read(file, report, show)
        with out.progress("writing") as show:
            done = coming.write(show, dry_run)
    places = coming.places()
    if out.human:
        for text in islice(places, _PLACES_SHOWN):
            out.line(f"  {text}: {places[text]}")
        if (more := len(places) - _PLACES_SHOWN) > 0:
            out.line(f"  and {more} other names of regions: -o json has them all")
        bad = f", {done.bad} of {done.lines} lines left out" if done.bad else ""
        would = "would be " if dry_run else ""
        mark = "✗" if done.useless else "✓"
        out.line(f"{mark} {would}{done.added} added, {done.changed} changed, {done.unchanged} unchanged{bad}")
        if done.suppressed:
            out.line(f"  {done.suppressed} of them are sent nothing: see `alerts subscribers list`")
    else:
        told = {"problems": [asdict(bad) for bad in faults], "remarks": [asdict(said) for said in remarks]}
        out.record(asdict(done) | {"dry_run": dry_run, "places": places} | told, "added")
    if done.useless:
        return BadInput.exit_code
    return AlertsError.exit_code if done.bad else 0


@click.command()
@click.argument("file", metavar="[FILE|-]", default="-")
@click.option(
    "-o", "--output", "form", type=click.Choice([f.value for f in Form]), help="By the file's name; else csv."
)
def export(file: str, form: str | None) -> None:
    """Write every subscription as a row of CSV or JSON lines, which `import` reads back unchanged."""
    chosen = Form(form) if form else Form.JSONL if Path(file).suffix == ".jsonl" else Form.CSV
    with frame.services() as services, _written(file) as stream:
        done = export_all(services, shell_user(), stream, chosen)
    tell(f"{done.subscribers} subscribers, {done.rows} rows")
    if done.paused:
        tell(
            f"{done.paused} of them are paused, which the rows do not say: imported anew they would be told."
        )


@contextmanager
def _written(file: str) -> Iterator[TextIO]:
    """Put the file in place once it is whole. It holds addresses: only its owner may read it."""
    if file == "-":
        stream = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
        try:
            yield stream
        finally:
            stream.detach()  # else it would close standard output
        return
    unfinished = Path(f"{file}.part")
    try:
        unfinished.touch(mode=0o600)
        with unfinished.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        unfinished.replace(file)
    except OSError as fault:
        raise BadInput(
            f"{file} cannot be written: {fault.strerror}.", "Check path and permissions."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
