"""Compares the roll with the subscribers' own hashes, and puts it right if asked to."""

from collections.abc import Iterable

from alerts.model import Audience, Folds
from alerts.store.roll import roll_text
from alerts.store.server import Server


class RollCheck:
    """One look at the roll; may run beside everything else. Twice finds nothing more to do."""

    def __init__(self, server: Server, folds: Folds, mend: bool) -> None:
        self._server, self._keys, self._client = server, server.keys, server.client
        self._folds = folds
        self._kept = [
            server.keys(*parts) for parts in (("roll",), ("roll", "audiences"), ("roll", "filters"))
        ]
        self._installation = server.keys("installation")
        self._mend = mend

    def begin(self) -> None:
        """Forget a roll whose lines are not those of its audiences: it is written anew by what follows."""
        with self._client.pipeline(transaction=True) as pipe:  # at one instant: both are written at one
            pipe.hlen(self._kept[1])
            pipe.get(self._kept[2])
            audiences, lines = pipe.execute()
        if self._mend and audiences != (lines or b"").count(b"\n"):
            with self._client.pipeline(transaction=True) as pipe:
                pipe.hdel(self._installation, "rolled")
                pipe.delete(*self._kept)
                pipe.execute()

    def wrong(self, people: Iterable[tuple[int, Audience | None, str]]) -> int:
        """How many of these are in it otherwise than they are. With each audience and address, or None."""
        said: list[object] = [self._keys.prefix, int(self._mend)]
        for sid, audience, address in people:
            if audience is None:
                said += [sid, "", "", "", ""]
            else:
                suppressed = self._keys("suppressed", audience.channel)
                identity = self._folds[audience.channel](address)
                said += [sid, audience.id, roll_text(audience), suppressed, identity]
        return int(self._server.run("audience/call_roll", self._kept, said))

    def end(self) -> None:
        """Mended, it is complete."""
        if self._mend:
            self._client.hset(self._installation, "rolled", 1)
