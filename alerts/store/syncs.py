"""What the last comparison with a whole list has changed, so that it can be undone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.model import (
    Channel,
    Folds,
    Instant,
    Standing,
    Subscriber,
    name_of,
    subscription_from_dict,
    subscription_to_dict,
)
from alerts.store.server import Server, translated
from alerts.store.subscribers import Past

#: How long a sync can be undone.
UNDO_DAYS = 7
ROWS = 500
_S = 24 * 3600 * UNDO_DAYS


@dataclass(frozen=True, slots=True)
class SyncChange:
    """One person as they were and what the sync made of them: the name of their state, empty for nobody.

    `past`: of who left, the subscriptions that are to be caught up with once they are back.
    """

    channel: Channel
    address: str
    before: Subscriber | None
    after: str
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class LastSync:
    """The sync that can be undone: of which scope, since when, and whether it was written to its end."""

    scope: str
    at_ms: Instant
    whole: bool


class Syncs:
    """The last sync, and everybody whom it changed, for a week.

    Keys: `sync`, of which scope, when, whole; `sync:people`, identity → what was before and is after.

    A sync that was interrupted and is run again is one: what was before stays what it was before the first.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._sync, self._people = server.keys("sync"), server.keys("sync", "people")

    def last(self) -> LastSync | None:
        """The sync that can be undone, if there is one."""
        with translated():
            scope, at_ms, whole = self._server.client.hmget(self._sync, "scope", "at", "whole")
        return LastSync(scope.decode(), int(at_ms), whole is not None) if at_ms else None

    def begin(self, scope: str) -> None:
        """Forget the sync before, unless it is this one, interrupted."""
        last = self.last()
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            if last and (last.whole or last.scope != scope):
                pipe.delete(self._sync, self._people)
            pipe.hset(self._sync, mapping={"scope": scope, "at": self._server.now_ms()})
            pipe.expire(self._sync, _S)
            pipe.execute()

    def remember(self, changes: Iterable[SyncChange]) -> None:
        """Keep what was before, to be called before it is changed. Twice: the first stays."""
        named = {self._name(change.channel, change.address): change for change in changes}
        if not named:
            return
        with translated():
            held = self._server.client.hmget(self._people, list(named))
            rows = {}
            for (name, change), row in zip(named.items(), held, strict=True):
                before = json.loads(row)["before"] if row else change.before and _to_dict(change.before)
                past = json.loads(row)["past"] if row else _past(change.past)
                kept = {"address": change.address, "before": before, "after": change.after, "past": past}
                rows[name] = json.dumps(kept, ensure_ascii=False)
            with self._server.client.pipeline(transaction=True) as pipe:
                pipe.hset(self._people, mapping=rows)
                pipe.expire(self._people, _S)
                pipe.execute()

    def finish(self, scope: str) -> None:
        """The sync of a scope is written to its end: the next one begins anew."""
        last = self.last()
        if last and last.scope == scope:
            with translated():
                self._server.client.hset(self._sync, "whole", "1")

    def changes(self) -> Iterator[list[SyncChange]]:
        """Everybody whom it changed, some hundreds at a time."""
        found: list[SyncChange] = []
        with translated():
            for name, row in self._server.client.hscan_iter(self._people, count=ROWS):
                channel, data = Channel(name.decode().partition(":")[0]), json.loads(row)
                before = _from_dict(channel, data["before"]) if data["before"] else None
                past = Past(*data["past"]) if data["past"] else None
                found.append(SyncChange(channel, data["address"], before, data["after"], past))
                if len(found) >= ROWS:
                    yield found
                    found = []
        yield found

    def undone(self, changes: Iterable[SyncChange]) -> None:
        """Forget some that are as they were again."""
        names = [self._name(change.channel, change.address) for change in changes]
        if names:
            with translated():
                self._server.client.hdel(self._people, *names)

    def forget(self) -> None:
        """Nothing is left to be undone."""
        with translated():
            self._server.client.delete(self._sync, self._people)

    def _name(self, channel: Channel, address: str) -> str:
        return f"{channel}:{self._folds[channel](address)}"


def state_of(subscriber: Subscriber | None) -> str:
    """A name for what somebody is, apart from their number and since when: equal states, equal names."""
    return name_of({**_to_dict(subscriber), "sid": 0, "joined": 0})[:16] if subscriber else ""


def _past(past: Past | None) -> list[object] | None:
    return [past.audience, past.opened_ms, past.joined_ms, past.left_ms] if past else None


def _to_dict(person: Subscriber) -> dict[str, object]:
    return {
        "sid": person.sid,
        "address": person.address,
        "zone": person.zone,
        "subscriptions": [subscription_to_dict(s) for s in person.subscriptions],
        "joined": person.joined_ms,
        "name": person.name,
        "standing": person.standing,
        "until": person.paused_until_ms,
        "scope": person.scope,
        "declined": [subscription_to_dict(s) for s in person.declined],
        **({"owner": person.owner} if person.owner else {}),
        **({"language": person.language} if person.language else {}),
    }


def _from_dict(channel: Channel, kept: Mapping[str, Any]) -> Subscriber:
    return Subscriber(
        kept["sid"],
        channel,
        kept["address"],
        kept["zone"],
        tuple(map(subscription_from_dict, kept["subscriptions"])),
        kept["joined"],
        kept["name"],
        Standing(kept["standing"]),
        kept["until"],
        kept["scope"],
        tuple(map(subscription_from_dict, kept.get("declined", ()))),
        kept.get("owner", ""),
        kept.get("language", ""),
    )
