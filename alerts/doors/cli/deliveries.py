"""`alerts deliveries`: who was told of an update, and who was not."""

from itertools import islice

import click

from alerts import operations as do
from alerts.channels import CHANNELS
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.model import Channel

#: A longer table is read by nobody; programs get all there are.
LISTED = 100
_PEOPLE = ("address", "name", "channel", "revision", "state", "at", "next", "attempts", "words", "reason")


@click.command(epilog="Example: alerts deliveries ua-ru-talks --state failed --state suppressed -o csv")
@click.argument("update")
@click.option(
    "--state",
    "states",
    type=click.Choice(do.DELIVERY_STATES),
    multiple=True,
    help="Only those in this state; several times. slot: it waits for one.",
)
@click.option("--channel", type=click.Choice(list(CHANNELS)), help="Only those of this channel.")
@click.option("--address", default="", help="Only what became of it for this subscriber.")
@click.option("--revision", type=click.IntRange(1), metavar="N", help="What became of revision N of it.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help=f"Not more than N; {LISTED} in a table.")
@output
def deliveries(
    out: Output,
    update: str,
    *,
    states: tuple[str, ...],
    channel: str | None,
    address: str,
    revision: int | None,
    limit: int | None,
) -> None:
    """List everybody whom an update goes to, once: state, when, attempts, the provider's words, the reason.

    What counts for a person is the latest revision that was or is owed to them, or --revision N. They come in
    no order, as they are read: with -o jsonl or -o csv a million people take no memory.
    """
    most = limit or (LISTED if out.human else None)
    with frame.services() as services:
        kind = Channel(channel) if channel else None
        found = do.deliveries(
            services,
            shell_user(),
            update,
            states=states,
            channel=kind,
            revision=revision,
            address=address,
        )
        rows = (row.to_dict() for row in islice(found.rows, most))
        shown = with_local_times(out, rows, services.settings.zone, "at", "next")
        narrowed = states or channel or address
        out.rows(shown, _PEOPLE, "address", "Nobody." if narrowed else "It goes to nobody yet.")
    if most is not None and found.people > most:
        out.note(f"{most} of {found.people:,}; see all with `alerts deliveries {update} -o jsonl`.")
