"""`alerts trace`: what became of one subscriber's updates, and why."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.operations.people import person_data


@click.command()
@click.argument("address")
@click.option("--excluded", is_flag=True, help="Also which of the latest were not for them, and why.")
@click.option("--message", "digest", metavar="DIGEST", help="Print a message as they were sent it instead.")
@output
def trace(out: Output, address: str, excluded: bool, digest: str | None) -> None:
    """List what a subscriber is owed, was sent or did not get of the latest 1,000 updates, newest first.

    -o json names the digest of each. Its message is kept for ALERTS_KEEP_DAYS.
    """
    columns = ("at", "state", "how", "change", "update", "revision", "headline", "note")
    with frame.services() as services:
        if digest:
            _show(out, digest, person_data.sent_message(services, shell_user(), address, digest))
            return
        found = do.trace(services, shell_user(), address, excluded=excluded)
        rows = (traced.to_dict() for traced in found)
        shown = with_local_times(out, rows, services.settings.zone, "at")
        out.rows(shown, columns, "digest", f"Nothing for {address} yet.")


def _show(out: Output, digest: str, text: str) -> None:
    """Print one message, a line at a time: what would steer a terminal is left out of each."""
    if not out.human:
        out.record({"digest": digest, "text": text}, "digest")
        return
    for line in text.splitlines():
        out.line(line)
