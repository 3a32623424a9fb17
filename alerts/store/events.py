"""Events: what happened here, for whoever follows from outside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerts.store.server import Server, translated

#: About as many are kept: whoever comes back later reads how things stand.
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `id` orders them all: milliseconds, and a number among those of one."""

    id: str
    kind: str
    data: Mapping[str, Any]

    def follows(self, event_id: str) -> bool:
        """Whether it happened after the one with this id."""
        return _order(self.id) > _order(event_id)


class Events:
    """What happened, in order: a stream that is followed, and that nothing here ever reads back.

    Key: `events`; about the latest 10,000 are kept. An event says that something is worth a look: the ledger
    is the truth. Written after what it tells, at least once: of a process killed in between it is missing,
    and a step that ran twice says it twice. It holds no address.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._key = server.keys("events")

    def add(self, kind: str, /, **data: Any) -> None:
        """Say that something happened."""
        self._server.run("health/add_event", [self._key], [kind, json.dumps(data, ensure_ascii=False), KEPT])

    def latest_id(self) -> str:
        """The id of the latest one: what comes after it is new."""
        with translated():
            found = self._server.client.xrevrange(self._key, count=1)
        return found[0][0].decode() if found else "0-0"

    def after(self, event_id: str, most: int) -> list[Event]:
        """Those after an id, the earliest first; `most` of them at most."""
        with translated():
            return _events(self._server.client.xrange(self._key, f"({event_id}", "+", count=most))

    def forgotten(self, event_id: str) -> bool:
        """Whether some of those after an id are not kept any more."""
        with translated():
            first = _events(self._server.client.xrange(self._key, count=1))
            length = self._server.client.xlen(self._key)
        return bool(first) and length >= KEPT and first[0].follows(event_id)

    def wait(self, event_id: str, patience_ms: int) -> list[Event]:
        """Those after an id, as soon as there are any; none when patience is over."""
        with translated():
            found = self._server.client.xread({self._key: event_id}, count=500, block=patience_ms)
        return _events(found[0][1]) if found else []


def _events(rows: list[tuple[bytes, dict[bytes, bytes]]]) -> list[Event]:
    return [Event(name.decode(), row[b"kind"].decode(), json.loads(row[b"data"])) for name, row in rows]


def _order(event_id: str) -> tuple[int, int]:
    ms, _, number = event_id.partition("-")
    return int(ms), int(number)
