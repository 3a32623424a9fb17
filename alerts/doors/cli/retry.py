"""`alerts retry`: what failed is tried again."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.texts import number_of


@click.command()
@click.argument("name", metavar="DIGEST|UPDATE")
@output
def retry(out: Output, name: str) -> None:
    """Send again what failed of a digest, or of every digest of an update."""
    with frame.services() as services:
        again = do.retry(services, shell_user(), name)
        ring(out, again.work)
    if out.human:
        deliveries = number_of(again.deliveries, "delivery", "deliveries")
        out.line(f"✓ tried again: {deliveries} and {number_of(again.renderings, 'rendering')}")
        for address, why in again.suppressed.items():
            out.note(f"Not to {address}: {why}. Lift that with `alerts unsuppress {address}`.")
        if again.delivered_since:
            out.note(f"Left out, for a catch-up or a resend told them since: {again.delivered_since:,}.")
    else:
        out.record(again.to_dict(), "name")
