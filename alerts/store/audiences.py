"""Audiences: their immutable definitions, the index that finds them, and who joined them of late."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence

from alerts.model import Audience, Instant
from alerts.store.server import Server, translated

#: Definitions kept per process. A definition never changes, so only memory bounds this.
CACHED = 200_000
#: Up to this many index entries one SUNION answers; beyond it, sets are scanned so that nobody waits.
UNION_MOST = 50_000
CHUNK = 1_000


class Audiences:
    """People with equal subscriptions, as one.

    Keys: `audience:{aid}`, the definition; `audience:{aid}:members`, who is served by it now;
    `audience:{aid}:joined`, since when, of those who joined in the last month or as long as the ledger is
    kept; `index:{region}|{tag}`, the audiences that may want an update of that region and tag.

    - A definition never changes, and is named by its content: what is remembered of one is right for good.
    - An audience is in the index, and with its clock, exactly while it has members (`Subscribers.save`);
      `Index` checks and mends that.
    - `candidates` leaves out nobody who wants an update; it may name some who do not.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys
        self._known: dict[str, Audience] = {}
        self._lock = threading.Lock()

    def candidates(self, terms: Iterable[str]) -> Iterator[str]:
        """The audience ids under any of these index terms, each once: a superset of those that want it."""
        keys = [self._keys("index", term) for term in terms]
        client = self._server.client
        with translated():
            with client.pipeline(transaction=False) as pipe:
                for key in keys:
                    pipe.scard(key)
                sizes = pipe.execute()
            filled = [key for key, size in zip(keys, sizes, strict=True) if size]
            if not filled:
                return
            if sum(sizes) <= UNION_MOST:
                yield from (aid.decode() for aid in client.sunion(filled))
                return
            seen: set[bytes] = set()
            for key in filled:
                for aid in client.sscan_iter(key, count=CHUNK):
                    if aid not in seen:
                        seen.add(aid)
                        yield aid.decode()

    def definitions(self, aids: Iterable[str]) -> Iterator[tuple[str, Audience]]:
        """The audiences by id; ids whose definition is gone are left out."""
        missing: list[str] = []
        for aid in aids:
            known = self._known.get(aid)
            if known is not None:
                yield aid, known
            else:
                missing.append(aid)
                if len(missing) == CHUNK:
                    yield from self._load(missing)
                    missing = []
        if missing:
            yield from self._load(missing)

    def get(self, aid: str) -> Audience | None:
        return next((audience for _, audience in self.definitions([aid])), None)

    def _load(self, aids: list[str]) -> list[tuple[str, Audience]]:
        with translated():
            texts = self._server.client.mget([self._keys("audience", aid) for aid in aids])
        found = [
            (aid, Audience.from_dict(json.loads(text)))
            for aid, text in zip(aids, texts, strict=True)
            if text is not None
        ]
        with self._lock:
            if len(self._known) + len(found) > CACHED:
                self._known.clear()
            self._known.update(found)
        return found

    def sizes(self, aids: Sequence[str]) -> list[int]:
        """How many people each audience has."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for aid in aids:
                pipe.scard(self._keys("audience", aid, "members"))
            return [int(size) for size in pipe.execute()]

    def members(self, aid: str) -> Iterator[list[int]]:
        """Who an audience serves now, some hundreds at a time; somebody may be named twice."""
        return self._server.sids(self._keys("audience", aid, "members"), CHUNK)

    def joined(self, aid: str, sids: Sequence[int]) -> dict[int, Instant]:
        """Since when these members' subscriptions hold; who joined before what is remembered is left out."""
        with translated():
            scores = self._server.client.zmscore(self._keys("audience", aid, "joined"), list(sids))
        return {sid: int(at_ms) for sid, at_ms in zip(sids, scores, strict=True) if at_ms is not None}

    def newcomers(
        self, aids: list[str], start_ms: Instant, end_ms: Instant
    ) -> dict[str, list[tuple[int, Instant]]]:
        """Members whose subscriptions began in `(start, end)`: sids with that instant, by audience."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for aid in aids:
                pipe.zrange(
                    self._keys("audience", aid, "joined"),
                    f"({start_ms}",
                    f"({end_ms}",
                    byscore=True,
                    withscores=True,
                )
            rows = pipe.execute()
        return {
            aid: [(int(sid), int(joined)) for sid, joined in found]
            for aid, found in zip(aids, rows, strict=True)
            if found
        }
