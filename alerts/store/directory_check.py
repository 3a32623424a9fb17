"""Compares the directory with the subscribers' own hashes, and puts it right if asked to."""

from collections.abc import Sequence
from contextlib import suppress

from alerts.errors import Conflict
from alerts.store.directory import line_of, sid_of
from alerts.store.server import Server
from alerts.store.subscribers import Subscribers


class DirectoryCheck:
    """One look at the directory; may run beside everything else. Twice finds nothing more to do."""

    def __init__(self, server: Server, subscribers: Subscribers, mend: bool) -> None:
        self._keys, self._client = server.keys, server.client
        self._subscribers = subscribers
        self._mend = mend

    def unlisted(self, sids: Sequence[int]) -> int:
        """How many of these are not in the line that their own hash names."""
        rows = self._rows(sids)
        with self._client.pipeline(transaction=False) as pipe:
            for _, _, place in rows:
                block, at, size = map(int, (place or b"0 0 1").split())
                pipe.getrange(self._keys("directory", block), at, at + size - 1)
            lines = pipe.execute()
        wrong = [
            sid
            for sid, row, again, line in zip(sids, rows, self._rows(sids), lines, strict=True)
            if row[0] is not None
            and row == again  # else they were changed meanwhile, and their line with them
            and line != line_of(row[0].decode(), (row[1] or b"").decode(), sid)
        ]
        for person in self._subscribers.load(wrong) if wrong and self._mend else ():
            with suppress(Conflict):  # whoever changed them meanwhile has written their line
                self._subscribers.save(person, person, catch_up=True)  # else what they missed is forgotten
        return len(wrong)

    def _rows(self, sids: Sequence[int]) -> list[list[bytes | None]]:
        """Address, name and place of each."""
        with self._client.pipeline(transaction=False) as pipe:
            for sid in sids:
                pipe.hmget(self._keys("subscriber", sid), "address", "name", "listed")
            return list(pipe.execute())

    def stray_lines(self) -> int:
        """How many lines are not the one their subscriber's hash names. Mended, it is complete."""
        last, found = int(self._client.get(self._keys("directory")) or 0), 0
        for n in range(1, last + 1):
            lines, at = [], 0
            for line in (self._client.get(self._keys("directory", n)) or b"").splitlines(keepends=True):
                if sid := sid_of(line):
                    lines.append((sid, at, len(line)))
                at += len(line)
            with self._client.pipeline(transaction=False) as pipe:
                for sid, _, _ in lines:
                    pipe.hget(self._keys("subscriber", sid), "listed")
                held = pipe.execute()
            strays = [
                (at, size)
                for (_, at, size), place in zip(lines, held, strict=True)
                if place != f"{n} {at} {size}".encode()
                # else it was blanked meanwhile, when they were changed
                and sid_of(self._client.getrange(self._keys("directory", n), at, at + size - 1))
            ]
            found += len(strays)
            for at, size in strays if self._mend else ():  # nothing is ever written there but blanks
                self._client.setrange(self._keys("directory", n), at, b" " * (size - 1) + b"\n")
        if self._mend:
            self._client.hset(self._keys("installation"), "listed", 1)
        return found
