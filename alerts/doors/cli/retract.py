"""`alerts retract`: who has an update is told that it was wrong."""

import click

from alerts.doors.cli.confirming import yes_option
from alerts.doors.cli.ending import REASON, end
from alerts.doors.cli.output import Output, output
from alerts.model import Kind


@click.command()
@click.argument("update")
@REASON
@yes_option
@output
def retract(out: Output, update: str, reason: str, yes: bool) -> None:
    """Say that an update was wrong: what is not sent is not sent, who has it is told so.

    Says how many people that is, and asks. A digest of several updates that is on its way already still goes
    out; “Retracted” follows it. What was right and is over is closed: `alerts close`.
    """
    end(out, Kind.RETRACTION, update, reason, yes)
