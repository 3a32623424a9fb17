"""Which secret of an address is the present one: a number, for the secrets themselves are derived."""

from alerts.model import FIRST_GENERATION, Channel, Folds, SecretGeneration
from alerts.store.server import Server, translated


class SecretGenerations:
    """The generations of secrets.

    Key: `secrets:{channel}`, identity → generation and since when (ms); an address whose secret was never
    changed is not there. It has no end: with a subscriber who is added again a secret of before must not
    come back.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._keys = server.keys

    def get(self, channel: Channel, address: str) -> SecretGeneration:
        """The present generation of an address, subscribed or not."""
        with translated():
            found = self._server.client.hget(self._keys("secrets", channel), self._folds[channel](address))
        return SecretGeneration(*map(int, found.split())) if found else FIRST_GENERATION

    def change(self, channel: Channel, address: str) -> SecretGeneration:
        """Begin the next generation. Two who do it at one moment begin the same, and both see its secret."""
        new = SecretGeneration(self.get(channel, address).number + 1, self._server.now_ms())
        with translated():
            key = self._keys("secrets", channel)
            self._server.client.hset(key, self._folds[channel](address), f"{new.number} {new.since_ms}")
        return new
