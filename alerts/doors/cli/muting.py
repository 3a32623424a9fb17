"""`alerts subscribers mute`, `unmute` and `mutes`: one situation, of which somebody hears no more."""

import click

from alerts.channels import masked
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.operations.subscribing import muting

_COLUMNS = ("update", "headline", "since", "severity_then", "severity")


@click.command()
@click.argument("address")
@click.argument("update")
@output
def mute(out: Output, address: str, update: str) -> None:
    """Send a subscriber no more of one situation, until it is over or gets worse.

    Worse is what is more severe than it is now: that reaches them, and says so. What corrects or takes back
    what they were sent reaches them, too.
    """
    with frame.services() as services:
        done = muting.mute(services, shell_user(), address, update)
    if not out.human:
        out.record(done.to_dict(), "update")
        return
    who, mark = masked(done.subscriber.address), "=" if done.already else "✓"
    out.line(f"{mark} {who} hears no more of {update}, until it is over or worse than {done.mute.severity}")
    if not done.already:
        out.note(f"`alerts subscribers unmute {who} {update}` takes it back.")


@click.command()
@click.argument("address")
@click.argument("update")
@output
def unmute(out: Output, address: str, update: str) -> None:
    """Send a subscriber again what becomes of a situation, and at once where it stands by now."""
    with frame.services() as services:
        done = muting.unmute(services, shell_user(), address, update)
        ring(out, done.work)
    if not out.human:
        out.record(done.to_dict(), "update")
        return
    who = masked(done.subscriber.address)
    mark, again = ("=", "hears of {} already") if done.already else ("✓", "hears of {} again")
    out.line(f"{mark} {who} {again.format(update)}")


@click.command()
@click.argument("address")
@output
def mutes(out: Output, address: str) -> None:
    """List the situations that a subscriber has muted, the latest first."""
    with frame.services() as services:
        found = muting.list_muted(services, shell_user(), address)
        rows = (one.to_dict() for one in found)
        shown = with_local_times(out, rows, services.settings.zone, "since")
        out.rows(shown, _COLUMNS, "update", "They have muted nothing.")
