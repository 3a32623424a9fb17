"""`alerts work`: what is still owed."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.texts import number_of


@click.command()
@output
def work(out: Output) -> None:
    """List what is still owed, to whom, why and since when, the longest due first: at most 1,000 entries."""
    with frame.services() as services:
        found = do.pending(services, shell_user())
        in_review = do.totals(services, shell_user()).in_review
    rows = [entry.to_dict() for entry in found.entries]
    shown = with_local_times(out, rows, services.settings.zone, "since", "look_at")
    more = found.total - len(rows)
    columns = ("step", "updates", "channel", "people", "reason", "since", "look_at", "urgent")
    out.rows(shown, columns, "entry", "Nothing is owed.")
    if more > 0:
        out.note(f"… and {more} more")
    if found.standing:
        standing = number_of(found.standing, "clock or pause", "clocks or pauses")
        out.note(f"Not owed, for their hour has yet to come: {standing}.")
    if in_review:
        out.note(f"Held for review, and owed to nobody before it is released: {', '.join(in_review)}.")
