"""This installation: what it is called, and what it was before its links and addresses were those of people.

A backup that is restored is the same installation; a copy that is emptied is another one.
"""

import secrets

from alerts.model import Folds
from alerts.store.server import Server, translated

_SCANNED = 1_000


class Installation:
    """What this installation is called, and what it still knows of versions before.

    Key: `installation`. Its name is given once, at random, and ends with the store: who empties that has
    another installation, and links of before are nobody's.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._key = server.keys("installation")

    def name(self) -> str:
        """What links are bound to: given once, at random, and kept with the subscribers."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            pipe.hsetnx(self._key, "name", secrets.token_hex(8))
            pipe.hget(self._key, "name")
            return str(pipe.execute()[1].decode())

    def numbered(self, sid: int) -> bool:
        """Whether a subscriber was numbered here while links were still made of numbers."""
        with translated():
            last = self._server.client.hget(self._key, "numbered")
        return last is None or sid <= int(last)

    def fold(self) -> None:
        """Keep by identity what an earlier version kept by spelling. Once; quick after that."""
        with translated():
            if self._server.client.hexists(self._key, "folded"):
                return
            for channel, identity in self._folds.items():
                for noun in ("subscribers", "suppressed"):
                    key = self._server.keys(noun, channel)
                    for field, _ in self._server.client.hscan_iter(key, count=_SCANNED):
                        address = field.decode()
                        if (folded := identity(address)) != address:
                            self._server.run("audience/refold_address", [key], [address, folded])
            self._server.client.hset(self._key, "folded", 1)
