"""`alerts undo`: a held revision is taken back."""

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user


@click.command()
@click.argument("update")
@click.option("--reason", default=do.UNDONE, metavar="TEXT", help="Why, for whoever looks at it later.")
@output
def undo(out: Output, update: str, reason: str) -> None:
    """Take back an update that is held (undo window, --at, review): nobody ever sees it.

    What was accepted already cannot be undone: `alerts close` says that it is over, `alerts retract` that it
    was wrong. UPDATE.rN takes back another revision than the latest.
    """
    with frame.services() as services:
        done = do.undo(services, shell_user(), update, reason)
    if not out.human:
        out.record(done.to_dict(), "update")
        return
    mark, was = ("=", "was taken back already") if done.already else ("✓", "was taken back")
    out.line(f"{mark} {done.revision.ref} {was}; nobody has seen it")
    if done.standing:
        out.line(f"  {done.standing.ref} stands as before")
