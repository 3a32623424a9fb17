"""`alerts audit`: who changed what."""

from itertools import islice

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user

#: Entries that a table shows unless it is told how many.
LISTED = 100


@click.command()
@click.option(
    "--since", metavar="TIME", help="Only since then: 2022-03-28T17:00:00Z, or how long ago: 24h, 7d."
)
@click.option("--who", default="", metavar="NAME", help="Only what this user did.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help=f"At most N entries; {LISTED} in a table.")
@output
def audit(out: Output, since: str | None, who: str, limit: int | None) -> None:
    """List who changed what and by which door, newest first, for ALERTS_AUDIT_DAYS."""
    most = limit or (LISTED if out.human else None)
    with frame.services() as services:
        found = do.audit(services, shell_user(), since, who)
        rows = (line.to_dict() for line in islice(found, most))
        shown = with_local_times(out, rows, services.settings.zone, "at")
        out.rows(shown, ("at", "sentence"), "subject", "Nothing was changed.")
        if out.human and next(found, None) is not None:
            out.note("There is more: see all with `alerts audit -o jsonl`, or give --limit or --since.")
