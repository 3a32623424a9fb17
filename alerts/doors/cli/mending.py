"""`alerts work`, `retry` and `check`: what is owed, what failed, what is wrong."""

from contextlib import nullcontext

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.errors import AlertsError
from alerts.runtime.broker import require_broker
from alerts.settings import load


@click.command()
@output
def work(out: Output) -> None:
    """List what is still owed and since when, the longest due first: at most 1,000 entries."""
    with frame.services() as services:
        found = do.pending(services, shell_user())
    rows = [entry.to_dict() for entry in found.entries]
    more = found.total - len(rows)
    out.rows(rows, ("step", "about", "urgent", "due", "look_at", "since"), "entry", "Nothing is owed.")
    if more > 0:
        out.note(f"… and {more} more")


@click.command()
@click.argument("name", metavar="DIGEST|UPDATE")
@output
def retry(out: Output, name: str) -> None:
    """Send again what failed of a digest, or of every digest of an update."""
    with frame.services() as services:
        again = do.retry(services, shell_user(), name)
        ring(out, again.work)
    if out.human:
        out.line(f"✓ {again.deliveries} deliveries and {again.renderings} renderings are tried again")
        for address, why in again.suppressed.items():
            out.note(f"Not to {address}: {why}. Lift that with `alerts unsuppress {address}`.")
    else:
        out.record(again.to_dict(), "name")


@click.command()
@click.option("--index", is_flag=True, help="Compare audiences, index and clocks with every subscriber too.")
@click.option("--repair", is_flag=True, help="Like --index, and put right what differs.")
@output
def check(out: Output, index: bool, repair: bool) -> int:
    """List every problem with settings, logins, server, broker, routes and templates.

    Slack is asked whether it takes the token; nothing is sent to anybody.

    The index is looked at only on request: it takes a minute or two for a million subscribers. That, and its
    repair, may run while everything else does; what was repaired has the level `repaired`.
    """
    comparing = "Comparing the index with every subscriber"
    with out.progress(comparing) if index or repair else nullcontext(_unshown) as show:
        found = do.check(
            load(),
            shell_user(),
            frame.connected,
            require_broker,
            index=index,
            repair=repair,
            show=show,
        )
    out.rows(found.to_dicts(), ("level", "id", "message", "hint"), "id", "✓ No problem found.")
    return AlertsError.exit_code if found.errors else 0


def _unshown(_done: int, _of: int) -> None:
    """Show no progress of what is not asked for."""
