"""Who has come in: sessions of people, known by the hash of what their browser holds."""

import json
from dataclasses import dataclass
from hashlib import sha256

from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class PersonSession:
    """Whose page it is: the subscriber's number, and the identity they had when they came in."""

    sid: int
    identity: str


class Sessions:
    """Sessions of people.

    Key: `session:{hash}`, by the SHA-256 of the secret, which is kept nowhere. It ends by itself, and at once
    for every process when it is ended.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def open(self, secret: str, session: PersonSession, for_s: int) -> None:
        """Let whoever holds the secret be this person, for `for_s` seconds."""
        held = json.dumps({"sid": session.sid, "identity": session.identity})
        with translated():
            self._server.client.set(self._key(secret), held, ex=for_s)

    def find(self, secret: str) -> PersonSession | None:
        """Who holds this secret; None for nobody."""
        with translated():
            held = self._server.client.get(self._key(secret))
        return PersonSession(**json.loads(held)) if held else None

    def end(self, secret: str) -> None:
        with translated():
            self._server.client.delete(self._key(secret))

    def _key(self, secret: str) -> str:
        return self._server.keys("session", sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())
