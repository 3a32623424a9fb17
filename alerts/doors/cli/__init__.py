"""The command line: reads arguments, calls a use case, prints what came of it. Decides nothing itself.

`frame` holds what every command shares, `output` how answers are printed; the others are the commands.
"""

import io
import logging
import signal
import sys
from types import FrameType

import click

from alerts import logs
from alerts.doors.cli import frame
from alerts.doors.cli.auditing import audit
from alerts.doors.cli.demonstrating import demo
from alerts.doors.cli.looking import explain, outbox, status, trace
from alerts.doors.cli.lookups import regions, tags
from alerts.doors.cli.mending import check, retry, work
from alerts.doors.cli.previewing import preview
from alerts.doors.cli.publishing import publish, read, withdraw
from alerts.doors.cli.running import up, web, worker
from alerts.doors.cli.subscribers import subscribers, subscriptions
from alerts.doors.cli.suppressing import suppress, unsuppress

#: The commands by what one wants to do, in the order of `alerts --help`.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "Run": (demo, up, worker, web, check),
    "Tell": (read, preview, publish, withdraw),
    "Look": (status, explain, trace, outbox, work, retry, audit),
    "Manage": (subscribers, subscriptions, suppress, unsuppress, regions, tags),
}


@click.group(cls=frame.Frame, sections=SECTIONS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alerts", prog_name="alerts", message="%(prog)s %(version)s")
def cli() -> None:
    """Send situation updates as email and Slack digests to those who want them.

    Begin with `alerts demo`.
    """
    logs.to_stderr(logging.WARNING)


def main() -> None:
    """Run `alerts`. SIGTERM and SIGHUP leave as Ctrl-C does: what was started is stopped on the way out."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup alerts up` outlives its terminal
            signal.signal(number, leave)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows another
    cli()
