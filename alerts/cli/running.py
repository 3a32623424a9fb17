"""`alerts up` and `alerts worker`: what runs until Ctrl-C."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from alerts.cli import frame
from alerts.cli.output import tell
from alerts.embedded import Supervisor, worker_command

#: Threads a worker sends with; sending is mostly waiting.
THREADS = 8


@click.command()
@click.option(
    "--workers", type=click.IntRange(1, 64), help="How many workers; one per core, at most 2, if left out."
)
def up(workers: int | None) -> None:
    """Run everything: the bundled server, unless one is configured, and workers, until Ctrl-C."""
    count = workers or min(2, os.cpu_count() or 1)
    with frame.services() as services:
        services.work.count()  # a server that does not answer is said here, not in Celery's words
        where = services.settings.socket_path if services.settings.bundled else "as configured"
        tell(f"✓ server ready ({where})")
        with Supervisor(tell) as children:
            for number in range(1, count + 1):
                start_worker(children, number)
            tell("  Publish with `alerts publish FILE`, look with `alerts status`, stop with Ctrl-C.")
            children.run_until_signal()
    tell("✓ stopped; what is not sent is still owed")


@click.command()
def worker() -> None:
    """Run one worker until Ctrl-C, and start it again if it ever ends by itself."""
    with frame.services() as services:
        services.work.count()  # as in `up`
        with Supervisor(tell) as children:
            start_worker(children, 1)
            children.run_until_signal()


def start_worker(
    children: Supervisor, number: int, log: Path | None = None, env: Mapping[str, str] | None = None
) -> None:
    """Supervise one worker. What Celery says goes into `log`, else to standard error: answers are ours."""
    redirected = 'exec "$@" >>"$0" 2>&1' if log else 'exec "$@" >&2'
    # Celery takes the last -n: workers of one supervisor need names of their own.
    command = [*worker_command(THREADS), "-n", f"alerts-{os.getpid()}-{number}@%h"]
    children.start(f"worker {number}", ["/bin/sh", "-c", redirected, str(log or "worker"), *command], env)
