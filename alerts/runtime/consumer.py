"""How a worker waits for a broker. Apart because only workers load it: loading takes a third of a second."""

import logging
import time
from typing import Any

from celery.worker import consumer
from celery.worker.state import maybe_shutdown

from alerts.logs import log
from alerts.store.refusals import understood

#: How often to look for a broker that is away or takes nothing (s). Celery would wait up to 30 s.
LOOK_EVERY_S = 1.0


class Consumer(consumer.Consumer):  # type: ignore[misc]  # celery ships no types
    """Celery's, but it looks every second for a broker that is away or takes nothing, and says so once."""

    _away = False

    def ensure_connected(self, conn: Any) -> Any:
        """Return once the broker answers."""
        conn.ensure_connection(
            lambda fault, _: self._missed(fault), None, LOOK_EVERY_S, 0, LOOK_EVERY_S, maybe_shutdown
        )
        return conn

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Leave the broker alone for a moment: it may answer, and take nothing."""
        self._missed(exc)
        super().on_connection_error_after_connected(exc)
        time.sleep(LOOK_EVERY_S)

    def on_connection_error_before_connected(self, exc: Exception) -> None:
        """The same, where it refuses from the beginning."""
        self._missed(exc)
        time.sleep(LOOK_EVERY_S)

    def on_ready(self) -> None:
        """The broker answers and takes what it must."""
        super().on_ready()
        if self._away:
            log.warning("the broker is there again")
        self._away = False

    def _missed(self, fault: Exception) -> None:
        if not self._away:
            known = understood(fault)
            log.warning("waiting for the broker", why=known.sentence if known else type(fault).__name__)
        self._away = True


#: What Celery says at each of these looks, we have said once.
logging.getLogger(consumer.__name__).addFilter(
    lambda record: not (isinstance(record.args, tuple) and consumer.CONNECTION_RETRY in record.args)
)
