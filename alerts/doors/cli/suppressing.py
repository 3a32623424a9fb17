"""`alerts suppress` and `unsuppress`: standing reasons not to send to an address."""

from typing import Any

import click

from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.model import Channel
from alerts.operations import suppressing, utc_text
from alerts.runtime import doorbell
from alerts.store import Suppression


@click.command()
@click.argument("address")
@click.option("--reason", default="", help="Why; shown wherever something is not sent.")
@output
def suppress(out: Output, address: str, reason: str) -> None:
    """Send nothing to an address any more, whether or not it subscribes."""
    with frame.services() as services:
        channel, exact, standing = suppressing.suppress(services, address, reason)
    _tell(out, _row(channel, exact, standing), "Nothing is sent to")


@click.command()
@click.argument("address")
@click.option("--force", is_flag=True, help="Even if those who receive asked for it themselves.")
@click.option("--catch-up/--no-catch-up", default=True, help="Send what was missed meanwhile, or not.")
@output
def unsuppress(out: Output, address: str, force: bool, catch_up: bool) -> None:
    """Lift the reason not to send to an address, and send what it missed and still matters."""
    with frame.services() as services:
        lifted = suppressing.unsuppress(services, address, force, catch_up)
        doorbell.ring(lifted.works)
    row = _row(lifted.channel, lifted.address, lifted.was)
    _tell(out, row | {"deliveries": lifted.again, "catch_up": lifted.catch_up}, "Lifted for")
    if lifted.again:
        out.note(f"{lifted.again} deliveries that it missed are sent now.")
    elif lifted.catch_up:
        out.note("What it missed, if anything, is sent now.")


def _row(channel: Channel, address: str, standing: Suppression) -> dict[str, Any]:
    return {
        "address": address,
        "channel": channel,
        "reason": standing.reason,
        "since": utc_text(standing.since_ms),
        "by": standing.by,
    }


def _tell(out: Output, row: dict[str, Any], said: str) -> None:
    if out.human:
        out.line(f"✓ {said} {row['address']}: {row['reason']} (by {row['by']}, since {row['since']})")
    else:
        out.record(row, "address")
