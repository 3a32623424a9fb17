"""`alerts subscribers erase`, `export-person`: what is kept of somebody, and that it goes."""

import sys

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, OutputFormat, output
from alerts.doors.cli.shell import shell_user
from alerts.errors import BadInput
from alerts.operations.people.person_data import everything_about
from alerts.operations.subscribing.erasing import erase as erase_person
from alerts.texts import number_of


@click.command()
@click.argument("address")
@click.option(
    "--confirm", metavar="ADDRESS", help="The address once more; needed where there is no terminal."
)
@output
def erase(out: Output, address: str, confirm: str | None) -> None:
    """Erase all that is kept of a person. Nothing undoes this.

    What they were sent stays in the ledger, by number, as long as its digests are kept. A keyed hash of the
    address stays, so that no list brings them back. Backups, and files in the outbox, are yours to clear.
    """
    if confirm is None:
        if not sys.stdin.isatty():
            raise BadInput("Nobody can be asked here to confirm it.", f"Give --confirm {address}.")
        confirm = click.prompt(
            f"This cannot be undone. Type {address} to erase all that is kept of them", err=True
        )
    with frame.services() as services:
        done = erase_person(services, shell_user(), address, confirm)
    if out.human:
        numbers = ", ".join(map(str, done.sids)) or "nobody"
        entries = number_of(done.entries, "entry", "entries")
        out.line(f"✓ erased; {entries} that named them went, too. The ledger knows them as {numbers}.")
    else:
        out.record(done.to_dict(), "channel")


@click.command("export-person")
@click.argument("address")
@output
def export_person(out: Output, address: str) -> None:
    """Write all that is kept of one subscriber, as JSON."""
    with frame.services() as services:
        found = everything_about(services, shell_user(), address)
    form = OutputFormat.JSONL if out.form is OutputFormat.JSONL else OutputFormat.JSON
    Output(form, out.quiet).record(found, "address")
