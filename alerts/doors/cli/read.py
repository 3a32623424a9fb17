"""`alerts read`: what is in files, before anything is done with it."""

import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.choices import ALLOW, FILES
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.ingest.allowances import Allowance
from alerts.operations import NamedReading, ReadingDetails
from alerts.regions import load
from alerts.texts import number_of

_COLUMNS = ("format", "message", "notes", "regions", "suggestions", "taken_from", "update")


@click.command()
@FILES
@ALLOW
@output
def read(out: Output, files: tuple[str, ...], allow: tuple[Allowance, ...]) -> None:
    """Read files as updates and store nothing: what is in them, and which regions they speak of."""
    rows = []
    readings = do.read_files(files, sys.stdin.buffer, allow)
    if any(named.reading.faults for named in readings):
        _complain(readings)
    for named in readings:
        found = do.details(named.reading, load())
        rows.append(found.to_dict())
        if out.human:
            _show(out, named.file, found)
    if not out.human:
        out.several(rows, _COLUMNS, "format")


def _complain(readings: Sequence[NamedReading]) -> None:
    """Name all that is wrong with them; only the server knows which tags there are."""
    with frame.services() as services:
        do.require_sound(services, shell_user(), readings)


def _show(out: Output, file: str, found: ReadingDetails) -> None:
    reading = found.reading
    out.line(f"{file}: {reading.format}")
    said = reading.draft.to_dict()
    if translations := said.pop("translations"):
        said["translated"] = ", ".join(translations)
    if shapes := said.pop("shapes"):
        said["drawn"] = number_of(len(shapes), "polygon or circle", "polygons and circles")
    out.record({k: v for k, v in said.items() if v or v is False}, "id")
    if message := reading.provenance:
        out.line(f"  message: {message.identifier} of {message.sender}, {message.type}")
        for earlier in message.references:
            out.line(f"  refers to: {earlier}")
    for place in found.places:
        out.line(f"  {place.text}: {place.label}")
    for note in reading.notes:
        out.line(f"! {file} {note}")
    out.line("Taken from these words:")
    out.table([words._asdict() for words in reading.words], ("field", "where", "words"))
    if found.suggestions:
        out.line(f"It speaks of {do.listed(found.suggestions)}:")
        out.table([asdict(suggested) for suggested in found.suggestions], ("code", "name", "count"))
