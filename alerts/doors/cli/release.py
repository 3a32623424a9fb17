"""`alerts release`: what is held goes out now."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user
from alerts.doors.cli.waiting import say_if_no_worker


@click.command()
@click.argument("update")
@output
def release(out: Output, update: str) -> None:
    """Let an update go out now that is held: for review, for the undo window or until a time.

    To give it a severity instead, publish it again with --severity: that takes its place.
    """
    with frame.services() as services:
        done = do.release(services, shell_user(), update)
        ring(out, done.work)
        if not done.already:
            say_if_no_worker(out, services)
        at = do.local_text(done.revision.accepted_ms, services.settings.zone)
    if not out.human:
        out.record(done.to_dict(), "update")
    elif done.already:
        out.line(f"= {done.revision.ref} was accepted already at {at}")
    else:
        out.line(f"✓ {done.revision.ref} is released, and goes out now")
