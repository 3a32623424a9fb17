"""Subscribers: who receives, and what they asked for."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from alerts.errors import Conflict, NotFound, Refused
from alerts.model import Channel, Folds, Instant, Subscriber
from alerts.store.audiences import Audiences
from alerts.store.in_parts import in_parts
from alerts.store.keeping import remembered_ms
from alerts.store.server import Server, translated
from alerts.store.subscriber_rows import as_read_back, moved, read_subscriber
from alerts.texts import Text

ROWS = 500


class Destination(NamedTuple):
    """What sending needs to know of one person; `address` is empty for one who was removed."""

    sid: int
    address: str
    audience: str
    active: bool
    zone: str  #: theirs, though their audience may have none
    name: str = ""  #: as whoever subscribed them has written it; empty where nobody has
    lists: tuple[str, ...] = ()  #: the names of their subscriptions, in the order of their audience
    language: str = ""  #: in which they read; empty: the one of the installation
    muted: int = 0  #: how many situations they have muted, or had, of those that are not over


@dataclass(frozen=True, slots=True)
class Past:
    """The subscriptions somebody had before: their audience, its last slot, from when and until when."""

    audience: str
    opened_ms: Instant | None
    joined_ms: Instant
    left_ms: Instant


class Subscribers:
    """Who receives what: each subscriber, and with them all by which they are found.

    Keys: `subscribers:{channel}`, who has which number; `subscriber:{sid}`, everything about one; `sids`,
    the last number given. A number is given once and never to somebody else.

    `save` and `remove` are the only ways in, each one script for one subscriber: their own hash, the
    audience they leave, the one they join, its index and its clock change at one instant, or not at all. A
    write is based on what was read: if somebody else changed the subscriptions or the standing meanwhile,
    nothing is written, and it raises Conflict.

    The instant of a change is later than everything in the log, and nothing is accepted before it
    afterwards: an update is wholly before a change or wholly after it. What was before is remembered until
    a catch-up has looked at it (`past`).

    They have no end but `remove`; what they were sent stays in the ledger, by number.
    """

    def __init__(self, server: Server, audiences: Audiences, keep_days: int, folds: Folds) -> None:
        self._server = server
        self._folds = folds
        self._keys = server.keys
        self._audiences = audiences
        self._recent_ms = remembered_ms(keep_days)

    def save(
        self,
        subscriber: Subscriber,
        before: Subscriber | None,
        catch_up: bool = False,
        away_ms: Instant = 0,
        held_ms: Instant = 0,
    ) -> Subscriber:
        """Write one subscriber, and move them to the audience they belong in. Raises Conflict on a race.

        `before` is what the caller read, None for a new one. With `catch_up`, what falls between the old
        subscriptions' last slot and this instant is owed at once. `away_ms`: since when nothing was sent to
        them though they subscribe; then the same subscriptions begin anew. `held_ms`: since when they hold
        all the same, where they have begun anew before without anything having reached anybody.
        """
        return self.save_all([(subscriber, before)], catch_up, away_ms, held_ms)[0]

    def save_all(
        self,
        rows: Sequence[tuple[Subscriber, Subscriber | None]],
        catch_up: bool = False,
        away_ms: Instant = 0,
        held_ms: Instant = 0,
    ) -> list[Subscriber]:
        """Write many, in their order; each is atomic by itself. They are returned as they are read back.

        Raises Conflict if any met a race.
        """
        now_ms = self._server.now_ms()
        more = {"catch_up": catch_up, "away": away_ms, "held": held_ms}

        def worded(some: Sequence[tuple[Subscriber, Subscriber | None]]) -> Any:
            pipe = self._server.client.pipeline(transaction=False)
            for subscriber, before in some:
                self._move(pipe, subscriber, moved(subscriber, before, now_ms) | more)
            return pipe

        with translated():
            written = in_parts(rows, worded)
        if not all(written):
            raise Conflict(
                Text("Somebody else changed this subscriber at the same moment."),
                Text("Look again and repeat the change."),
            )
        return [
            as_read_back(subscriber, int(sid), int(joined))
            for (subscriber, _), (sid, joined) in zip(rows, written, strict=True)
        ]

    def remove(self, subscriber: Subscriber) -> None:
        """Forget a subscriber and their subscriptions. What they were sent stays in the ledger, by number."""
        self.remove_all([subscriber])

    def merge(self, kept: Subscriber, before: Subscriber, other: Subscriber) -> Subscriber:
        """Make one of two subscribers who are one person: `kept`, who was `before`. At one instant.

        What neither was delivered of what they ask for together is caught up on, as far back as for somebody
        new. Raises Conflict for a race; then it is to be begun again, with whoever of them is there.
        """
        now_ms, people = self._server.now_ms(), self._keys("subscribers", kept.channel)
        anew = {"catch_up": True, "anew": kept.audience != before.audience}
        with translated(), self._server.client.pipeline(transaction=True) as pipe:
            self._move(pipe, kept, moved(kept, before, now_ms) | anew)
            self._move(pipe, other, moved(None, other, now_ms))
            self._server.run("audience/note_merged", [self._keys("merged")], [other.sid, kept.sid], pipe)
            names = [kept.address, self._folds[kept.channel](kept.address)]
            self._server.run("audience/refold_address", [people], names, pipe)
            written, gone, *_ = pipe.execute()
        if not (written and gone):
            raise Conflict("Somebody else changed one of them at the same moment.", "Do it once more.")
        return as_read_back(kept, int(written[0]), int(written[1]))

    def revive(self, rows: Sequence[tuple[Subscriber, Past | None]]) -> list[Subscriber]:
        """Have people back who were removed, under the numbers they had; what they missed is owed at once.

        With each, the subscriptions to be caught up with. Raises Conflict for who subscribes already.
        """
        now_ms = self._server.now_ms()
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for person, past in rows:
                kept = [past.audience, past.opened_ms or False, past.joined_ms, past.left_ms] if past else []
                change = moved(person, None, now_ms) | {"catch_up": True}
                self._move(pipe, person, change | {"revived": {"sid": person.sid, "past": kept}})
            written = pipe.execute()
        if not all(written):
            raise Conflict("Some of them subscribe again already.", "Look again and repeat the change.")
        return [
            as_read_back(person, int(sid), int(joined))
            for (person, _), (sid, joined) in zip(rows, written, strict=True)
        ]

    def remove_all(self, people: Iterable[Subscriber]) -> list[bool]:
        """Forget many in one round trip. Of each, whether they were as they were read and are gone."""
        now_ms = self._server.now_ms()
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for person in people:
                self._move(pipe, person, moved(None, person, now_ms))
            return [bool(gone) for gone in pipe.execute()]

    def _move(self, pipe: Any, person: Subscriber, change: dict[str, Any]) -> None:
        usual = {"catch_up": False, "away": 0, "held": 0, "anew": False, "revived": None}
        change = usual | {"recent": self._recent_ms} | change
        names = (f"subscribers:{person.channel}", "sids", "clocks", "due", "log", "floor", "installation")
        keys = [self._keys(name) for name in names]
        taken = json.dumps(change, ensure_ascii=False)
        args = [self._keys.prefix, person.address, self._folds[person.channel](person.address), taken]
        self._server.run("audience/move_subscriber", keys, args, pipe)

    def find(self, channel: Channel, address: str) -> Subscriber | None:
        """The subscriber an address belongs to, however it is spelt."""
        return self.find_all(channel, [address]).get(address)

    def find_all(self, channel: Channel, addresses: Sequence[str]) -> dict[str, Subscriber]:
        """The subscribers the addresses belong to, by address as it is given here, in two round trips."""
        if not addresses:
            return {}
        identity = self._folds[channel]
        names = [name for address in addresses for name in (address, identity(address))]
        with translated():
            held = self._server.client.hmget(self._keys("subscribers", channel), names)
        # As it is spelt first: two of old who are one person are both there.
        sids = {a: int(held[2 * n] or held[2 * n + 1] or 0) for n, a in enumerate(addresses)}
        people = {person.sid: person for person in self.load(set(sids.values()) - {0})}
        return {address: people[sid] for address, sid in sids.items() if sid in people}

    def named(self, address: str) -> list[Subscriber]:
        """The subscribers with this address, on whichever channel. Raises NotFound."""
        found = [s for channel in self._folds if (s := self.find(channel, address)) is not None]
        if not found:
            raise NotFound(
                f"Nobody subscribes as “{address[:100]}”.", "List addresses with `alerts subscribers list`."
            )
        return found

    def load(self, sids: Iterable[int]) -> list[Subscriber]:
        """The subscribers of these numbers; removed ones are left out. Raises Refused if theirs are lost."""
        wanted = list(sids)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for sid in wanted:
                pipe.hgetall(self._keys("subscriber", sid))
            rows = pipe.execute()
        fields = {
            sid: {k.decode(): v.decode() for k, v in row.items()}
            for sid, row in zip(wanted, rows, strict=True)
            if row
        }
        definitions = dict(self._audiences.definitions({row.get("audience", "") for row in fields.values()}))
        for sid, row in fields.items():
            if row.get("audience") not in definitions:
                raise Refused(  # by number: what is refused is logged, and addresses never are
                    f"What subscriber {sid} asked for is lost: its definition is gone.",
                    "Run `alerts check --repair`.",
                )
        return [read_subscriber(sid, row, definitions[row["audience"]]) for sid, row in fields.items()]

    def everyone(self, channel: Channel | None = None) -> Iterator[Subscriber]:
        """All subscribers, some hundreds at a time; who comes or goes meanwhile may or may not be seen."""
        for one in self._folds if channel is None else (channel,):
            sids: list[int] = []
            with translated():
                for _, sid in self._server.client.hscan_iter(self._keys("subscribers", one), count=ROWS):
                    sids.append(int(sid))
                    if len(sids) >= ROWS:
                        yield from self.load(sids)
                        sids = []
                yield from self.load(sids)

    def in_order(self, after: int = 0) -> Iterator[Subscriber]:
        """All with a greater number, in the order in which they came; some hundreds at a time."""
        last = self.last_number()
        for first in range(after + 1, last + 1, ROWS):
            yield from self.load(range(first, min(first + ROWS, last + 1)))

    def last_number(self) -> int:
        """The last number that was given to a subscriber; 0 if there never was one."""
        with translated():
            return int(self._server.client.get(self._keys("sids")) or 0)

    def names(self, sids: Sequence[int]) -> dict[int, str]:
        """The names of these subscribers; who has none is left out."""
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for sid in sids:
                pipe.hget(self._keys("subscriber", sid), "name")
            found = pipe.execute()
        return {sid: name.decode() for sid, name in zip(sids, found, strict=True) if name}

    def count(self) -> dict[Channel, int]:
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for channel in self._folds:
                pipe.hlen(self._keys("subscribers", channel))
            return dict(zip(self._folds, pipe.execute(), strict=True))

    def past(self, sid: int) -> Past | None:
        """The subscriptions whose end a catch-up has still to make up for."""
        return self.pasts([sid]).get(sid)

    def pasts(self, sids: Iterable[int]) -> dict[int, Past]:
        """The same of many, of whom there is such a past, in one round trip."""
        wanted = list(sids)
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for sid in wanted:
                pipe.hmget(self._keys("subscriber", sid), "was", "was_opened", "was_joined", "left")
            rows = zip(wanted, pipe.execute(), strict=True)
        return {
            sid: Past(was.decode(), int(opened) if opened else None, int(joined), int(left))
            for sid, (was, opened, joined, left) in rows
            if was is not None
        }

    def forget_past(self, sid: int, joined_ms: Instant) -> None:
        """Forget what was before these subscriptions, unless they have changed since or pause."""
        self._server.run("audience/forget_past", [self._keys("subscriber", sid)], [joined_ms])

    def destinations(self, sids: Sequence[int]) -> list[Destination]:
        """Where a batch goes: one round trip, in the order of `sids`."""
        rows = self._server.run("audience/look_up_destinations", [], [self._keys.prefix, *sids])
        return [_destination(sid, row) for sid, row in zip(sids, rows, strict=True)]


def _destination(sid: int, row: Sequence[Any]) -> Destination:
    address, audience, standing, zone, name, lists, language, muted = row
    where, whose, clock, called, reads = (
        (x or b"").decode() for x in (address, audience, zone, name, language)
    )
    named = _names(lists) if lists else ()
    return Destination(sid, where, whose, standing is None, clock, called, named, reads, muted)


@lru_cache(maxsize=10_000)  # most people have names like others
def _names(row: bytes) -> tuple[str, ...]:
    return tuple(json.loads(row))
