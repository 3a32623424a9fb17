"""Who has come in: sessions of people, known by the hash of what their browser holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class LastChange:
    """What somebody changed last on their page, so that it can be taken back.

    `before` has what it changed as that was, and `made` is a name of what it made of it.
    """

    id: str  #: by which a button says that it is this one that it takes back
    deed: str
    before: Mapping[str, Any]
    made: str


@dataclass(frozen=True, slots=True)
class PersonSession:
    """Whose page it is: the subscriber's number, and the identity they had when they came in.

    `last`: None where they have changed nothing.
    """

    sid: int
    identity: str
    last: LastChange | None = None


class Sessions:
    """Sessions of people.

    Key: `session:{hash}`, by the SHA-256 of the secret, which is kept nowhere. It ends by itself, and at once
    for every process when it is ended.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    def open(self, secret: str, session: PersonSession, for_s: int) -> None:
        """Let whoever holds the secret be this person, for `for_s` seconds."""
        with translated():
            self._server.client.set(self._key(secret), _written(session), ex=for_s)

    def find(self, secret: str) -> PersonSession | None:
        """Who holds this secret; None for nobody."""
        with translated():
            held = self._server.client.get(self._key(secret))
        return _read(held) if held else None

    def remember(self, secret: str, last: LastChange) -> None:
        """Keep a change as long as the session, in the place of the one before."""
        session = self.find(secret)
        if session is not None:
            written = _written(replace(session, last=last))
            with translated():
                self._server.client.set(self._key(secret), written, xx=True, keepttl=True)

    def end(self, secret: str) -> None:
        with translated():
            self._server.client.delete(self._key(secret))

    def _key(self, secret: str) -> str:
        return self._server.keys("session", sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())


def _written(session: PersonSession) -> str:
    held: dict[str, object] = {"sid": session.sid, "identity": session.identity}
    if session.last:
        held["last"] = asdict(session.last)
    return json.dumps(held)


def _read(written: bytes) -> PersonSession:
    held = json.loads(written)
    last = held.get("last")
    return PersonSession(held["sid"], held["identity"], LastChange(**last) if last else None)
