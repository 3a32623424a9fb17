"""The sweep: in every worker, once a second, whatever is due is done, whether or not a bell was heard."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import bootsteps

from alerts.errors import AlertsError
from alerts.logs import log
from alerts.model import Step
from alerts.runtime import sign_of_life
from alerts.runtime.doorbell import ring, watch
from alerts.runtime.lanes import Lanes
from alerts.runtime.process import batch_sender
from alerts.services import Services

SWEEP_EVERY_S = 1.0
#: How often a worker looks whether the broker takes bells; in between, one that did not is left alone (s).
BROKER_LOOK_S = 5.0
#: The sweep rings no more where this many bells wait unheard. They have no end of their own: by whose clock?
BELLS_MOST = 1_000


class Sweep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Looks for what is due, once a second, in every worker. Many sweepers are harmless."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._end = threading.Event()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._lanes: Lanes | None = None

    def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        lanes = self._lanes = Lanes(batch_sender(), ring)
        sign = batch_sender().services.settings.sign_of_life
        self._repeat("sweep", SWEEP_EVERY_S, lambda: sweep(batch_sender().services, lanes, self._name), sign)
        # Beside the sweep: a broker that does not answer is waited for, and nothing that is due may be.
        self._repeat("broker", BROKER_LOOK_S, lambda: watch(batch_sender().services, self._name))

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        self._end.set()
        if self._lanes:
            self._lanes.stop()

    def _repeat(self, name: str, every_s: float, do: Callable[[], None], sign: Path | None = None) -> None:
        def run() -> None:
            why = ""
            while not self._end.is_set():
                try:
                    do()
                    if why:
                        log.warning(f"{name} goes on")
                    why = ""
                except AlertsError as fault:
                    if fault.sentence != why:  # said once: it may last for hours
                        log.warning(f"{name} put off", why=fault.sentence)
                    why = fault.sentence
                except Exception:  # noqa: BLE001 - the others are swept all the same
                    log.exception(f"{name} failed")
                    why = "It failed; the log of the worker says how."
                if sign:
                    sign_of_life.give(sign, why)
                self._end.wait(every_s)

        threading.Thread(target=run, name=name, daemon=True).start()


def sweep(services: Services, lanes: Lanes, worker: str) -> None:
    """Do everything that is due, ring for the batches so that others help, and give a sign of life."""
    services.due.rewind()
    services.workers.alive(worker)
    due = services.due.sweep()
    crowded = lanes.offer(due)
    unrung = ring((work for work in due if work.step is Step.SEND), BELLS_MOST)
    services.due.hasten([work for work in crowded if work.step is not Step.SEND or work in unrung])
