"""Who has come in: sessions of people, known by the hash of what their browser holds."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256

from alerts.model import Subscription, subscription_from_dict, subscription_to_dict
from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class BeforeChange:
    """What somebody got before they last saved something, and the version of them that saving made."""

    subscriptions: tuple[Subscription, ...]
    zone: str
    version: str


@dataclass(frozen=True, slots=True)
class PersonSession:
    """Whose page it is: the subscriber's number, and the identity they had when they came in.

    `before`: what their last change can be undone to; None where they have changed nothing.
    """

    sid: int
    identity: str
    before: BeforeChange | None = None


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

    def remember(self, secret: str, before: BeforeChange) -> None:
        """Keep what a change can be undone to as long as the session; the latest counts."""
        session = self.find(secret)
        if session is not None:
            written = _written(replace(session, before=before))
            with translated():
                self._server.client.set(self._key(secret), written, xx=True, keepttl=True)

    def end(self, secret: str) -> None:
        with translated():
            self._server.client.delete(self._key(secret))

    def _key(self, secret: str) -> str:
        return self._server.keys("session", sha256(secret.encode("utf-8", "surrogatepass")).hexdigest())


def _written(session: PersonSession) -> str:
    held: dict[str, object] = {"sid": session.sid, "identity": session.identity}
    if session.before:
        subscriptions = [subscription_to_dict(one) for one in session.before.subscriptions]
        before = {"subscriptions": subscriptions, "zone": session.before.zone}
        held["before"] = before | {"version": session.before.version}
    return json.dumps(held)


def _read(written: bytes) -> PersonSession:
    held = json.loads(written)
    before = held.get("before")
    if before is not None:
        subscriptions = tuple(map(subscription_from_dict, before["subscriptions"]))
        before = BeforeChange(subscriptions, before["zone"], before["version"])
    return PersonSession(held["sid"], held["identity"], before)
