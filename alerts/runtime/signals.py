"""What a worker does when it is asked to end, and when it begins to log."""

import logging
import signal
from typing import Any

from celery import bootsteps
from celery import signals as celery_signals

from alerts import logs
from alerts.runtime.process import batch_sender


class HangUp(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Lets SIGHUP end a worker as SIGTERM does: Celery would start it anew, out of its supervisor's sight."""

    def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))


@celery_signals.worker_shutting_down.connect(weak=False)
def hand_back(**_: Any) -> None:
    """From here on nothing new goes on the wire; what is not sent is handed back, still owed."""
    batch_sender().services.stopping.set()


@celery_signals.setup_logging.connect(weak=False)
def log_to_stderr(loglevel: int = logging.INFO, **_: Any) -> None:
    """Have the worker log as all of ours do, from Celery's `--loglevel` on; no address is ever logged."""
    logs.to_stderr(loglevel)
