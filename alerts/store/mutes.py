"""Mutes: who hears no more of which situation."""

from collections.abc import Collection, Iterable, Mapping

from alerts.model import Instant, Mute, Revision, Severity
from alerts.store.keeping import remembered_ms
from alerts.store.server import Server, translated


class Mutes:
    """Who has muted which update, and since when.

    Keys: `mutes:{update}`, sid → `Mute`; `muted:{sid}`, the updates that somebody has muted and that are not
    over. A mute that its reader took back, or that got worse, is kept with its end until the situation is
    over: what was left out meanwhile was not delivered, whatever the rules say of their audience. After the
    end of the situation it is remembered as long as a slot may still have to be run.

    `put` and `take_back` change it from what was read, each at one instant; of two at the same moment one
    changes nothing. `take_back` owes at that instant what was left out (`Step.UNMUTE`).
    """

    def __init__(self, server: Server, keep_days: int) -> None:
        self._server = server
        self._keys = server.keys
        self._remembered_ms = remembered_ms(keep_days)

    def put(self, sid: int, latest: Revision, before: Mute | None, severity: Severity) -> Instant:
        """Mute an update as it stands with its latest revision, until it is worse than that.

        When; 0 if somebody else was quicker.
        """
        return self._change(sid, latest.update, before, latest.number, severity.value)

    def take_back(self, sid: int, update: str, before: Mute) -> Instant:
        """End a mute. When; 0 if somebody else was quicker."""
        return self._change(sid, update, before, "", "")

    def _change(
        self, sid: int, update: str, before: Mute | None, number: int | str, severity: str
    ) -> Instant:
        named = (("mutes", update), ("muted", sid), ("due",), ("log",), ("floor",))
        args = [sid, update, str(before or ""), number, severity]
        return int(self._server.run("audience/change_mute", [self._keys(*name) for name in named], args))

    def end_all(self, update: str) -> None:
        """End every mute of an update that is over."""
        args = [self._keys.prefix, update, self._remembered_ms]
        self._server.run("audience/end_mutes", [self._keys("mutes", update)], args)

    def forget(self, sid: int) -> None:
        """Forget all that somebody has muted."""
        with translated():
            updates = [row.decode() for row in self._server.client.smembers(self._keys("muted", sid))]
            with self._server.client.pipeline(transaction=False) as pipe:
                for update in updates:
                    pipe.hdel(self._keys("mutes", update), sid)
                pipe.delete(self._keys("muted", sid))
                pipe.execute()

    def of(self, sid: int) -> dict[str, Mute]:
        """What somebody has muted, by update, and what they have taken back of it: all that is not over."""
        with translated():
            updates = sorted(row.decode() for row in self._server.client.smembers(self._keys("muted", sid)))
        found = self.among(updates, [sid])
        return {update: found[update][sid] for update in updates if update in found}

    def among(self, updates: Iterable[str], sids: Collection[int]) -> dict[str, dict[int, Mute]]:
        """What these people have muted of these updates; one round trip where nobody has muted any."""
        people = list(sids)
        muted = self._muted(updates) if people else []
        if not muted:
            return {}
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update in muted:
                pipe.hmget(self._keys("mutes", update), people)
            rows = pipe.execute()
        found = {
            update: {sid: Mute.parse(text.decode()) for sid, text in zip(people, row, strict=True) if text}
            for update, row in zip(muted, rows, strict=True)
        }
        return {update: some for update, some in found.items() if some}

    def everybody(self, updates: Iterable[str]) -> Mapping[str, dict[int, Mute]]:
        """Everybody who has muted one of these updates."""
        muted = self._muted(updates)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update in muted:
                pipe.hgetall(self._keys("mutes", update))
            rows = pipe.execute()
        return {
            update: {int(sid): Mute.parse(text.decode()) for sid, text in row.items()}
            for update, row in zip(muted, rows, strict=True)
        }

    def _muted(self, updates: Iterable[str]) -> list[str]:
        """Those of the updates that somebody has muted."""
        asked = list(dict.fromkeys(updates))
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for update in asked:
                pipe.exists(self._keys("mutes", update))
            return [update for update, there in zip(asked, pipe.execute(), strict=True) if there]
