"""Numbers of subscribers who were found to be somebody else, spelt otherwise, and whose they are now."""

from alerts.store.server import Server, translated


class MergedNumbers:
    """Whose a number is that was given to the same person twice.

    Key: `merged`, number that is gone → number that was kept; written by `Subscribers.merge` alone. What the
    ledger says of the one that is gone is found as the other's: it is how nobody is told twice, and why a
    correction reaches them.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._key = server.keys("merged")

    def kept(self, sid: int) -> int:
        """Whose this number is now: the same, unless it was merged into another."""
        with translated():
            return int(self._server.client.hget(self._key, str(sid)) or sid)

    def all(self) -> dict[int, int]:
        """Every number that was merged, and into which."""
        with translated():
            return {int(gone): int(kept) for gone, kept in self._server.client.hgetall(self._key).items()}
