"""A server whose time a test sets: the same scripts, asking a key instead of the machine's clock."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from house import walk

from alerts.model import Instant
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import Server

TIME = "redis.call('TIME')"
#: `TIME` answers seconds and microseconds; so does this.
SET_TIME = (
    "(function() local at = tonumber(redis.call('GET', 'test:now'))"
    " return {math.floor(at / 1000), (at % 1000) * 1000} end)()"
)


class ClockedServer(Server):
    """Stands still until `set` moves it."""

    def source(self, script: str) -> str:
        return super().source(script).replace(TIME, SET_TIME)

    def set(self, at_ms: Instant) -> None:
        self._at_ms = at_ms
        self.client.set("test:now", at_ms)

    def now_ms(self) -> Instant:
        return self._at_ms

    def run_durably(self, script: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Without waiting for the disk: days pass here in less time than it takes to write."""
        return self.run(script, keys, args)


def clocked(settings: Settings, at: str) -> Services:
    """Services over an empty server and outbox, at a time such as `2026-03-28T07:00Z`."""
    server = ClockedServer(settings.state_url, settings.key_prefix)
    server.client.flushall()
    shutil.rmtree(settings.outbox, ignore_errors=True)
    server.set(ms(at))
    return Services(settings, server)


def ms(at: str) -> Instant:
    return int(datetime.fromisoformat(at).timestamp() * 1000)


def move_to(services: Services, at: str | Instant) -> None:
    """Let time pass, in one step."""
    assert isinstance(services.server, ClockedServer)
    services.server.set(ms(at) if isinstance(at, str) else at)


def at(services: Services, time: str) -> None:
    """Let time pass, and the sweep look."""
    move_to(services, time)
    walk(services)
