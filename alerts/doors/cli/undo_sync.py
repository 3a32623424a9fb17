"""`alerts subscribers undo-sync`: everybody what they were before the last whole list."""

import sys
from dataclasses import asdict

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.errors import BadInput, ExitCode


@click.command("undo-sync")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output
def undo_sync(out: Output, yes: bool) -> int:
    """Make everybody what they were before the last `import --sync`, for seven days after it.

    Who left is back, and gets what they missed; who was changed by somebody since stays as they are.
    """
    if not yes:
        if not sys.stdin.isatty():
            raise BadInput("Nobody is there to be asked.", "Give --yes.")
        click.confirm("Make everybody what they were before the last sync?", abort=True, err=True)
    with frame.services() as services:
        undone = do.undo_sync(services, shell_user())
    if not out.human:
        out.record(asdict(undone), "revived")
    else:
        out.line(f"✓ {undone.revived:,} back, {undone.restored:,} as they were, {undone.removed:,} removed")
        for address in undone.kept:
            out.note(f"{address} was changed since, and stays as they are.")
    return ExitCode.FAILED if undone.kept else ExitCode.DONE
