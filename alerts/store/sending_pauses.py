"""Channels whose routine sending is paused because of what came back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from alerts.model import SENDING, Channel, Instant, Step, Work
from alerts.store.rates import Returns
from alerts.store.server import Server, translated

#: Owed in the instant of a change: who is told of it.
_INQUIRY = str(Work(Step.INQUIRE, SENDING))


@dataclass(frozen=True, slots=True)
class SendingPause:
    """Since when routine sending is paused, and why, with the numbers."""

    since_ms: Instant
    why: str


class SendingPauses:
    """Routine sending that is paused until an operator says that it goes on.

    Keys: `paused`, channel → `SendingPause`; `resumed`, channel → what had come back of each of the last days
    when it was resumed: that was seen, and pauses nothing once more.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._paused, self._resumed = server.keys("paused"), server.keys("resumed")
        self._due = server.keys("due")

    def pause(self, channel: Channel, why: str) -> bool:
        """Pause a channel. False: it is already, and the first reason stays."""
        pause = SendingPause(self._server.now_ms(), why)
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.hsetnx(self._paused, channel, json.dumps(asdict(pause)))
            pipe.zadd(self._due, {_INQUIRY: pause.since_ms})
            return bool(pipe.execute()[0])

    def resume(self, channel: Channel, seen: Mapping[int, Returns]) -> bool:
        """Let a channel go on. `seen`: what has come back by now, by day. False: it was not paused."""
        noted = json.dumps({day: asdict(returns) for day, returns in seen.items()})
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.hset(self._resumed, channel, noted)
            pipe.hdel(self._paused, channel)
            pipe.zadd(self._due, {_INQUIRY: self._server.now_ms()})
            return bool(pipe.execute()[1])

    def seen(self, channel: Channel) -> dict[int, Returns]:
        """What had come back of each day when the channel was resumed last."""
        with translated():
            row = self._server.client.hget(self._resumed, channel)
        return {int(day): Returns(**counts) for day, counts in json.loads(row or "{}").items()}

    def standing(self) -> dict[Channel, SendingPause]:
        """The channels that are paused."""
        with translated():
            rows = self._server.client.hgetall(self._paused)
        return {Channel(name.decode()): SendingPause(**json.loads(row)) for name, row in rows.items()}

    def is_paused(self, channel: Channel) -> bool:
        with translated():
            return bool(self._server.client.hexists(self._paused, channel))
