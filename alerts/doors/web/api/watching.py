"""One watcher a process, however many listen: it waits for events, and hands each to every listener.

A listener that does not keep up is dropped, never waited for: it comes back and names the last it saw.
"""

import asyncio
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool

from alerts.errors import AlertsError
from alerts.logs import log
from alerts.services import Services
from alerts.store import Event

#: Events that a listener may be behind before it is dropped.
BEHIND_MOST = 1_000
#: How long an answer holds to whether a key is still good (s): many listen with the same.
ASKED_EVERY_S = 1.0
#: How long one look waits for something to happen (ms), and how long it is left off where that fails (s).
PATIENCE_MS, AGAIN_S = 2_000, 1.0


class Listener:
    """Somebody who listens: events in the order in which they come, until they are too far behind."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue(BEHIND_MOST)
        self.dropped = False

    async def next(self, within_s: float) -> Event | None:
        """The next event; None if nothing happens in that time, or if this listener was dropped."""
        try:
            return await asyncio.wait_for(self._waiting.get(), within_s)
        except TimeoutError:
            return None

    def notify(self, event: Event) -> None:
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            self.dropped = True


class Watcher:
    """Watches while anybody listens. One per process; used from its event loop alone."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._listeners: set[Listener] = set()
        self._watching: threading.Thread | None = None
        #: By whose key and from where: since when it was asked whether that is still good, and the answer.
        self._asked: dict[tuple[str, str], tuple[float, asyncio.Future[bool]]] = {}

    @property
    def listening(self) -> int:
        return len(self._listeners)

    async def still_admitted(self, shown: tuple[str, str], ask: Callable[[], bool]) -> bool:
        """Whether a key is still good where it is shown: asked once a second, however many listen with it."""
        now_s = asyncio.get_running_loop().time()
        since_s, answer = self._asked.get(shown, (-math.inf, None))
        if answer is None or now_s - since_s >= ASKED_EVERY_S:
            self._asked = {k: v for k, v in self._asked.items() if now_s - v[0] < ASKED_EVERY_S}
            answer = asyncio.ensure_future(run_in_threadpool(ask))
            self._asked[shown] = now_s, answer
        return await asyncio.shield(answer)  # a listener that leaves ends it for no other

    @contextmanager
    def listener(self, after: str) -> Iterator[Listener]:
        """Listen until the block ends: from this event on, or from where those who listen already are."""
        one = Listener()
        self._listeners.add(one)
        if self._watching is None:
            loop = asyncio.get_running_loop()
            self._watching = threading.Thread(
                target=self._watch, args=(loop, after), name="events", daemon=True
            )
            self._watching.start()
        try:
            yield one
        finally:
            self._listeners.discard(one)

    def _watch(self, loop: asyncio.AbstractEventLoop, last: str) -> None:
        """Wait for what happens, in a thread of its own, until nobody listens any more."""
        watch = threading.current_thread()
        while self._watching is watch:
            try:
                found = self._services.events.wait(last, PATIENCE_MS)
            except AlertsError as fault:
                log.warning("events not seen", why=fault.sentence)
                self._services.stopping.wait(AGAIN_S)
                continue
            if found:
                last = found[-1].id
            try:
                loop.call_soon_threadsafe(self._notify, watch, found)
            except RuntimeError:  # the loop is closed
                return

    def _notify(self, watch: threading.Thread, events: list[Event]) -> None:
        """Notify everybody. Once nobody listens the watch is over, and what it still finds is for nobody."""
        if self._watching is not watch:
            return
        for event in events:
            for listener in self._listeners:
                listener.notify(event)
        if not self._listeners:
            self._watching = None
