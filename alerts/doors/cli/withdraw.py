"""`alerts withdraw`: what is taken back."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.ringing import ring
from alerts.doors.cli.shell import shell_user


@click.command()
@click.argument("update")
@click.option("--reason", default=do.WITHDRAWN, metavar="TEXT", help="What those who got it are told.")
@click.option(
    "--wrong", is_flag=True, help="It never was so: tell them that it is retracted, not that it is over."
)
@output
def withdraw(out: Output, update: str, reason: str, wrong: bool) -> None:
    """Stop an update: what is not sent is not sent, who got it is told that it is closed, or was wrong.

    A digest that tells other updates as well, and is on its way already, still goes out; “Closed” or
    “Retracted” follows it. Who is still to hear of it at a slot reads in a line that it has ended; with
    --wrong, nothing.
    """
    with frame.services() as services:
        done = do.withdraw(services, shell_user(), update, reason, wrong=wrong)
        ring(out, done.work)
    if not out.human:
        out.record(done.to_dict(), "update")
    elif done.cancel is None:
        out.line(f"✓ {done.revision.ref} was taken back; nobody has seen it")
    else:
        out.line(f"✓ {update} is withdrawn; {done.cancel.ref} tells those who got it")
        if done.going_out:
            word = "Retracted" if wrong else "Closed"
            several = "A digest" if done.going_out == 1 else f"{done.going_out} digests"
            goes = "goes" if done.going_out == 1 else "go"
            out.note(f"{several} of several updates still {goes} out with it, followed by “{word}”.")
