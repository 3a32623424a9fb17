"""Workers and the broker: who is alive, and who cannot ring."""

import json
from dataclasses import dataclass

from alerts.model import Instant
from alerts.store.server import Server, translated

ALIVE_MS = 15_000
REMEMBERED_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, order=True)
class BrokerFault:
    """One worker cannot ring, since then."""

    since_ms: Instant
    why: str


class LiveWorkers:
    """Signs of life of workers, and what they have against the broker.

    Keys: `workers`, names by last sign of life; who gave none for a day is forgotten. `broker`, what a worker
    that cannot ring says of it, until it can again, or for a day.

    A worker that is listed by `live` gave a sign within 15 seconds; nothing is promised of the next one.
    What a worker said of the broker counts only while that worker is live.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def alive(self, worker: str) -> None:
        """A worker's sign of life."""
        self._server.run("health/note_worker", [self._keys("workers")], [worker, REMEMBERED_MS])

    def live(self) -> list[str]:
        """The workers that gave a sign of life in the last 15 seconds."""
        since = self._server.now_ms() - ALIVE_MS
        with translated():
            rows = self._server.client.zrange(self._keys("workers"), since, "+inf", byscore=True)
        return [row.decode() for row in rows]

    def pulse(self) -> Instant | None:
        """The latest sign of life of any worker, asked together with a write that changes nothing.

        A server that takes no writes refuses that one; a ping it would answer.
        """
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.zrem(self._keys("workers"), "")
            pipe.zrange(self._keys("workers"), 0, 0, desc=True, withscores=True)
            latest = pipe.execute()[1]
        return int(latest[0][1]) if latest else None

    def broker_down(self, worker: str, why: str) -> None:
        """Note that a worker cannot ring, and since when: its first word on it stays until `broker_up`."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.hsetnx(
                self._keys("broker"), worker, json.dumps({"since_ms": self._server.now_ms(), "why": why})
            )
            pipe.pexpire(self._keys("broker"), REMEMBERED_MS)
            pipe.execute()

    def broker_up(self, worker: str) -> None:
        with translated():
            self._server.client.hdel(self._keys("broker"), worker)

    def broker_faults(self) -> list[BrokerFault]:
        """What live workers have against the broker, the oldest first; nothing while all can ring."""
        workers = self.live()
        if not workers:
            return []
        with translated():
            rows = self._server.client.hmget(self._keys("broker"), workers)
        return sorted(BrokerFault(**json.loads(row)) for row in rows if row)
