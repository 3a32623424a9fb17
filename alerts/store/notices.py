"""Notices: what operators should know."""

import json
from typing import Any

from alerts.store.events import Events
from alerts.store.server import Server, translated

KEPT = 1_000


class Notices:
    """What operators are notified of, newest first.

    Key: `notices`; the latest 1,000 are kept, older ones go. A notice says what happened and holds no
    address: it has people by number and updates by digest, and whoever reads it looks them up. Written at
    least once: where a reply is lost, it is there twice.
    """

    def __init__(self, server: Server, events: Events) -> None:
        self._server = server
        self._events = events
        self._key = server.keys("notices")

    def notify(self, what: str, **details: Any) -> None:
        """Notify operators of something they should know."""
        notice = {"at_ms": self._server.now_ms(), "what": what, **details}
        self._server.run("health/add_notice", [self._key], [json.dumps(notice, ensure_ascii=False), KEPT])
        self._events.add("notice", what=what, **details)

    def latest(self, most: int = 20) -> list[dict[str, Any]]:
        """The latest notices, newest first."""
        with translated():
            rows = self._server.client.lrange(self._key, 0, most - 1)
        return [json.loads(row) for row in rows]
