"""`alerts demo`: the whole story on a server and a worker of its own, then nothing is left running.

Nothing that is configured is read: no server, no mail relay and no Slack of yours is ever touched.
"""

import contextlib
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from alerts import operations as do
from alerts.doors.cli import frame, story
from alerts.doors.cli.explain import explanation_lines
from alerts.doors.cli.outbox import draw_outbox
from alerts.doors.cli.output import Output, Row, output
from alerts.doors.cli.running import in_its_log, start_worker
from alerts.doors.cli.shell import shell_user
from alerts.runtime import Supervisor
from alerts.services import Services
from alerts.settings import Settings

COLUMNS = ("subscriber", "update", "when", "state", "why")
EXPLAINED = "sven@sport.example", "corridors-closed"


@click.command()
@output
def demo(out: Output) -> None:
    """Show the whole story, from nothing, in some ten seconds. Sends nothing anywhere."""
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="alerts-demo-")).resolve()
    # Reads neither environment nor alerts.toml; nor does the worker, by its environment and where it starts.
    settings = Settings.model_construct(home=home)
    with contextlib.chdir(home), frame.connected(settings) as services, Supervisor(in_its_log) as children:
        start_worker(children, 1, home / "worker.log", _environment(home))
        rows = story.play(services, lambda text: out.line(f"✓ {text}") if out.human else None)
        draw_outbox(settings)
        if out.human:
            out.line()
            out.table(list(_named_once(rows)), COLUMNS)
            _explain(out, services)
    if out.human:
        out.line(f"✓ everything is stopped again, after {time.monotonic() - began:.1f} s")
        out.line()
        out.line(f"What they all saw:  {settings.outbox / 'index.html'}")
        out.line(
            f"Look around:        ALERTS_HOME={shlex.quote(str(home))} {program()} trace anna@kyiv.example"
        )
        out.line(f"Begin:              {program()} up")
    else:
        out.rows(rows, COLUMNS, "subscriber")


def program() -> str:
    """How this very program is called by whoever copies a line: `alerts` only where that finds it."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m alerts"
    found = shutil.which("alerts")
    same = found is not None and called.exists() and Path(found).samefile(called)
    return "alerts" if same else shlex.quote(str(called.absolute()))


def _named_once(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, with each subscriber named in the first of theirs."""
    named = None
    for row in rows:
        yield {**row, "subscriber": "" if row["subscriber"] == named else row["subscriber"]}
        named = row["subscriber"]


def _explain(out: Output, services: Services) -> None:
    address, update = EXPLAINED
    out.line(f"$ alerts explain {address} {update}")
    for line in explanation_lines(do.explain(services, shell_user(), address, update)):
        out.line(line)
    out.line()


def _environment(home: Path) -> dict[str, str]:
    """Ours without any setting of Alerts or Celery, but for the home of the demo."""
    ours = {n: value for n, value in os.environ.items() if not n.startswith(("ALERTS_", "CELERY_"))}
    return ours | {"ALERTS_HOME": str(home)}
