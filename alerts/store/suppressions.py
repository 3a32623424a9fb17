"""Suppressions: standing reasons not to send to an address."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.model import Channel, Folds, Instant
from alerts.store.server import Server, translated

ROWS = 500
#: Who set it, where no provider did: an operator, or those who receive, by leaving (or by complaint).
OPERATOR, SUBSCRIBER = "operator", "subscriber"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A standing reason not to send to a destination; one with an end is a back-off after a soft bounce."""

    reason: str
    since_ms: Instant
    by: str
    until_ms: Instant | None = None


class Suppressions:
    """Addresses that nothing is sent to, each with its reason.

    Key: `suppressed:{channel}`, by identity (the folded address): every spelling of an address is
    suppressed with it, whether or not anybody subscribes with it. There is no end but `lift`: removing a
    subscriber lifts nothing. The first reason stays, unless a new one is given on purpose. A back-off
    (`Receipts`) gives way to any of them, and is lifted when its time is over.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._keys = server.keys

    def find(self, channel: Channel, addresses: Sequence[str]) -> dict[str, Suppression]:
        """The standing reasons among these addresses, whichever spelling of one they were given to."""
        if not addresses:
            return {}
        people = [self._folds[channel](address) for address in addresses]
        with translated():
            rows = self._server.client.hmget(self._keys("suppressed", channel), people)
        return {
            address: Suppression(**json.loads(row))
            for address, row in zip(addresses, rows, strict=True)
            if row is not None
        }

    def everyone(self, channel: Channel) -> Iterator[tuple[str, Suppression]]:
        """All of a channel by identity, some hundreds at a time, in no order.

        One that comes or goes meanwhile may or may not be seen, or be seen twice.
        """
        with translated():
            for person, row in self._server.client.hscan_iter(self._keys("suppressed", channel), count=ROWS):
                yield person.decode(), Suppression(**json.loads(row))

    def count(self, channel: Channel) -> int:
        with translated():
            return int(self._server.client.hlen(self._keys("suppressed", channel)))

    def add(self, channel: Channel, address: str, reason: str, by: str, anew: bool = False) -> bool:
        """Never send to this address again, however it is spelt, until `lift`. False: already so.

        The first reason stays, unless it is to be given `anew`.
        """
        row = json.dumps({"reason": reason, "since_ms": self._server.now_ms(), "by": by})
        return bool(
            self._server.run("audience/add_suppression", *self._noted(channel, address, row, int(anew)))
        )

    def lift(self, channel: Channel, address: str) -> bool:
        """Allow sending to this address again. False: nothing stood against it."""
        return bool(self._server.run("audience/lift_suppression", *self._noted(channel, address)))

    def _noted(self, channel: Channel, address: str, *others: object) -> tuple[list[str], list[object]]:
        """What the scripts take: where it is kept, and who it is."""
        names = (
            ("suppressed", channel),
            ("subscribers", channel),
            ("roll",),
            ("contacts", channel),
            ("due",),
        )
        keys = [self._keys(*name) for name in names]
        return keys, [self._folds[channel](address), *others]
