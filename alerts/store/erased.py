"""Addresses that were erased, by a keyed hash: so much is remembered that no list brings them back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from alerts.model import Channel, Folds, Instant
from alerts.store.address_hash import AddressHash
from alerts.store.server import Server, translated


class ErasedAddresses:
    """Who had all that was kept of them erased, as far as that must be known.

    Key: `erased:{channel}`, a keyed hash of the identity → when (ms). Without the key of this installation
    nobody can tell whose it is, or try addresses; with another key than then, nobody is found any more.
    """

    def __init__(self, server: Server, folds: Folds, key: bytes) -> None:
        self._server = server
        self._channels = tuple(folds)
        self._hash = AddressHash(folds, key, b"alerts-erased").of

    def add(self, channel: Channel, address: str) -> None:
        """Remember an address as erased, however it is spelt. Twice: the first time stays."""
        with translated():
            self._server.client.hsetnx(
                self._name(channel), self._hash(channel, address), self._server.now_ms()
            )

    def since(self, channel: Channel, addresses: Sequence[str]) -> dict[str, Instant]:
        """Which of these addresses were erased, and when."""
        if not addresses:
            return {}
        with translated():
            rows = self._server.client.hmget(self._name(channel), [self._hash(channel, a) for a in addresses])
        return {address: int(row) for address, row in zip(addresses, rows, strict=True) if row}

    def everybody(self) -> "ErasedPeople":
        """All of them at this moment, to be asked about many addresses."""
        with translated():
            hashes = {
                channel: frozenset(self._server.client.hkeys(self._name(channel)))
                for channel in self._channels
            }
        return ErasedPeople(hashes, self._hash)

    def lift(self, channel: Channel, address: str) -> bool:
        """Forget that it was erased: they ask for it again. False: it was not."""
        with translated():
            return bool(self._server.client.hdel(self._name(channel), self._hash(channel, address)))

    def _name(self, channel: Channel) -> str:
        return self._server.keys("erased", channel)


@dataclass(frozen=True, slots=True)
class ErasedPeople:
    """Those who were erased by a moment, by channel."""

    hashes: Mapping[Channel, frozenset[bytes]]
    hashed: Callable[[Channel, str], str]

    def has(self, channel: Channel, address: str) -> bool:
        known = self.hashes[channel]
        return bool(known) and self.hashed(channel, address).encode() in known
