"""Subscribers from a file: it says the whole truth about each address it names, and nothing about others.

It is read wholly before anything is written, some hundred bytes of memory a line. Stopped anywhere, it can be
run again.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import BinaryIO, Literal

from alerts.channels import CHANNELS, identity
from alerts.errors import BadInput, Conflict, did_you_mean
from alerts.model import Channel, Subscriber, Subscription
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.addresses import destination
from alerts.operations.altering import TRIES
from alerts.operations.requested import (
    SUBSCRIPTIONS_MOST,
    Hopeless,
    Requested,
    combined,
    label,
    unnamed,
)
from alerts.operations.rows import Row, read, split
from alerts.operations.subscriber_details import not_sent
from alerts.operations.subscriptions import reader
from alerts.operations.tags import admit_tags
from alerts.regions import Tree
from alerts.services import Services

WRITTEN_AT_ONCE = 500
#: Different subscriptions kept at hand while reading: real files repeat a few thousand.
AT_HAND = 50_000

Verdict = Literal["added", "changed", "unchanged"]
#: Told how much is done, and of how much where that is known.
Progress = Callable[[int, int | None], None]
#: A subscriber after and before, as the store takes them.
Move = tuple[Subscriber, Subscriber | None]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out: its number in the file, why, and what to do about it."""

    line: int
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth knowing about a good line."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: lines with something on them, the bad ones among them, and subscribers.

    `suppressed`: how many of those in the file nothing is sent to.
    """

    lines: int
    bad: int
    added: int
    changed: int
    unchanged: int
    suppressed: int = 0

    @property
    def useless(self) -> bool:
        """Whether there were lines, and not one good one."""
        return 0 < self.lines == self.bad


@dataclass(slots=True)
class Asked:
    """What the file says of one person, spelt as in the first line. Not `whole` if one of them was bad."""

    line: int
    address: str
    zone: str = ""
    name: str = ""
    subscriptions: tuple[Subscription, ...] = ()
    whole: bool = True


class Import:
    """One file on its way in: `read`, then `write`. Raises Forbidden for who may not manage subscribers."""

    def __init__(
        self,
        services: Services,
        actor: Actor,
        new_tags: bool = False,
        remark: Callable[[Remark], None] = lambda _: None,
    ) -> None:
        actor.require(Permission.MANAGE)
        self._services = services
        self._actor = actor
        self._remark = remark
        self._reader = reader(services, new_tags)
        self._asked: dict[Channel, dict[str, Asked]] = {channel: {} for channel in CHANNELS}
        self._subscription = lru_cache(maxsize=AT_HAND)(self._look_up)
        self._lines = self._bad = 0

    def read(self, stream: BinaryIO, report: Callable[[BadLine], None], progress: Progress) -> None:
        """Take in every good line and report the bad ones as they come; nothing is written.

        Raises BadInput if the header cannot be used, or if hundreds of words mean nothing.
        """
        for number, row in read(stream):
            self._lines += 1
            fault = row if isinstance(row, BadInput) else self._take(number, row)
            if fault is not None:
                self._bad += 1
                report(BadLine(number, fault.sentence, fault.hint))
            if self._lines % WRITTEN_AT_ONCE == 0:
                progress(self._lines, None)

    def places(self) -> dict[str, str]:
        """What each name of a region was taken for, to be shown: `{"Kyiv": "Kyiv, Ukraine (UA-30)"}`."""
        return {text: self._services.tree.label(code) for text, code in self._reader.places.items()}

    def write(self, progress: Progress, dry_run: bool = False) -> Imported:
        """Make each person named what their lines say; a `dry_run` only counts.

        What they newly ask for is caught up on, as everywhere; who is new is told what comes from now on. An
        address with a bad line loses nothing: its good lines are added to what it has. A pause stays.
        """
        if not dry_run:
            admit_tags(self._services, self._actor, self._reader.added)
        total, done = sum(map(len, self._asked.values())), 0
        verdicts: Counter[Verdict] = Counter()
        suppressed = 0
        try:
            for channel, people in self._asked.items():
                named = iter(people.items())
                while chunk := dict(islice(named, WRITTEN_AT_ONCE)):
                    verdicts += self._write_some(channel, chunk, dry_run)
                    suppressed += self._warn(channel, chunk)
                    done += len(chunk)
                    progress(done, total)
        finally:  # what was written before a fault or Ctrl-C was written by somebody, too
            if not dry_run and verdicts["added"] + verdicts["changed"]:
                self._note(verdicts, whole=done == total)
        counts = verdicts["added"], verdicts["changed"], verdicts["unchanged"]
        return Imported(self._lines, self._bad, *counts, suppressed)

    def _note(self, verdicts: Counter[Verdict], whole: bool) -> None:
        """Write down what the file has changed: one entry, whatever its size."""
        counts = {verdict: verdicts[verdict] for verdict in ("added", "changed", "unchanged")}
        after: dict[str, object] = {"lines": self._lines, "bad": self._bad, **counts}
        if not whole:
            after["interrupted"] = True
        record(self._services, self._actor, "subscriber.import", "subscribers", after=after)

    def _take(self, number: int, row: Row) -> BadInput | None:
        """Add a row to what its person is to have, or say what is wrong with it."""
        asked = None
        try:
            channel, address = destination(row.address, channel_named(row.channel))
            person = identity(channel, address)
            asked = self._asked[channel].setdefault(person, Asked(number, address))
            self._add(asked, row)
            if asked.address != address:
                self._remark(Remark(number, f"The same person as in line {asked.line}, spelt otherwise."))
        except Hopeless:
            raise
        except BadInput as fault:
            if asked is not None:
                asked.whole = False
            return fault
        return None

    def _add(self, asked: Asked, row: Row) -> None:
        subscription = self._subscription(row.wanted)
        if isinstance(subscription, BadInput):
            raise subscription.with_traceback(None)
        zone, name = self._reader.zone(row.timezone), label(row.name)
        if asked.zone and zone not in ("", asked.zone):
            raise BadInput(
                f"An earlier line puts {row.address.strip()} in the time zone {asked.zone}.",
                "One address has one time zone: correct one of the lines.",
            )
        if subscription not in asked.subscriptions:
            if len(asked.subscriptions) == SUBSCRIPTIONS_MOST:
                raise BadInput(
                    f"Nobody can have more than {SUBSCRIPTIONS_MOST} subscriptions.",
                    "One subscription may name many regions and tags.",
                )
            asked.subscriptions += (subscription,)
        asked.zone, asked.name = asked.zone or zone, asked.name or name

    def _look_up(self, cells: tuple[str, ...]) -> Subscription | BadInput:
        """What a row wants, or why that cannot be read: an answer either way, so that both are remembered."""
        regions, tags, all_tags, none_tags, *others = cells
        try:
            return self._reader.read(
                Requested(split(regions), split(tags), split(all_tags), split(none_tags), *others)
            )
        except Hopeless:
            raise
        except BadInput as fault:
            return fault

    def _write_some(self, channel: Channel, chunk: Mapping[str, Asked], dry_run: bool) -> Counter[Verdict]:
        moves = self._moves(channel, chunk)
        verdicts = Counter(map(_verdict, moves))
        if not dry_run:
            self._save(channel, chunk, moves)
        return verdicts

    def _warn(self, channel: Channel, chunk: Mapping[str, Asked]) -> int:
        """Say of whom nothing is sent to, whatever the file wants for them. How many that are."""
        wanted = {asked.address: asked for asked in chunk.values() if asked.subscriptions}
        standing = self._services.suppressions.find(channel, list(wanted))
        for address, why in standing.items():
            self._remark(Remark(wanted[address].line, not_sent(why)))
        return len(standing)

    def _save(self, channel: Channel, chunk: Mapping[str, Asked], moves: list[Move]) -> None:
        """Write what changes, anew if somebody else changed one of them in between."""
        for left in reversed(range(TRIES)):
            try:
                for kind, catch_up in (("added", False), ("changed", True)):
                    rows = [move for move in moves if _verdict(move) == kind]
                    self._services.subscribers.save_all(rows, catch_up)
            except Conflict:
                if not left:
                    raise
                moves = self._moves(channel, chunk)
            else:
                return

    def _moves(self, channel: Channel, chunk: Mapping[str, Asked]) -> list[Move]:
        held = self._services.subscribers.find_all(channel, [asked.address for asked in chunk.values()])
        moves: list[Move] = []
        for asked in chunk.values():
            if asked.subscriptions:
                before = held.get(asked.address)
                now = before or Subscriber(0, channel, asked.address, "UTC", (), 0)
                moves.append((become(asked, now, self._services.tree), before))
        return moves


def _verdict(move: Move) -> Verdict:
    after, before = move
    if before is None:
        return "added"
    return "unchanged" if after == before else "changed"


def become(asked: Asked, before: Subscriber, tree: Tree) -> Subscriber:
    """What a subscriber is after the import: subscriptions keep their names; empty cells say nothing."""
    held = {unnamed(subscription): subscription for subscription in before.subscriptions}
    kept = tuple(s for wanted, s in held.items() if wanted in asked.subscriptions or not asked.whole)
    fresh = [s for s in asked.subscriptions if s not in held]
    return replace(
        before,
        zone=asked.zone or before.zone,
        name=asked.name or before.name,
        subscriptions=combined(kept, fresh, tree),
    )


def channel_named(text: str) -> Channel | None:
    """The channel meant; None for an empty text: the address tells. Raises BadInput."""
    word = text.strip().lower()
    if not word:
        return None
    if word not in CHANNELS:
        raise BadInput(f"“{text[:40]}” is not a channel.", did_you_mean(list(CHANNELS), ""))
    return Channel(word)
