"""`alerts withdraw`: undone if it is held, else closed, without a question: for programs."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.ending import say_going_out
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user


@click.command()
@click.argument("update")
@click.option("--reason", default=do.WITHDRAWN, metavar="TEXT", help="What those who got it are told.")
@output
def withdraw(out: Output, update: str, reason: str) -> None:
    """Stop an update without a question, for programs: `alerts undo` if it is held, else `alerts close`.

    What is not sent is not sent, and who got it is told that it is closed. A digest that tells other updates
    as well, and is on its way already, still goes out; “Closed” follows it. Who is still to hear of it at a
    slot reads in a line that it has ended.
    """
    with frame.services() as services:
        done = do.withdraw(services, shell_user(), update, reason)
        ring(out, done.work)
    if not out.human:
        out.record(done.to_dict(), "update")
    elif done.cancel is None:
        out.line(f"✓ {done.revision.ref} was taken back; nobody has seen it")
    else:
        out.line(f"✓ {update} is withdrawn; {done.cancel.ref} tells those who got it")
        say_going_out(out, done.going_out, "Closed")
