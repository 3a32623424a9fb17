"""Breakers: a route that fails is left alone for a while, by all workers at once."""

import math
import time
from collections.abc import Sequence

from alerts.logs import log
from alerts.store.events import Events
from alerts.store.notices import Notices
from alerts.store.server import Server, translated

#: A route that failed is left alone for 1 s, then twice as long each time, at most 30 s.
FIRST_BACK_OFF_MS = 1_000
LONGEST_BACK_OFF_MS = 30_000

#: Somebody accepted within this long speaks for a route against what was only inferred of it (ms); noted as
#: often as that (s).
WITNESS_MS, WITNESSED_S = 30_000, 5.0

#: Operators are notified of a route that stays down, or must be repaired, at most this often (ms).
NOTIFY_AGAIN_MS = 3600 * 1000


class Breakers:
    """One breaker a route: closed while it works, open until an instant when it failed.

    Key: `breaker:{route}`. It has no end of its own: failures are forgotten when the route works again, and
    what is left is when it last accepted somebody and when operators were last notified of it.

    - closed → open by `trip`, longer with every failure in a row; while it is open, it is not lengthened.
    - open → tried again by itself once its time is over: no permission is needed, one success closes it.
    - What is only *inferred* of a route, from the fate of a few people, opens nothing while others are
      accepted, and never keeps what is urgent from trying.
    - Nothing that is owed is lost or counted as tried by an open breaker: it waits.
    """

    def __init__(self, server: Server, notices: Notices, events: Events, routes: Sequence[str]) -> None:
        self._server = server
        self._keys = server.keys
        self._notices = notices
        self._events = events
        self._routes = routes
        self._tripped: dict[str, bool] = {}
        self._witnessed: dict[str, float] = {}
        self._said_down: set[str] = set()  # the log has it once, until it works again

    def trip(self, route: str, why: str, after_s: float | None, *, inferred: bool = False) -> float:
        """Open a route's breaker, and notify operators if it needs them. Seconds to back off.

        What is `inferred` from the fate of a few people opens nothing while others are accepted.
        """
        back_off, notify = self._server.run(
            "limits/trip_breaker",
            [self._keys("breaker", route)],
            [
                why,
                int((after_s or 0) * 1000),
                FIRST_BACK_OFF_MS,
                LONGEST_BACK_OFF_MS,
                int(inferred),
                WITNESS_MS,
                NOTIFY_AGAIN_MS,
            ],
        )
        if notify:
            self._notices.notify("trouble with a route", route=route, why=why)
        if back_off and route not in self._said_down:
            self._said_down.add(route)
            self._events.add("route.down", route=route)
            log.warning("route down", route=route, see="alerts status")  # its words may hold an address
        return int(back_off) / 1000

    def back_off(self, route: str, *, urgent: bool = False) -> float:
        """The seconds a route is still to be left alone; 0 when it may be tried.

        What is urgent tries a route that is down by inference only: it is not to wait for anybody's fault.
        """
        with translated():
            until, inferred = self._server.client.hmget(self._keys("breaker", route), "until", "inferred")
        self._tripped[route] = until is not None
        if not until or (inferred and urgent):
            return 0.0
        return max(0.0, (int(until) - self._server.now_ms()) / 1000)

    def close(self, route: str, *, accepted: bool = True) -> None:
        """The route works: close its breaker, if `back_off` saw one, and note at times that it `accepted`."""
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
        if route in self._said_down:
            self._said_down.discard(route)
            self._events.add("route.up", route=route)
            log.warning("route works again", route=route)

    def tripped(self) -> dict[str, str]:
        """Routes that failed last time, and why."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for route in self._routes:
                pipe.hget(self._keys("breaker", route), "why")
            reasons = pipe.execute()
        return {str(route): why.decode() for route, why in zip(self._routes, reasons, strict=True) if why}
