"""`alerts resend`: one person gets an update once more."""

import sys

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.operations import Resending


@click.command(epilog="Example: alerts resend anna@example.org ua-ru-talks")
@click.argument("address")
@click.argument("update")
@click.option(
    "--yes", is_flag=True, help="Do not ask; within a minute of the last time it is asked all the same."
)
@output
def resend(out: Output, address: str, update: str, yes: bool) -> None:
    """Send the latest revision of an update once more to one person.

    It says what they had, and asks; where there is no terminal, --yes is the answer.
    """

    def agreed(found: Resending) -> bool:
        if yes and found.lately_ms is None:
            return True
        if not sys.stdin.isatty():
            return False
        ago = "" if found.lately_ms is None else " That was resent less than a minute ago."
        had = ", ".join(map(str, found.had))
        whom = found.subscriber.address
        return click.confirm(
            f"{whom} had {had}.{ago} Send {found.revision.ref} once more?", abort=True, err=True
        )

    with frame.services() as services:
        done = do.resend(services, shell_user(), address, update, agreed)
        ring(out, done.work)
    had = ", ".join(map(str, done.had))
    if out.human:
        out.line(f"✓ {done.revision.ref} is sent once more to {done.address}, who had {had}")
    else:
        out.record(done.to_dict(), "address")
