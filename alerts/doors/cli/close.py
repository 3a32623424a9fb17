"""`alerts close`: who has an update is told that it is over."""

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
def close(out: Output, update: str, reason: str, yes: bool) -> None:
    """Say that an update is over: what is not sent is not sent, who has it is told so.

    Says how many people that is, and asks. A digest of several updates that is on its way already still goes
    out; “Closed” follows it. What was wrong from the beginning is retracted: `alerts retract`.
    """
    end(out, Kind.CANCEL, update, reason, yes)
