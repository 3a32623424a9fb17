"""Which messages from outside are one situation, and which is the newest, in whatever order they come."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.model import Instant, name_of
from alerts.store.server import Server, translated

#: What became of a message that ended what was never published.
END = "end"
#: A message that comes again later than this is taken for a new one; all its kind have long expired by then.
KEEP_S = 400 * 24 * 3600


@dataclass(frozen=True, slots=True)
class MessageName:
    """A message by what tells it from others, and by what links it to them."""

    sender: str
    identifier: str
    sent_ms: Instant
    references: Sequence[str]  #: identifiers of earlier messages of its sender
    incident: str  #: what it shares with others of its situation; empty for nothing


@dataclass(frozen=True, slots=True)
class PlacedMessage:
    """Where a message belongs."""

    update: str
    revisions: int  #: of that update, for whoever adds the next
    became: str  #: what became of this very message before: a revision, `late`, `end`; empty if nothing
    late: bool  #: a newer one of the situation was there before


class Situations:
    """Messages by the names their senders gave them, joined to situations; each is an update.

    Keys: `cap:{name}`, a message or an incident by the hash of its names; `situation:{id}`, by its update.

    - A message is linked to what it refers to, also to what nobody has seen yet. Links are never undone.
    - Where a message shows two situations to be one, the one with the newer message goes on; the other is
    joined to it, for good.
    - What is older than the newest, or referred to by something newer, is late: it is noted, and overwrites
      nothing.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def place(self, named: MessageName, begun: str) -> PlacedMessage:
        """Link a message to others of its sender, and say where it belongs; `begun`: the update to begin."""
        message = self._message(named.sender, named.identifier)
        referred = [self._message(named.sender, earlier) for earlier in named.references]
        linked = [message, *referred, *self._incident(named.sender, named.incident)]
        while True:
            kept = [self._keys("situation", ""), begun, KEEP_S]
            update = self._server.run("log/link_messages", linked, kept).decode()
            keys = [message, self._keys("situation", update), self._keys("update", update), *referred]
            elsewhere, *placed = self._server.run("log/place_message", keys, [named.sent_ms, KEEP_S])
            if not elsewhere:
                revisions, became, late = placed
                return PlacedMessage(update, int(revisions), became.decode(), bool(late))

    def note(self, named: MessageName, became: str) -> None:
        """Keep what became of a message: a revision's name, `late`, `end`."""
        key = self._message(named.sender, named.identifier)
        with translated(), self._server.client.pipeline() as pipe:
            pipe.hset(key, str(named.sent_ms), became)
            pipe.expire(key, KEEP_S)
            pipe.execute()

    def end(self, update: str, named: MessageName) -> None:
        """Keep that a message ended what was not published: what is published of it later is over."""
        key = self._keys("situation", update)
        with translated(), self._server.client.pipeline() as pipe:
            pipe.hset(key, "ended", str(named.sent_ms))
            pipe.expire(key, KEEP_S)
            pipe.execute()
        self.note(named, END)

    def ended_ms(self, update: str) -> Instant:
        """When the message was sent that ended a situation of which nothing was published; 0 for none."""
        with translated():
            return int(self._server.client.hget(self._keys("situation", update), "ended") or 0)

    def find(self, sender: str, identifiers: Sequence[str], incident: str = "") -> str:
        """The update of the first of these that is known; empty for none. Changes nothing."""
        keys = [self._message(sender, one) for one in identifiers]
        keys += self._incident(sender, incident)
        with translated():
            known = [self._server.client.hget(key, "situation") for key in keys]
            update = next((one.decode() for one in known if one), "")
            while update and (further := self._server.client.hget(self._keys("situation", update), "joined")):
                update = further.decode()
        return update

    def joined_to(self, update: str) -> list[str]:
        """The updates that go on in this one, and in those in turn."""
        found: dict[str, None] = {}
        left = [update]
        while left:
            with translated():
                fields = self._server.client.hkeys(self._keys("situation", left.pop()))
            new = [name[5:].decode() for name in fields if name.startswith(b"also:")]
            left += [one for one in new if one not in found]
            found.update(dict.fromkeys(new))
        return list(found)

    def _incident(self, sender: str, incident: str) -> list[str]:
        return [self._message(sender, "incident", incident)] if incident else []

    def _message(self, *names: str) -> str:
        return self._keys("cap", name_of(names))
