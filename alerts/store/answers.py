"""Answers to requests that carry an Idempotency-Key: given once, and given again word for word.

What becomes of a file in a hot folder is such an answer, too, until the file is put away."""

from dataclasses import dataclass

from alerts.store.server import Server

KEPT_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a request that came before under the same key."""

    request: str  #: its fingerprint
    answer: bytes | None  #: None: it is still being worked on


class Answers:
    """Answers by Idempotency-Key.

    Key: `answer:{name}`. Whoever begins has a time to answer in; if their process dies, the next to come
    with the same key begins anew, so what is done for it must be safe to do twice.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def begin(self, name: str, request: str, token: str, within_ms: int) -> Earlier | None:
        """Begin to work on a request; None: go on. Else what became of it before."""
        found = self._server.run("access/begin_answer", [self._key(name)], [request, token, within_ms])
        if len(found) == 1:
            return None
        return Earlier(found[0].decode(), found[2] if found[1] == b"done" else None)

    def keep(self, name: str, token: str, answer: bytes) -> None:
        """Give this answer to everybody who comes with the same key, for 24 hours."""
        self._server.run("access/end_answer", [self._key(name)], [token, answer, KEPT_MS])

    def forget(self, name: str, token: str) -> None:
        """Let the next who comes begin anew: nothing was done."""
        self._server.run("access/end_answer", [self._key(name)], [token, b"", KEPT_MS])

    def _key(self, name: str) -> str:
        return self._server.keys("answer", name)
