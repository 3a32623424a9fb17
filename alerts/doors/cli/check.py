"""`alerts check`: what is wrong, before an update suffers it."""

from contextlib import nullcontext

import click

from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import Output, output
from alerts.doors.cli.shell import shell_user
from alerts.errors import ExitCode
from alerts.runtime.broker import require_broker
from alerts.settings import load


@click.command()
@click.option("--index", is_flag=True, help="Compare audiences, index and clocks with every subscriber too.")
@click.option("--repair", is_flag=True, help="Like --index, and put right what differs.")
@output
def check(out: Output, index: bool, repair: bool) -> int:
    """List every problem with settings, logins, server, broker, routes and templates.

    Slack is asked whether it takes the token; nothing is sent to anybody.

    The index is looked at only on request: it takes a minute or two for a million subscribers. That, and its
    repair, may run while everything else does; what was repaired has the level `repaired`.
    """
    comparing = "Comparing the index with every subscriber"
    with out.progress(comparing) if index or repair else nullcontext(_unshown) as show:
        found = do.check(
            load(),
            shell_user(),
            frame.connected,
            require_broker,
            index=index,
            repair=repair,
            show=show,
        )
    out.rows(found.to_dicts(), ("level", "id", "message", "hint"), "id", "✓ No problem found.")
    return ExitCode.FAILED if found.errors else ExitCode.DONE


def _unshown(_done: int, _of: int) -> None:
    """Show no progress of what is not asked for."""
