"""Celery: the doorbells and the sweep. A message says “look now” and nothing else; losing one costs a moment.

The only room that knows Celery, and the only one that enqueues.
"""

import logging
import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Iterable
from functools import cache
from typing import Any

import structlog
from celery import Celery, bootsteps, signals
from kombu import Exchange, Queue  # type: ignore[attr-defined]  # exported lazily

from alerts import logs, pipeline
from alerts.errors import AlertsError
from alerts.model import Work
from alerts.sending import Desk
from alerts.services import Services, connect
from alerts.settings import load

log = structlog.get_logger("alerts")

#: Drained in this order: every step of what is urgent; the small steps of the rest; its batches.
QUEUES = ("urgent", "control", "routine")
#: The sweep rings no more where so many bells wait unheard. They have no end of their own: by whose clock?
BELLS_MOST = 1_000
SWEEP_EVERY_S = 1.0


def _configuration() -> dict[str, Any]:
    """Reasons for each stand in docs/adr/0002 and were measured on Celery 5.7."""
    return {
        "broker_url": load().doorbell_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            "visibility_timeout": 120,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "queue_order_strategy": "priority",
        },
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
        "task_default_queue": "control",
        "task_create_missing_queues": False,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "worker_consumer": "alerts.tasks.consumer:Consumer",
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_soft_shutdown_timeout": 15,
        "worker_send_task_events": False,
    }


app = Celery("alerts", set_as_current=False)
#: `cache` alone lets threads that ask at the same time each make one. A signal may ask within the asking.
_putting_together = threading.RLock()
app.add_defaults(_configuration)


@cache
def _desk() -> Desk:
    return Desk(connect(load()))


def desk() -> Desk:
    """This process's desk, put together when the first of its threads asks for it, and the same for all.

    Two of them would stop only in part: the worker is told once to put nothing more on the wire.
    """
    with _putting_together:
        return _desk()


@app.task(name="alerts.look", ignore_result=True)
def look(entry: str) -> None:
    """Do what is owed under this entry and ring for what it leaves.

    What is urgent goes on at once: its next step is done here, and does not queue behind anything again.
    """
    work: Work | None = Work.parse(entry)
    try:
        while work:
            done, following, work = work, pipeline.step(desk(), work), None
            ends = desk().services.stopping.is_set()
            if following and following[0].urgent and following[0] != done and not ends:
                work = following.pop(0)
            ring(following)
    except AlertsError as fault:
        log.warning("step put off", entry=entry, why=fault.sentence)


def ring(works: Iterable[Work], most: int | None = None) -> list[Work]:
    """Ring a doorbell for each. Returns those that could not be rung for, which is no fault: the sweep comes.

    `most`: none is rung in a lane where so many wait already.
    """
    left = deque(works)
    waiting: dict[str, int] = {}
    try:
        with app.producer_pool.acquire(block=True, timeout=5) as producer:
            while left:
                lane = left[0].lane
                if most is not None and lane not in waiting:
                    waiting[lane] = producer.channel.client.llen(lane)
                if most is None or waiting[lane] < most:
                    look.apply_async((str(left[0]),), queue=lane, producer=producer, retry=False)
                left.popleft()
    except Exception as fault:  # noqa: BLE001 - whatever the broker client raises means the same
        log.info("doorbell not rung", why=type(fault).__name__)
    return list(left)


class Sweep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Looks for what is due, once a second, in every worker. Many sweepers are harmless."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        self._thread.start()

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        self._end.set()

    def _run(self) -> None:
        name, why = f"{socket.gethostname()}:{os.getpid()}", ""
        while not self._end.wait(SWEEP_EVERY_S):
            try:
                sweep(desk().services, name)
                if why:
                    log.warning("sweep goes on")
                why = ""
            except AlertsError as fault:
                if fault.sentence != why:  # said once: it may last for hours
                    log.warning("sweep put off", why=fault.sentence)
                why = fault.sentence
            except Exception:
                log.exception("sweep failed")


def sweep(services: Services, worker: str) -> None:
    """Ring for everything that is due, and give a sign of life."""
    services.work.rewind()
    services.work.alive(worker)
    services.work.hasten(ring(services.work.sweep(), BELLS_MOST))


class HangUp(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    """Lets SIGHUP end a worker as SIGTERM does: Celery would start it anew, out of its supervisor's sight."""

    def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))


app.steps["worker"].add(Sweep)
app.steps["worker"].add(HangUp)


@signals.worker_shutting_down.connect(weak=False)
def hand_back(**_: Any) -> None:
    """From here on nothing new goes on the wire; what is not sent is handed back, still owed."""
    desk().services.stopping.set()


@signals.setup_logging.connect(weak=False)
def log_to_stderr(loglevel: int = logging.INFO, **_: Any) -> None:
    """Have the worker log as all of ours do, from Celery's `--loglevel` on; no address is ever logged."""
    logs.to_stderr(loglevel)
