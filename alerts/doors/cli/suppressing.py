"""`alerts suppress`, `unsuppress` and `suppressions`: standing reasons not to send to an address."""

from datetime import tzinfo

import click

from alerts import operations as do
from alerts.channels import CHANNELS
from alerts.doors.cli import frame
from alerts.doors.cli.local_times import with_local_times
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.model import Channel
from alerts.operations import SuppressedAddress
from alerts.texts import number_of

#: A longer table is read by nobody; programs get all there are.
LISTED = 100
_COLUMNS = ("address", "channel", "since", "by", "reason")


@click.command()
@click.argument("address")
@click.option("--reason", default="", help="Why; shown wherever something is not sent.")
@output
def suppress(out: Output, address: str, reason: str) -> None:
    """Send nothing to an address any more, whether or not it subscribes."""
    with frame.services() as services:
        suppressed = do.suppress(services, shell_user(), address, reason)
        row = suppressed.to_dict()
        _say(out, row, "Nothing is sent to", services.settings.zone)


@click.command()
@click.argument("address")
@click.option("--force", is_flag=True, help="Even if those who receive asked for it themselves.")
@click.option("--catch-up/--no-catch-up", default=True, help="Send what was missed meanwhile, or not.")
@output
def unsuppress(out: Output, address: str, force: bool, catch_up: bool) -> None:
    """Lift the reason not to send to an address, and send what it missed and still matters."""
    with frame.services() as services:
        lifted = do.unsuppress(services, shell_user(), address, force, catch_up)
        ring(out, lifted.work)
    row = SuppressedAddress(lifted.channel, lifted.address, lifted.was).to_dict()
    more = {"missed": list(lifted.missed), "deliveries": lifted.again, "catch_up": lifted.catch_up}
    _say(out, row | more, "Lifted for", services.settings.zone)
    if lifted.missed:
        out.note(f"Missed of what goes at once: {', '.join(lifted.missed)}.")
    if lifted.again:
        out.note(f"Sent now: {number_of(lifted.again, 'delivery', 'deliveries')} that it missed.")
    elif lifted.catch_up:
        out.note("What it missed, if anything, is sent now.")
    elif lifted.missed:
        out.note(f"None of it is sent; `alerts resend {lifted.address} UPDATE` sends one of them.")


@click.group()
def suppressions() -> None:
    """See whom nothing is sent to."""


@suppressions.command("list")
@click.option("--channel", type=click.Choice(list(CHANNELS)), help="Only those of this channel.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help=f"The newest N; {LISTED} in a table.")
@output
def list_(out: Output, channel: str | None, limit: int | None) -> None:
    """List the addresses that nothing is sent to: since when, by whom, and why in their words."""
    most = limit or (LISTED if out.human else None)
    kind = Channel(channel) if channel else None
    with frame.services() as services:
        found = do.list_suppressions(services, shell_user(), kind, most)
        rows = (one.to_dict() for one in found)
        shown = with_local_times(out, rows, services.settings.zone, "since")
        out.rows(shown, _COLUMNS, "address", "No address is suppressed.")
        total = do.count_suppressions(services, shell_user(), kind)
    if most is not None and total > most:
        out.note(f"The newest {most} of {total:,}; see all with `alerts suppressions list -o jsonl`.")


def _say(out: Output, row: dict[str, object], said: str, zone: tzinfo) -> None:
    if out.human:
        [shown] = with_local_times(out, [row], zone, "since")
        out.line(f"✓ {said} {shown['address']}: {shown['reason']} (by {shown['by']}, since {shown['since']})")
    else:
        out.record(row, "address")
