"""What came back: taken in, listed, and counted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from alerts.model import Channel, Folds, Instant, Receipt, State
from alerts.store.server import Server, translated

#: Receipts that are listed, about; reports that prove nothing, exactly: anybody can send those.
LISTED, STRAYS = 10_000, 100
#: How long the counts of a day are kept (s).
COUNTED_S = 40 * 24 * 3600


class Follows(StrEnum):
    """What stands against an address by a receipt."""

    NOTHING = ""
    BACK_OFF = "backoff"
    SUPPRESSED = "suppressed"


class Taken(NamedTuple):
    """What a receipt changed."""

    changed: bool
    follows: Follows = Follows.NOTHING
    first_about_us: bool = False  #: of its digest


@dataclass(frozen=True, slots=True)
class ReturnedDelivery:
    """The delivery that a receipt is of, and whose it is."""

    digest: str
    batch: int
    sid: int
    channel: Channel
    address: str  #: empty for somebody who was removed


class ProvenReceipt(NamedTuple):
    """A receipt, the delivery it is of, whose reason it is against the address, and who took it (`Rates`)."""

    receipt: Receipt
    of: ReturnedDelivery
    by: str
    taker: str


@dataclass(frozen=True, slots=True)
class ListedReceipt:
    """One thing that came back, as it is listed."""

    at_ms: Instant
    verdict: str
    status: str
    words: str
    way: str  #: the way in
    digest: str = ""  #: empty for a report that proves nothing
    sid: int = 0


class Receipts:
    """What came back.

    Keys: `receipts`, about the latest 10,000 that changed something; `strays`, the latest 100 reports that
    prove nothing; `returned:{day}`, how many of each kind came on a day; `softs:{sid}`, how many soft bounces
    in a row, since when, and since when their subscriptions held (ms) at the first.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._keys = server.keys
        self._folds = folds

    def take(
        self,
        receipts: Sequence[ProvenReceipt],
        *,
        way: str,
        back_offs: Sequence[int],
        remembered_ms: int,
    ) -> list[Taken]:
        """Take in what came back of deliveries, each at one instant and by rank (see the script), in order.

        `back_offs`, `remembered_ms`: as in `rules.backing_off`. In one round trip: where it is cut short,
        some are taken in, and they may be handed over again.
        """
        shared = ",".join(map(str, back_offs)), remembered_ms, LISTED
        found = [Taken(changed=False)] * len(receipts)
        places = []
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for place, one in enumerate(receipts):
                if one.receipt.verdict.state is not None:
                    self._take(pipe, one, one.receipt.verdict.state, way, shared)
                    places.append(place)
            for place, (changed, follows, first) in zip(places, pipe.execute(), strict=True):
                found[place] = Taken(bool(changed), Follows(follows.decode()), bool(first))
        return found

    def _take(
        self, pipe: Any, one: ProvenReceipt, state: State, way: str, shared: tuple[str, int, int]
    ) -> None:
        of, receipt = one.of, one.receipt
        key, words = self._keys("digest", of.digest), receipt.words or receipt.verdict.value
        names = (
            ("suppressed", of.channel),
            ("softs", of.sid),
            ("subscriber", of.sid),
            ("receipts",),
            ("due",),
            ("subscribers", of.channel),
            ("roll",),
            ("rates", ""),
            ("contacts", of.channel),
        )
        keys = [key, f"{key}:batch:{of.batch}", f"{key}:notes", *(self._keys(*name) for name in names)]
        person = self._folds[of.channel](of.address) if of.address else ""
        reason = json.dumps({"reason": words, "by": one.by})
        entry = _entry(receipt, way) | {"digest": of.digest, "sid": of.sid}
        fields = [part for pair in entry.items() for part in pair]
        args = [of.sid, state.value, receipt.verdict, words, person, reason, *shared, one.taker, *fields]
        self._server.run("ledger/take_receipt", keys, args, pipe)

    def stray(self, receipt: Receipt, way: str) -> None:
        """Keep for a while what a report says that proves nothing."""
        row = json.dumps(_entry(receipt, way) | {"at_ms": self._server.now_ms()}, ensure_ascii=False)
        key = self._keys("strays")
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            pipe.lpush(key, row)
            pipe.ltrim(key, 0, STRAYS - 1)
            pipe.execute()

    def count(self, kinds: Mapping[str, int]) -> None:
        """Count mails that came back today, by what they were read as."""
        key = self._keys("returned", _day(self._server.now_ms()))
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            for kind, n in kinds.items():
                pipe.hincrby(key, kind, n)
            pipe.expire(key, COUNTED_S)
            pipe.execute()

    def counted(self, days: int) -> dict[str, dict[str, int]]:
        """How many of each kind came, by day (UTC), today first; days without any are left out."""
        now_ms = self._server.now_ms()
        names = [_day(now_ms - n * 24 * 3_600_000) for n in range(days)]
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hgetall(self._keys("returned", name))
            rows = pipe.execute()
        return {
            name: {kind.decode(): int(n) for kind, n in row.items()}
            for name, row in zip(names, rows, strict=True)
            if row
        }

    def latest(self, most: int) -> list[ListedReceipt]:
        """The latest that changed something, newest first."""
        with translated():
            rows = self._server.client.xrevrange(self._keys("receipts"), count=most)
        return [_listed(int(name.partition(b"-")[0]), row) for name, row in rows]

    def strays(self, most: int) -> list[ListedReceipt]:
        """The latest that prove nothing, newest first."""
        with translated():
            rows = self._server.client.lrange(self._keys("strays"), 0, most - 1)
        return [ListedReceipt(**json.loads(row)) for row in rows]

    def softs(self, sid: int) -> tuple[Instant, Instant] | None:
        """Since when an address gives mail back, and since when its subscriptions held then; or None."""
        with translated():
            found = self._server.client.get(self._keys("softs", sid))
        if found is None:
            return None
        _, since, held = found.split()
        return int(since), int(held)


def _entry(receipt: Receipt, way: str) -> dict[str, Any]:
    return {"verdict": receipt.verdict.value, "status": receipt.status, "words": receipt.words, "way": way}


def _listed(at_ms: Instant, row: Mapping[bytes, bytes]) -> ListedReceipt:
    fields: dict[str, Any] = {name.decode(): value.decode() for name, value in row.items()}
    return ListedReceipt(at_ms=at_ms, **(fields | {"sid": int(fields["sid"])}))


def _day(at_ms: Instant) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
