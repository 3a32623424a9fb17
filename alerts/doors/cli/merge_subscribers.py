"""`alerts subscribers merge`."""

import click

from alerts.doors.cli import frame
from alerts.doors.cli.confirming import confirm, yes_option
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.operations import doubles, merge, work_left
from alerts.operations.subscribing import subscriber_details
from alerts.texts import number_of


@click.command("merge")
@click.argument("keep")
@click.argument("other")
@yes_option
@output
def merge_(out: Output, keep: str, other: str, yes: bool) -> None:
    """Make one subscriber of two who are one person, spelt otherwise.

    KEEP gets all that either asks for and keeps its spelling; OTHER goes. `alerts check --index` names such
    doubles, which only a store of an earlier version has.
    """
    with frame.services() as services:
        kept, gone = doubles(services, shell_user(), keep, other)
        confirm(f"Let {kept.address} have all that {gone.address} asks for, and forget the latter?", yes)
        merged = merge(services, shell_user(), kept.address, gone.address)
        ring(out, work_left(services, merged))
        row = subscriber_details.described(services, merged).to_dict(services.tree)
    if out.human:
        many = number_of(len(merged.subscriptions), "subscription")
        out.line(f"✓ {merged.address} is one subscriber, with {many}")
    else:
        out.record(row, "address")
