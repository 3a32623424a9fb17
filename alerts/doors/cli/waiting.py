"""Watching an update on its way until everybody has it or the time is over, and what came of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from alerts import private
from alerts.doors.cli.output import Output
from alerts.doors.cli.running import in_its_log, start_worker
from alerts.doors.cli.shell import shell_user
from alerts.model import Revision
from alerts.operations import Funnel, live_workers, outcome
from alerts.runtime import Supervisor
from alerts.services import Services

LOOK_EVERY_S = 0.1


@contextmanager
def somebody_working(out: Output, services: Services) -> Iterator[None]:
    """Have a worker for the time of the wait: whoever runs one, or one of our own on the bundled server."""
    if live_workers(services, shell_user()):
        yield
    elif not services.settings.bundled:
        out.note("No worker is running: start one with `alerts worker`; until then everything waits.")
        yield
    else:
        out.note(
            "No worker is running, so one is started for as long as this takes (`alerts up` keeps them)."
        )
        log = private.make_folder(services.settings.home.absolute() / "logs") / "worker.log"
        with Supervisor(in_its_log) as children:
            start_worker(children, 1, log)
            yield


def say_if_no_worker(out: Output, services: Services, early: str = "") -> None:
    """Say so where what was accepted goes out only once somebody starts a worker."""
    if not live_workers(services, shell_user()):
        out.note(f"No worker is running: it goes out once `alerts up` or `alerts worker` does{early}.")


def wait(out: Output, services: Services, revisions: Sequence[Revision], seconds: float) -> list[Funnel]:
    """Watch revisions until everybody who gets it at once has, or that many seconds are over."""
    deadline = time.monotonic() + seconds
    with out.progress("telling") as show:
        while True:
            funnels = [outcome(services, shell_user(), revision) for revision in revisions]
            show(sum(f.settled for f in funnels), sum(f.people for f in funnels) or None)
            if not any(f.waiting for f in funnels) or time.monotonic() > deadline:
                return funnels
            time.sleep(LOOK_EVERY_S)


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes true in that time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_S)
    return True
