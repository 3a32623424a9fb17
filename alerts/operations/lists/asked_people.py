"""Whom a file names and what it asks for each, laid down until it is written: memory does not grow with it.

In a file of SQLite's, in ALERTS_HOME (a container's /tmp is memory), that has no name any more. It is no
second place of truth: who dies before it is read to its end has written nothing, and runs the import again.
"""

import json
import re
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from alerts import private
from alerts.channels import CHANNELS, identity
from alerts.errors import Refused
from alerts.model import Channel, Subscription, subscription_from_dict, subscription_to_dict
from alerts.operations.lists.asked import Asked, Move, verdict
from alerts.operations.lists.person_codes import PersonCodes

#: Different subscriptions kept at hand: real files repeat a few thousand.
AT_HAND = 50_000
#: What stands around an address in a line that cannot be read.
_BETWEEN = re.compile(r"[\s,;|\"'<>()\[\]]+")
#: Memory that SQLite may take (KB).
_CACHE_KB = 8_192
_SCHEMA = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{_CACHE_KB};
CREATE TABLE people (
    place INTEGER PRIMARY KEY, channel TEXT, identity BLOB, line INTEGER, address TEXT, zone TEXT, name TEXT,
    owner TEXT, language TEXT, subscriptions TEXT, whole INTEGER, UNIQUE (channel, identity)
);
CREATE TABLE mentioned (identity BLOB PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
_COLUMNS = "line, address, zone, name, owner, language, subscriptions, whole"
_Cells = tuple[int, str, str, str, str, str, str, int]


class AskedPeople:
    """Everybody whom a file names, in its order, by what tells them apart. Used by one thread at a time.

    Raises Refused where `home` cannot be written.
    """

    def __init__(self, home: Path) -> None:
        try:
            with NamedTemporaryFile(dir=private.make_folder(home.absolute()), prefix="import-") as named:
                self._file = sqlite3.connect(named.name, isolation_level=None, check_same_thread=False)
                weakref.finalize(self, self._file.close)  # who imports lets go of it at some time, or fails
                self._file.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as fault:
            raise Refused(
                f"{home} cannot be written: {fault}.", "Give it room, or set ALERTS_HOME."
            ) from None
        self._settled = PersonCodes()  #: 1 by the line of who is what the file says

    def find(self, channel: Channel, address: str) -> Asked | None:
        """What was asked for somebody so far."""
        cells = self._file.execute(
            f"SELECT {_COLUMNS} FROM people WHERE channel = ? AND identity = ?",  # noqa: S608 - our words
            (channel, _key(channel, address)),
        ).fetchone()
        return _asked(cells) if cells else None

    def save(self, channel: Channel, asked: Asked) -> None:
        """Lay down what is asked for somebody, in the place of what was."""
        self._file.execute(
            f"INSERT INTO people (channel, identity, {_COLUMNS})"  # noqa: S608 - our words
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, identity) DO UPDATE SET"
            " zone = excluded.zone, name = excluded.name, owner = excluded.owner,"
            " language = excluded.language,"
            " subscriptions = excluded.subscriptions,"
            " whole = excluded.whole",
            (channel, _key(channel, asked.address), *_cells(asked)),
        )

    def mention_all_in(self, text: str) -> bool:
        """Note whomever a line seems to be about that cannot be read. Whether there is anybody."""
        likely = [word for word in _BETWEEN.split(text) if "@" in word or "/" in word]
        keys = ((_key(channel, word),) for word in likely for channel in CHANNELS)
        self._file.executemany("INSERT OR IGNORE INTO mentioned VALUES (?)", keys)
        return bool(likely)

    def names(self, channel: Channel, address: str) -> bool:
        """Whether somebody is named, be it in a line that cannot be read."""
        key = _key(channel, address)
        found = self._file.execute(
            "SELECT EXISTS (SELECT 1 FROM people WHERE channel = ? AND identity = ?)"
            " OR EXISTS (SELECT 1 FROM mentioned WHERE identity = ?)",
            (channel, key, key),
        ).fetchone()
        return bool(found[0])

    def __len__(self) -> int:
        found: tuple[int] = self._file.execute("SELECT count(*) FROM people").fetchone()
        return found[0]

    def named(self, channel: Channel) -> bool:
        """Whether anybody of a channel is named."""
        asked = "SELECT EXISTS (SELECT 1 FROM people WHERE channel = ?)"
        return bool(self._file.execute(asked, (channel,)).fetchone()[0])

    def portions(self, channel: Channel, most: int) -> Iterator[list[Asked]]:
        """Everybody of a channel in the order of the file, `most` at a time."""
        rows = self._file.execute(
            f"SELECT {_COLUMNS} FROM people WHERE channel = ? ORDER BY place",  # noqa: S608 - our words
            (channel,),
        )
        while portion := [_asked(cells) for cells in islice(rows, most)]:
            yield portion

    def settled(self, portion: Sequence[Asked], moves: Sequence[Move]) -> Sequence[Move]:
        """Note who of a portion is what the file says; they are not read again when the others are written.

        `moves`: of those of them for whom it asks for something.
        """
        asking = (asked for asked in portion if asked.subscriptions)
        pairs = zip(asking, moves, strict=True)
        same = [asked.line for asked, move in pairs if verdict(move) == "unchanged"]
        for first, codes, lines in self._settled.pages(same):
            for line in lines:
                codes[line - first] = 1
        return moves

    def unsettled(self, portion: Sequence[Asked]) -> list[Asked]:
        """Those of a portion who are not noted so."""
        return [asked for asked in portion if not self._settled[asked.line]]


def _key(channel: Channel, address: str) -> bytes:
    """What tells somebody apart. A line that is no UTF-8 may seem to be about anybody."""
    return f"{channel}:{identity(channel, address)}".encode("utf-8", "surrogateescape")


def _cells(asked: Asked) -> _Cells:
    subscriptions = json.dumps([_text(one) for one in asked.subscriptions])
    of_them = asked.zone, asked.name, asked.owner, asked.language
    return asked.line, asked.address, *of_them, subscriptions, asked.whole


def _asked(cells: _Cells) -> Asked:
    line, address, zone, name, owner, language, subscriptions, whole = cells
    wanted = tuple(map(_subscription, json.loads(subscriptions)))
    return Asked(line, address, zone, name, owner, language, wanted, bool(whole))


@lru_cache(maxsize=AT_HAND)
def _text(subscription: Subscription) -> str:
    return json.dumps(subscription_to_dict(subscription))


@lru_cache(maxsize=AT_HAND)
def _subscription(text: str) -> Subscription:
    return subscription_from_dict(json.loads(text))
