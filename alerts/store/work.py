"""What is still owed and when to look again; the pace and the health of each way out."""

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerts.model import Instant, Work
from alerts.store.ledger import LEASE_MS
from alerts.store.server import Server, translated

#: How long the sweep waits before it rings again for the same entry (ms). Routine batches wait 10 ms more
#: for every entry that is owed, so a backlog of a million is rung for once in a while, not all the time.
PATIENCE_MS = 3_000
ROUTINE_PATIENCE_MS = 15_000
SWEPT_AT_ONCE = 500

#: A clock is corrected by less than this all the time; then waiting for the difference does no harm (ms).
LEAST_BACK_MS = 5_000

#: A route that failed rests 1 s, then twice as long each time, at most 30 s.
FIRST_REST_MS = 1_000
LONGEST_REST_MS = 30_000

#: Somebody accepted within this long speaks for a route against what was only inferred of it (ms); noted as
#: often as that (s).
WITNESS_MS, WITNESSED_S = 30_000, 5.0

#: Operators are notified of a route that stays down, or must be repaired, at most this often (ms).
NOTIFY_AGAIN_MS = 3600 * 1000

#: Entries that are listed, and that are asked about in one round trip.
LISTED_MOST, ASKED_AT_ONCE = 1_000, 1_000

NOTICES = 1_000
ALIVE_MS = 15_000
REMEMBERED_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class DueEntry:
    work: Work
    look_ms: Instant


@dataclass(frozen=True, slots=True, order=True)
class BrokerFault:
    """One worker cannot ring, since then."""

    since_ms: Instant
    why: str


