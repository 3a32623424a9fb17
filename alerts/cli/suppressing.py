"""`alerts suppress` and `unsuppress`: standing reasons not to send to an address."""

import click

from alerts.cli import frame
from alerts.cli.output import Output, output
from alerts.model import Channel
from alerts.operations import suppressing, utc_text
from alerts.store import Suppression


@click.command()
@click.argument("address")
@click.option("--reason", default="", help="Why; shown wherever something is not sent.")
@output
def suppress(out: Output, address: str, reason: str) -> None:
    """Send nothing to an address any more, whether or not it subscribes."""
    with frame.services() as services:
        channel, exact, standing = suppressing.suppress(services, address, reason)
    _tell(out, channel, exact, standing, "Nothing is sent to")


@click.command()
@click.argument("address")
@click.option("--force", is_flag=True, help="Even if those who receive asked for it themselves.")
@output
def unsuppress(out: Output, address: str, force: bool) -> None:
    """Lift the reason not to send to an address."""
    with frame.services() as services:
        channel, exact, standing = suppressing.unsuppress(services, address, force)
    _tell(out, channel, exact, standing, "Lifted for")


def _tell(out: Output, channel: Channel, address: str, standing: Suppression, said: str) -> None:
    since = utc_text(standing.since_ms)
    if out.human:
        out.line(f"✓ {said} {address}: {standing.reason} (by {standing.by}, since {since})")
        return
    row = {"address": address, "channel": channel.value, "reason": standing.reason}
    out.record(row | {"since": since, "by": standing.by}, "address")
