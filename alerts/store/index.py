"""Compares all that is derived from the subscribers' own hashes with them, and puts it right if asked to.

May run beside everything else: it reads in portions, and judges and mends each piece at one instant.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from alerts.errors import BadInput
from alerts.model import Audience, Channel, Folds, Instant
from alerts.rules.cadence import Clock, clock_of, last_slot
from alerts.rules.decisions import index_terms
from alerts.store.audiences import Audiences
from alerts.store.directory_check import DirectoryCheck
from alerts.store.keeping import RECENT_MS
from alerts.store.roll_check import RollCheck
from alerts.store.server import Server, translated
from alerts.store.subscriber_rows import definition
from alerts.store.subscribers import ROWS, Subscribers

#: How long newcomers must be in `joined`: a day less than a move keeps them, for it trims by its own clock.
NEWCOMER_MS = RECENT_MS - 24 * 3600 * 1000
SCANNED = 1_000
#: How many are named of those whose subscriptions are lost.
NAMED = 10

T = TypeVar("T")


class Fault(StrEnum):
    """What can be wrong."""

    MEMBERS = "members"  #: a subscriber is not in the audience of their subscriptions
    STRAYS = "strays"  #: an audience has a member who is paused, gone, or subscribes to something else
    TERMS = "terms"  #: an audience with members is not where the index or its clock must list it
    STALE = "stale"  #: the index or a clock lists an audience that has no members or does not belong there
    LOST = "lost"  #: a subscriber subscribes to nothing, or to what no definition says any more
    DOUBLES = "doubles"  #: two subscribers are one person: of a store from before addresses were folded
    LISTED = "listed"  #: a subscriber is not found in the directory by their address and name
    LINES = "lines"  #: the directory has a line that is nobody's
    ROLL = "roll"  #: the roll does not say of a subscriber what they are
    CLOCKS = "clocks"  #: a clock serves an audience and does not run, or runs and serves none


class Index:
    """One look at the index. With `mend`, what is found is repaired; twice finds nothing more to do.

    `found` counts the faults. No repair brings lost subscriptions back: it makes room for new ones,
    and `lost` names some of those to ask. Nor does one decide which of two subscribers a person is:
    `doubles` has some of them, as they are spelt.
    """

    def __init__(self, server: Server, folds: Folds, mend: bool) -> None:
        self._folds = folds
        self.found: Counter[Fault] = Counter()
        self.lost: list[str] = []
        self.doubles: list[list[str]] = []
        self._server, self._keys, self._client = server, server.keys, server.client
        self._audiences = Audiences(server)  # remembers nothing of before
        self._mend = int(mend)
        self._roll = RollCheck(server, folds, mend)
        self._directory = DirectoryCheck(server, Subscribers(server, self._audiences, 0, folds), mend)

    def check(self, show: Callable[[int, int], None]) -> None:
        """Look at everything once; `show` is given how many of how many subscriber numbers are done."""
        with translated():
            last = int(self._client.get(self._keys("sids")) or 0)
            self._roll.begin()
            for first in range(1, last + 1, ROWS):
                after = min(first + ROWS, last + 1)
                self._subscribers(range(first, after))
                show(after - 1, last)
            self._roll.end()
            self.found[Fault.LINES] += self._directory.stray_lines()
            for channel in self._folds:
                self._doubles(channel)
            self._members()
            self._listed()
            self._listings()
            self._clocks()

    def _subscribers(self, sids: Sequence[int]) -> None:
        """Is everybody in the audience their own hash names, and in the roll and the directory?"""
        with self._client.pipeline(transaction=False) as pipe:
            for sid in sids:
                pipe.hmget(self._keys("subscriber", sid), "channel", "address", "zone", "audience")
            rows = {sid: row for sid, row in zip(sids, pipe.execute(), strict=True) if row[0] is not None}
        named = {sid: (row[3] or b"").decode() for sid, row in rows.items()}
        definitions = dict(self._audiences.definitions(set(named.values())))
        subscribing = {
            sid for sid, aid in named.items() if aid in definitions and definitions[aid].subscriptions
        }
        for sid in named.keys() - subscribing:
            channel, address, zone, _ = (part.decode() if part else "" for part in rows[sid])
            self.found[Fault.LOST] += 1
            self.lost += [address] if len(self.lost) < NAMED else []
            if self._mend:
                none = Audience.of(Channel(channel), zone, ())
                self._blank(sid, named[sid], none)
                self._roll.wrong([(sid, none, address)])
        missing, _ = self._enrol((sid, named[sid]) for sid in subscribing)
        self.found[Fault.MEMBERS] += missing
        self.found[Fault.ROLL] += self._roll.wrong(
            (sid, definitions[named[sid]], rows[sid][1].decode()) if sid in rows else (sid, None, "")
            for sid in sids
            if sid not in rows or sid in subscribing
        )
        self.found[Fault.LISTED] += self._directory.unlisted(sorted(subscribing))

    def _blank(self, sid: int, lost: str, none: Audience) -> None:
        keys = [self._keys("subscriber", sid), self._keys("audience", lost), self._keys("audience", none.id)]
        self._server.run("audience/clear_lost_subscriptions", keys, [lost, none.id, definition(none)])

    def _doubles(self, channel: Channel) -> None:
        """Is nobody there twice? Whoever is has a name that is not folded: only those are kept in mind."""
        unfolded: dict[str, dict[str, bytes]] = defaultdict(dict)
        people = self._keys("subscribers", channel)
        for name, sid in self._client.hscan_iter(people, count=SCANNED):
            spelt = name.decode()
            if (person := self._folds[channel](spelt)) != spelt:
                unfolded[person][spelt] = sid
        for portion in _portions(iter(unfolded)):
            for person, sid in zip(portion, self._client.hmget(people, portion), strict=True):
                spellings = unfolded[person] | ({person: sid} if sid else {})
                if (surplus := len(set(spellings.values())) - 1) > 0:
                    self.found[Fault.DOUBLES] += surplus
                    self.doubles += [sorted(spellings)] if len(self.doubles) < NAMED else []

    def _members(self) -> None:
        """Is nobody in an audience, or among its newcomers, who does not belong there?"""
        for key in self._scan("audience", "*", "members"):
            aid = key.split(":")[-2]
            for sids in _portions(self._client.sscan_iter(self._keys(key), count=SCANNED)):
                self._stray(aid, sids)
        for key in self._scan("audience", "*", "joined"):
            aid = key.split(":")[-2]
            for rows in _portions(self._client.zscan_iter(self._keys(key), count=SCANNED)):
                sids = [sid for sid, _ in rows]
                members = self._client.smismember(self._keys("audience", aid, "members"), sids)
                self._stray(aid, [sid for sid, member in zip(sids, members, strict=True) if not member])

    def _stray(self, aid: str, sids: Iterable[bytes]) -> None:
        _, strays = self._enrol([(sid.decode(), aid) for sid in sids])
        self.found[Fault.STRAYS] += strays

    def _enrol(self, pairs: Iterable[tuple[int | str, str]]) -> list[int]:
        how = [self._keys.prefix, self._mend, NEWCOMER_MS]
        missing, strays = self._server.run(
            "audience/enrol_members", [], [*how, *(part for pair in pairs for part in pair)]
        )
        return [missing, strays]

    def _listed(self) -> None:
        """Is every audience listed wherever it must be found, and nowhere once it has no members?"""
        keys = self._scan("audience", "*")
        for aids in _portions(key.split(":")[1] for key in keys if key.count(":") == 1):
            with self._client.pipeline(transaction=False) as pipe:
                for aid, audience in self._audiences.definitions(aids):
                    lists = [self._keys(*parts) for parts in _lists(audience)]
                    keys_of = [self._keys("audience", aid, "members"), *lists]
                    self._server.run("audience/list_audience", keys_of, [aid, self._mend], pipe)
                for missing, stale in pipe.execute():
                    self.found[Fault.TERMS] += missing
                    self.found[Fault.STALE] += stale

    def _listings(self) -> None:
        """Is no audience listed where its definition, which never changes, does not belong?"""
        for pattern in (("index", "*"), ("clock", "*", "audiences")):
            for key in self._scan(*pattern):
                for listed in _portions(self._client.sscan_iter(self._keys(key), count=SCANNED)):
                    known = self._audiences.definitions(aid.decode() for aid in listed)
                    right = {aid for aid, audience in known if key in map(":".join, _lists(audience))}
                    wrong = [aid for aid in listed if aid.decode() not in right]
                    self.found[Fault.STALE] += len(wrong)
                    if wrong and self._mend:
                        self._client.srem(self._keys(key), *wrong)

    def _clocks(self) -> None:
        """Does every clock that serves somebody run, and no other?"""
        names = {name.decode() for name in self._client.smembers(self._keys("clocks"))}
        names |= {key.removeprefix("clock:").removesuffix(":audiences") for key in self._scan("clock", "*")}
        due = self._client.zscan_iter(self._keys("due"), match="open:*", count=SCANNED)
        names |= {entry.decode().removeprefix("open:") for entry, _ in due}
        now_ms = self._server.now_ms()
        for name in names:
            parts = (("clock", name, "audiences"), ("clock", name), ("clocks",), ("due",))
            keys = [self._keys(*part) for part in parts]
            self.found[Fault.CLOCKS] += self._server.run(
                "audience/wind_clock", keys, [name, _last(name, now_ms), self._mend]
            )

    def _scan(self, *parts: str) -> Iterator[str]:
        """The keys of a pattern, without the prefix."""
        for key in self._client.scan_iter(self._keys(*parts), count=SCANNED):
            yield key.decode().removeprefix(self._keys.prefix)


def _lists(audience: Audience) -> list[tuple[str, ...]]:
    """The sets that must list an audience while it has members."""
    clock = clock_of(audience)
    filed: list[tuple[str, ...]] = [("index", term) for term in sorted(index_terms(audience))]
    return [*filed, ("clock", str(clock), "audiences")] if clock else filed


def _last(name: str, now_ms: Instant) -> Instant:
    """The slot a clock whose memory is lost goes on from; for what is no clock, which serves nobody, any."""
    try:
        return last_slot(Clock.parse(name), now_ms)
    except BadInput:
        return 0


def _portions(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while portion := list(islice(rest, ROWS)):
        yield portion
