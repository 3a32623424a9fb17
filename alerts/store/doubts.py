"""Doubts: of whom nobody knows whether they have a message, and how far the provider was asked."""

from collections.abc import Mapping, Sequence

from alerts.store.server import Server, translated


class Doubts:
    """People of a digest of whom nobody knew whether they have it.

    Key: `digest:{id}:doubts`, sid → how far the provider was asked, in its own terms; it ends with its
    digest. A doubt is remembered after it is over: what failed in doubt and is owed again is asked about
    before it is sent again.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def remember(self, digest: str, reached: Mapping[int, str]) -> None:
        """Remember of whom nobody knows whether they have it, and how far the provider was asked."""
        if reached:
            key = self._keys("digest", digest, "doubts")
            with translated():
                self._server.client.hset(key, mapping={str(sid): at for sid, at in reached.items()})

    def reached(self, digest: str, sids: Sequence[int]) -> dict[int, str]:
        """For each of these, how far the provider was asked; empty where the asking is to begin."""
        if not sids:
            return {}
        with translated():
            rows = self._server.client.hmget(self._keys("digest", digest, "doubts"), list(map(str, sids)))
        return {sid: row.decode() if row else "" for sid, row in zip(sids, rows, strict=True)}
