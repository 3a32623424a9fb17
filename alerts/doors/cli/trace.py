"""`alerts trace`: what became of one subscriber's updates, and why."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user


@click.command()
@click.argument("address")
@output
def trace(out: Output, address: str) -> None:
    """List what a subscriber is owed, was sent or did not get of the latest 1,000 updates, newest first."""
    columns = ("at", "state", "how", "change", "update", "revision", "headline", "note")
    with frame.services() as services:
        rows = (traced.to_dict() for traced in do.trace(services, shell_user(), address))
        shown = with_local_times(out, rows, services.settings.zone, "at")
        out.rows(shown, columns, "digest", f"Nothing for {address} yet.")