class WorkSet:
    """The due set and what stands beside it."""

    def __init__(self, server: Server, routes: Sequence[str]) -> None:
        self._server = server
        self._routes = routes
        self._keys = server.keys
        self._tripped: dict[str, bool] = {}
        self._witnessed: dict[str, float] = {}

    def rewind(self) -> None:
        """Let nothing wait for the difference by which the server's clock was put back, if it was."""
        back_ms = self._server.run(
            "rewind",
            [self._keys("time"), self._keys("due"), self._keys("workers")],
            [self._keys.prefix, LEAST_BACK_MS, LEASE_MS, *self._routes],
        )
        if back_ms:
            self.tell("the server's clock was put back", seconds=round(int(back_ms) / 1000))

    def sweep(self) -> list[Work]:
        """What is due now; each is due again only after its patience."""
        found = self._server.run(
            "sweep", [self._keys("due")], [SWEPT_AT_ONCE, PATIENCE_MS, ROUTINE_PATIENCE_MS]
        )
        return [Work.parse(entry.decode()) for entry in found]

    def hasten(self, works: Sequence[Work]) -> None:
        """Have the next sweep find these again: no bell could be rung for them, so none is waited for."""
        if works:
            self._server.run("hasten", [self._keys("due")], [str(work) for work in works])

    def owed(self, most: int = LISTED_MOST) -> list[DueEntry]:
        """What is owed, the longest due first; `count` says how much there is in all."""
        with translated():
            rows = self._server.client.zrange(self._keys("due"), 0, most - 1, withscores=True)
        return [DueEntry(Work.parse(entry.decode()), int(score)) for entry, score in rows]

    def count(self) -> int:
        with translated():
            return int(self._server.client.zcard(self._keys("due")))

    def count_due(self, now_ms: Instant) -> int:
        """How many entries are due by now."""
        with translated():
            return int(self._server.client.zcount(self._keys("due"), "-inf", now_ms))

    def owed_among(self, works: Sequence[Work]) -> list[Work]:
        """Those of the entries that are owed."""
        found = []
        with translated():
            for start in range(0, len(works), ASKED_AT_ONCE):
                asked = works[start : start + ASKED_AT_ONCE]
                scores = self._server.client.zmscore(self._keys("due"), [str(work) for work in asked])
                found += [work for work, score in zip(asked, scores, strict=True) if score is not None]
        return found

    def is_owed(self, work: Work) -> bool:
        with translated():
            return self._server.client.zscore(self._keys("due"), str(work)) is not None

    def owe(self, work: Work, at_ms: Instant) -> None:
        with translated():
            self._server.client.zadd(self._keys("due"), {str(work): at_ms})

    def postpone(self, work: Work, at_ms: Instant) -> None:
        """Look at an entry later; one that is gone stays gone."""
        with translated():
            self._server.client.zadd(self._keys("due"), {str(work): at_ms}, xx=True)

    def done(self, work: Work) -> None:
        with translated():
            self._server.client.zrem(self._keys("due"), str(work))

    def leave(self, route: str, n: int, per_second: float, burst: float) -> float:
        """Ask leave for `n` messages on a route: 0 is go, else the seconds to wait."""
        wait = self._server.run("pace", [self._keys("rate", route)], [1000 / per_second, burst, n])
        return int(wait) / 1000

    def trip(self, route: str, why: str, after_s: float | None, *, inferred: bool = False) -> float:
        """Open a route's breaker, and notify operators if it needs them. Seconds to rest.

        What is `inferred` from the fate of a few people opens nothing while others are accepted.
        """
        rest, notify = self._server.run(
            "trip",
            [self._keys("breaker", route)],
            [
                why,
                int((after_s or 0) * 1000),
                FIRST_REST_MS,
                LONGEST_REST_MS,
                int(inferred),
                WITNESS_MS,
                NOTIFY_AGAIN_MS,
            ],
        )
        if notify:
            self.tell("trouble with a route", route=route, why=why)
        return int(rest) / 1000

    def rest(self, route: str, *, urgent: bool = False) -> float:
        """The seconds a route still rests; 0 when it may be tried.

        What is urgent tries a route that is down by inference only: it is not to wait for anybody's fault.
        """
        with translated():
            until, inferred = self._server.client.hmget(self._keys("breaker", route), "until", "inferred")
        self._tripped[route] = until is not None
        if not until or (inferred and urgent):
            return 0.0
        return max(0.0, (int(until) - self._server.now_ms()) / 1000)

    def close_breaker(self, route: str, *, accepted: bool = True) -> None:
        """The route works: close its breaker, if `rest` saw one, and note now and then that it `accepted`."""
        noted = accepted and time.monotonic() - self._witnessed.get(route, -math.inf) >= WITNESSED_S
        if not (noted or self._tripped.get(route)):
            return
        key, now_ms = self._keys("breaker", route), self._server.now_ms()
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.hdel(key, "failures", "until", "why", "inferred")
            if accepted:
                pipe.hset(key, "accepted", now_ms)
            pipe.execute()
        if accepted:
            self._witnessed[route] = time.monotonic()

    def breakers(self) -> dict[str, str]:
        """Routes that failed last time, and why."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for route in self._routes:
                pipe.hget(self._keys("breaker", route), "why")
            return {
                route: why.decode() for route, why in zip(self._routes, pipe.execute(), strict=True) if why
            }

    def alive(self, worker: str) -> None:
        """A worker's sign of life."""
        self._server.run("alive", [self._keys("workers")], [worker, REMEMBERED_MS])

    def workers(self) -> list[str]:
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
        workers = self.workers()
        if not workers:
            return []
        with translated():
            rows = self._server.client.hmget(self._keys("broker"), workers)
        return sorted(BrokerFault(**json.loads(row)) for row in rows if row)

    def tell(self, what: str, **details: Any) -> None:
        """Tell operators something they should know."""
        notice = {"at_ms": self._server.now_ms(), "what": what, **details}
        self._server.run("tell", [self._keys("notices")], [json.dumps(notice, ensure_ascii=False), NOTICES])

    def notices(self, most: int = 20) -> list[dict[str, Any]]:
        with translated():
            rows = self._server.client.lrange(self._keys("notices"), 0, most - 1)
        return [json.loads(row) for row in rows]
