"""How much of what was sent came back, by the day on which it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from alerts.model import Channel, Instant
from alerts.store.server import Server, translated

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Returns:
    """Of N that were sent, how many bounced and how many were complained of; each delivery once."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0

    def since(self, before: "Returns") -> "Returns":
        """What was added since."""
        return Returns(
            self.sent - before.sent, self.bounced - before.bounced, self.complained - before.complained
        )


@dataclass(frozen=True, slots=True)
class DayRates:
    """One day (UTC) of one channel, altogether and by domain."""

    day: date
    total: Returns
    domains: Mapping[str, Returns]


class Rates:
    """How much of what was sent came back, by channel and domain.

    Key: `rates:{day}`, days since 1970. `Ledger.record` counts what is sent, in the instant in which the
    ledger has it, and `Receipts.take` what came back of it: each delivery once, by the day on which it was
    sent, so a rate is never of other mails than those it is compared with.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def latest(self, channel: Channel, days: int) -> list[DayRates]:
        """The last days of a channel, today first; those on which nothing was sent are left out."""
        today = self._server.now_ms() // DAY_MS
        numbers = range(today, today - days, -1)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for number in numbers:
                pipe.hgetall(self._keys("rates", number))
            rows = pipe.execute()
        found = [_read(n, channel, row) for n, row in zip(numbers, rows, strict=True)]
        return [day for day in found if day.total != Returns()]

    def totals(self, channel: Channel, days: int) -> dict[int, Returns]:
        """The last days of a channel altogether, by their number; asked for with every bounce."""
        today = self._server.now_ms() // DAY_MS
        numbers = range(today, today - days, -1)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for number in numbers:
                pipe.hmget(self._keys("rates", number), *(f"{letter} {channel}" for letter in "sbc"))
            rows = pipe.execute()
        return {n: Returns(*(int(count or 0) for count in row)) for n, row in zip(numbers, rows, strict=True)}


_FIELDS = {"s": "sent", "b": "bounced", "c": "complained"}


def _read(number: int, channel: Channel, row: Mapping[bytes, bytes]) -> DayRates:
    total, domains = Returns(), dict[str, Returns]()
    for name, count in row.items():
        letter, whose, *domain = name.decode().split(" ")
        if whose != channel:
            continue
        changed = {_FIELDS[letter]: int(count)}
        if domain:
            domains[domain[0]] = replace(domains.get(domain[0], Returns()), **changed)
        else:
            total = replace(total, **changed)
    return DayRates(_day(number * DAY_MS), total, domains)


def _day(at_ms: Instant) -> date:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()
