"""Doorbells: a message says “look now” and nothing else; losing one costs a moment. Nobody else enqueues."""

import threading
from collections import deque
from collections.abc import Iterable

from alerts.errors import AlertsError
from alerts.logs import log
from alerts.model import Work
from alerts.runtime.broker import broker_fault, producers, require_broker
from alerts.runtime.celery_app import LOOK, app
from alerts.services import Services

#: Set while the broker takes no bells: nobody then waits for it, but for the look of `watch`.
_silent = threading.Event()


def ring(entries: Iterable[Work], most: int | None = None) -> list[Work]:
    """Ring a doorbell for each. Returns those that could not be rung for, which is no fault: the sweep comes.

    Waits once for a broker that does not answer, 3 s to connect and 5 s to be answered; then no longer.
    `most`: none is rung in a lane where that many wait already.
    """
    left = deque(entries)
    if not left or _silent.is_set():
        return list(left)
    waiting: dict[str, int] = {}
    try:
        with producers().acquire(block=True, timeout=5) as producer:
            while left:
                lane = left[0].lane
                if most is not None and lane not in waiting:
                    waiting[lane] = producer.channel.client.llen(lane)
                if most is None or waiting[lane] < most:
                    app.send_task(
                        LOOK, (str(left[0]),), queue=lane, producer=producer, retry=False, ignore_result=True
                    )
                left.popleft()
    except Exception as fault:  # noqa: BLE001 - whatever the broker client raises means the same
        _silent.set()
        log.info("doorbell not rung", why=broker_fault(fault).sentence)
    return list(left)


def watch(services: Services, worker: str) -> None:
    """Look whether the broker takes bells, and note it for health and status."""
    try:
        require_broker(services.settings)
    except AlertsError as fault:
        _silent.set()
        services.workers.broker_down(worker, fault.sentence)
    else:
        _silent.clear()
        services.workers.broker_up(worker)
