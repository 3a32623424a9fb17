"""Opt-outs: who does not want to be invited, or mailed what anybody may ask for in their name."""

from collections.abc import Collection, Iterable

from alerts.model import Channel, Folds, OptOut
from alerts.store.address_hash import AddressHash
from alerts.store.mailboxes import mailbox
from alerts.store.server import Server, translated


class OptOuts:
    """What people have said they do not want, as far as that must be known.

    Key: `opt_outs:{channel}`, the kind and a keyed hash of the mailbox → when (ms). Whoever subscribes gets
    their alerts all the same: for those there are suppressions. Ends when they join, or take it back.
    """

    def __init__(self, server: Server, folds: Folds, key: bytes) -> None:
        self._server = server
        self._hash = AddressHash(folds, key, b"alerts-opt-outs", mailbox)

    def add(self, channel: Channel, address: str, kind: OptOut) -> bool:
        """Remember it, for every address of that mailbox. False: it was said before."""
        field = self._field(channel, address, kind)
        with translated():
            return bool(self._server.client.hsetnx(self._name(channel), field, self._server.now_ms()))

    def find(self, channel: Channel, addresses: Iterable[str]) -> dict[str, Collection[OptOut]]:
        """What has been said of these addresses; those of which nothing was are left out."""
        asked = [(address, kind) for address in addresses for kind in OptOut]
        if not asked:
            return {}
        fields = [self._field(channel, address, kind) for address, kind in asked]
        with translated():
            held = self._server.client.hmget(self._name(channel), fields)
        found: dict[str, Collection[OptOut]] = {}
        for (address, kind), since in zip(asked, held, strict=True):
            if since is not None:
                found[address] = {*found.get(address, ()), kind}
        return found

    def lift(self, channel: Channel, address: str, *kinds: OptOut) -> bool:
        """Forget what was said, of these kinds or of all. False: it was not."""
        fields = [self._field(channel, address, kind) for kind in kinds or OptOut]
        with translated():
            return bool(self._server.client.hdel(self._name(channel), *fields))

    def _name(self, channel: Channel) -> str:
        return self._server.keys("opt_outs", channel)

    def _field(self, channel: Channel, address: str, kind: OptOut) -> str:
        return f"{kind}:{self._hash.of(channel, address)}"
