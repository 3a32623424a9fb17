"""Audiences: their immutable definitions, the index that finds them, and the clocks that serve them."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.model import Audience, Instant
from alerts.rules.cadence import Clock
from alerts.store.server import Server, translated

#: Definitions kept per process. A definition never changes, so only memory bounds this.
CACHED = 200_000
#: Up to this many index entries one SUNION answers; beyond it, sets are scanned so that nobody waits.
UNION_MOST = 50_000
CHUNK = 1_000
#: Spells of missed slots a clock remembers; windows reach back over one or two.
LATE_KEPT = 8


@dataclass(frozen=True, slots=True)
class SlotRun:
    """A slot being opened: the slot opened before it, the slot, and when the opening began.

    `late`: earlier openings that made up for several slots at once: after which slot, and up to which.
    """

    opened_ms: Instant
    slot_ms: Instant
    began_ms: Instant
    late: tuple[tuple[Instant, Instant], ...] = ()

    def spells(self, missed: bool) -> str:
        """`late` as it will be when this slot is open. `missed`: it makes up for slots before it."""
        late = [*self.late, (self.opened_ms, self.slot_ms)] if missed else self.late
        return " ".join(f"{begin}-{end}" for begin, end in late[-LATE_KEPT:])


class Audiences:
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

    def of_clock(self, clock: Clock) -> list[str]:
        with translated():
            members = self._server.client.smembers(self._keys("clock", str(clock), "audiences"))
        return sorted(aid.decode() for aid in members)

    def clocks(self) -> list[Clock]:
        with translated():
            return sorted(
                (Clock.parse(key.decode()) for key in self._server.client.smembers(self._keys("clocks"))),
                key=str,
            )

    def newcomers(
        self, aids: list[str], start_ms: Instant, end_ms: Instant
    ) -> dict[str, list[tuple[int, Instant]]]:
        """Members whose wishes began in `(start, end)`: sids with that instant, by audience."""
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

    def open(self, clock: Clock, slot_ms: Instant) -> SlotRun | None:
        """Pin the slot to open, or None if there is none. A slot once pinned stays until it is open."""
        pinned = self._server.run("open", [self._keys("clock", str(clock)), self._keys("floor")], [slot_ms])
        if not pinned:
            return None
        late = [spell.split("-") for spell in pinned[3].decode().split()]
        spells = tuple((int(begin), int(end)) for begin, end in late)
        return SlotRun(int(pinned[0]), int(pinned[1]), int(pinned[2]), spells)

    def last_opened(self, clock: Clock) -> Instant | None:
        """The last slot the clock has opened; None for a clock nobody uses."""
        with translated():
            opened = self._server.client.hget(self._keys("clock", str(clock)), "opened")
        return int(opened) if opened else None
