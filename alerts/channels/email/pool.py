"""Connections to one relay, kept open between batches and replaced when they broke."""

import time

from alerts.channels.email.route import Connection, Route, connect
from alerts.model import RouteDown


class Pool:
    """The idle connections of one process to one relay. Safe to share between threads.

    `timeout`: seconds the relay may take for a reply.
    """

    def __init__(self, route: Route, timeout: float) -> None:
        self._route = route
        self._timeout = timeout
        self._idle: list[Connection] = []  # the latest used last: the warm one goes first
        self._closings = 0

    def take(self, until: float) -> Connection | RouteDown:
        """One that works, a new one where none is idle. After `until` (monotonic) no answer is waited for."""
        closings = self._closings
        while connection := self._kept():
            connection.wire.until = until
            if connection.alive():
                connection.closings = closings
                return connection
            connection.close()
        made = connect(self._route, self._timeout, until)
        if isinstance(made, Connection):
            made.closings = closings
        return made

    def keep(self, connection: Connection) -> None:
        """Put one back that can be used again, unless leave was taken since."""
        if connection.closings == self._closings:
            connection.used_at = time.monotonic()
            self._idle.append(connection)
        else:
            connection.quit()

    def close(self) -> None:
        """Take leave of the relay on every idle connection; those in use follow when they are put back.

        In a forked child it only lets go: the parent's sessions go on.
        """
        self._closings += 1
        while connection := self._kept():
            connection.quit()

    def _kept(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:  # asking first would race with the other threads
            return None
