"""Celery: the doorbells and the sweep. A message says “look now” and nothing else; losing one costs a moment.

The only room that knows Celery, and the only one that enqueues. Without a broker the sweep does all the work.
"""

import logging
import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from celery import Celery, bootsteps, signals
from kombu import Exchange, Queue, pools  # type: ignore[attr-defined]  # exported lazily

from alerts import logs
from alerts.errors import AlertsError, Unreachable
from alerts.model import Step, Work
from alerts.runtime import sign_of_life
from alerts.runtime.lanes import Lanes
from alerts.services import Services, connect
from alerts.settings import Settings, load
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

log = structlog.get_logger("alerts")

#: Drained in this order: every step of what is urgent; the small steps of the rest; its batches.
QUEUES = ("urgent", "control", "routine")
#: The sweep rings no more where so many bells wait unheard. They have no end of their own: by whose clock?
BELLS_MOST = 1_000
SWEEP_EVERY_S = 1.0
#: How often a worker looks whether the broker takes bells; in between, one that did not is left alone (s).
BROKER_LOOK_S = 5.0


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
        "worker_consumer": "alerts.runtime.tasks.consumer:Consumer",
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
def _batch_sender() -> BatchSender:
    return BatchSender(connect(load()))


def batch_sender() -> BatchSender:
    """The batch sender of this process: put together when a thread first asks for it, the same for all.

    Two of them would stop only in part: the worker is told once to put nothing more on the wire.
    """
    with _putting_together:
        return _batch_sender()


@app.task(name="alerts.look", ignore_result=True)
def look(entry: str) -> None:
    """Do what is owed under this entry and ring for what it leaves.

    What is urgent goes on at once: its next step is done here, and does not queue behind anything again.
    """
    work: Work | None = Work.parse(entry)
    try:
        while work:
            done, following, work = work, steps.step(batch_sender(), work), None
            ends = batch_sender().services.stopping.is_set()
            if following and following[0].urgent and following[0] != done and not ends:
                work = following.pop(0)
            ring(following)
    except AlertsError as fault:
        log.warning("step put off", entry=entry, why=fault.sentence)


#: Set while the broker takes no bells: nobody then waits for it, but for the look of `watch`.
_silent = threading.Event()


def ring(works: Iterable[Work], most: int | None = None) -> list[Work]:
    """Ring a doorbell for each. Returns those that could not be rung for, which is no fault: the sweep comes.

    Waits once for a broker that does not answer, 3 s to connect and 5 s to be answered; then no longer.
    `most`: none is rung in a lane where so many wait already.
    """
    left = deque(works)
    if _silent.is_set():
        return list(left)
    waiting: dict[str, int] = {}
    try:
        with _producers().acquire(block=True, timeout=5) as producer:
            while left:
                lane = left[0].lane
                if most is not None and lane not in waiting:
                    waiting[lane] = producer.channel.client.llen(lane)
                if most is None or waiting[lane] < most:
                    look.apply_async((str(left[0]),), queue=lane, producer=producer, retry=False)
                left.popleft()
    except Exception as fault:  # noqa: BLE001 - whatever the broker client raises means the same
        _silent.set()
        log.info("doorbell not rung", why=_fault(fault).sentence)
    return list(left)


@cache
def _producers() -> Any:
    """Connections to ring with. They try once; Celery's usual ones go on trying for six seconds."""
    return pools.producers[app.connection_for_write(transport_options={"max_retries": 0})]


def require_broker(settings: Settings) -> None:
    """Raise what keeps the broker from taking bells. It is asked for a write that changes nothing."""
    _ = settings.doorbell_url  # BadInput for one that no broker can have
    try:
        with _producers().acquire(block=True, timeout=5) as producer:
            producer.connection.default_channel.client.delete("alerts.nothing")
    except Exception as fault:
        raise _fault(fault) from fault


def _fault(error: Exception) -> AlertsError:
    """What the broker client raised, as a sentence without its words: the address may be among them."""
    kinds = {kind.__name__ for raised in (error, error.__cause__) for kind in type(raised).__mro__}
    what = "does not answer"
    if "AuthenticationError" in kinds:
        what = "refuses our login"
    elif "ResponseError" in kinds:
        what = "takes no messages"
    return Unreachable(
        f"The broker {what}.",
        "Is it running, and may we write there? Check ALERTS_BROKER_URL. Until then all goes out, but later.",
    )


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
                except Exception:
                    why = "It failed; its log has how."
                    log.exception(f"{name} failed")
                if sign:
                    sign_of_life.give(sign, why)
                self._end.wait(every_s)

        threading.Thread(target=run, name=name, daemon=True).start()


def sweep(services: Services, lanes: Lanes, worker: str) -> None:
    """Do everything that is due, ring for the batches so that others help, and give a sign of life."""
    services.work.rewind()
    services.work.alive(worker)
    due = services.work.sweep()
    crowded = lanes.offer(due)
    unrung = ring((work for work in due if work.step is Step.SEND), BELLS_MOST)
    services.work.hasten([work for work in crowded if work.step is not Step.SEND or work in unrung])


def watch(services: Services, worker: str) -> None:
    """Look whether the broker takes bells, and note it for health and status."""
    try:
        require_broker(services.settings)
    except AlertsError as fault:
        _silent.set()
        services.work.broker_down(worker, fault.sentence)
    else:
        _silent.clear()
        services.work.broker_up(worker)


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
    batch_sender().services.stopping.set()


@signals.setup_logging.connect(weak=False)
def log_to_stderr(loglevel: int = logging.INFO, **_: Any) -> None:
    """Have the worker log as all of ours do, from Celery's `--loglevel` on; no address is ever logged."""
    logs.to_stderr(loglevel)
