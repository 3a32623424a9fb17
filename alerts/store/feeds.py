"""Feeds that are polled, how it is with each, and the items that are known of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from uuid import uuid4

from alerts.errors import NotFound
from alerts.model import Feed, FeedProgress, FeedState, Instant, ItemState, KnownItem, Step, Work
from alerts.store.server import Server, translated

#: How long one worker has a feed to itself (ms); it says so again before each item that takes long.
CLAIM_MS = 120_000
#: Items that are asked for, and written, in one round trip.
ITEMS_AT_ONCE = 500


class Feeds:
    """What is polled. A feed is polled by one worker at a time; that two do is harmless, and is not usual.

    Keys: `feeds`, names by when each was added; `feed:{name}`, what was asked for and how it is with it;
    `feed:{name}:items`, what became of each item; `feed:{name}:lease`, the token of who polls it.

    - The next poll is an entry of the due set, from the instant a feed is added until it is removed, paused
      or stopped. `end` postpones it; nothing else does.
    - What is known of an item is written after it was published, which may be done again: the same content is
      the same revision. With a draft it is written in the same instant.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def add(self, feed: Feed, poll_ms: Instant, backlog: int) -> bool:
        """Follow a feed; its first poll is due then. False if its name is taken."""
        return bool(
            self._server.run(
                "feeds/add_feed",
                [self._keys("feeds"), self._key(feed.name), self._keys("due")],
                [feed.name, _json(feed), feed.added_ms, poll_ms, str(poll_work(feed.name)), backlog],
            )
        )

    def all(self) -> list[tuple[Feed, FeedProgress]]:
        """Every feed, in the order in which they were added."""
        with translated():
            names = self._server.client.zrange(self._keys("feeds"), 0, -1)
            with self._server.client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.hgetall(self._key(name.decode()))
                rows = pipe.execute()
        return [_read(row) for row in rows if row]

    def get(self, name: str) -> tuple[Feed, FeedProgress]:
        """A feed and how it is with it. Raises NotFound."""
        with translated():
            row = self._server.client.hgetall(self._key(name))
        if not row:
            raise NotFound(f"There is no feed “{name[:64]}”.", "See `alerts feeds list`.")
        return _read(row)

    def steer(self, name: str, state: FeedState, poll_ms: Instant, changes: Mapping[str, str]) -> bool:
        """Pause it, or have it polled again. False if it is not there."""
        return bool(
            self._server.run(
                "feeds/steer_feed",
                [self._key(name), self._keys("due")],
                [state, poll_ms, str(poll_work(name)), *_flat(changes)],
            )
        )

    def remove(self, name: str) -> None:
        """Follow it no more, and forget its items."""
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.zrem(self._keys("feeds"), name)
            pipe.zrem(self._keys("due"), str(poll_work(name)))
            pipe.delete(self._key(name), self._items(name), self._lease(name))
            pipe.execute()

    def claim(self, name: str, token: str) -> bool:
        """Have a feed to oneself for two minutes from now. False if it is gone, or another's."""
        return bool(
            self._server.run("feeds/claim_feed", [self._key(name), self._lease(name)], [token, CLAIM_MS])
        )

    def end(self, feed: Feed, progress: FeedProgress, token: str, next_ms: Instant, *, moved: bool) -> bool:
        """Keep what a poll found, and owe the next one. False: it took too long, and another polls it.

        Whether it is paused is not the poll's to say: only that it is stopped is.
        """
        found = progress.to_dict()
        state, _, _ = (found.pop(name) for name in ("state", "begun", "backlog"))
        return bool(
            self._server.run(
                "feeds/end_poll",
                [self._key(feed.name), self._lease(feed.name), self._keys("due")],
                [
                    *(token, next_ms, str(poll_work(feed.name)), _json(feed) if moved else "", state),
                    *_flat(found),
                ],
            )
        )

    def known(self, name: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """Those of the items that are known, by their keys."""
        found: dict[str, KnownItem] = {}
        with translated():
            for start in range(0, len(keys), ITEMS_AT_ONCE):
                asked = keys[start : start + ITEMS_AT_ONCE]
                rows = self._server.client.hmget(self._items(name), asked)
                found |= {key: read_item(row) for key, row in zip(asked, rows, strict=True) if row}
        return found

    def every_item(self, name: str) -> dict[str, KnownItem]:
        """Every item that is known of a feed, by its key."""
        with translated():
            rows = self._server.client.hgetall(self._items(name))
        return {key.decode(): read_item(row) for key, row in rows.items()}

    def note(self, name: str, items: Mapping[str, KnownItem], *, begun: bool = False) -> bool:
        """Keep what became of items, all at one instant. False if the feed is gone.

        `begun`: these are all that were there before it is followed; whatever else there is, is new.
        """
        pairs = _flat({key: item_json(item) for key, item in items.items()})
        asked = ["1" if begun else "", *pairs]
        return bool(self._server.run("feeds/note_items", [self._key(name), self._items(name)], asked))

    def forget(self, name: str, keys: Iterable[str]) -> None:
        """Know these items no more."""
        gone = list(keys)
        with translated():
            for start in range(0, len(gone), ITEMS_AT_ONCE):
                self._server.client.hdel(self._items(name), *gone[start : start + ITEMS_AT_ONCE])

    def _key(self, name: str) -> str:
        return self._keys("feed", name)

    def _items(self, name: str) -> str:
        return self._keys("feed", name, "items")

    def _lease(self, name: str) -> str:
        return self._keys("feed", name, "lease")


def poll_work(name: str) -> Work:
    """The entry that owes the next poll of a feed."""
    return Work(Step.POLL, name)


def poll_token() -> str:
    """What one poll is known by."""
    return uuid4().hex


def item_json(item: KnownItem) -> str:
    """An item as it is kept; what says nothing is left out."""
    return json.dumps({k: v for k, v in asdict(item).items() if v}, ensure_ascii=False)


def read_item(row: bytes) -> KnownItem:
    """Read back what `item_json` wrote."""
    item = KnownItem(**{"seen_day": 0} | json.loads(row))
    return replace(item, state=ItemState(item.state), also=tuple(item.also))


def _json(feed: Feed) -> str:
    return json.dumps(feed.to_dict(), ensure_ascii=False)


def _read(row: Mapping[bytes, bytes]) -> tuple[Feed, FeedProgress]:
    texts = {name.decode(): value.decode() for name, value in row.items()}
    feed = Feed.from_dict(json.loads(texts.pop("feed")))
    return feed, FeedProgress.from_dict(texts)


def _flat(pairs: Mapping[str, str]) -> list[str]:
    return [part for pair in pairs.items() for part in pair]
