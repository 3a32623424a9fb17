"""Subscribers from a file: it says the whole truth about each address it names, and nothing about others.

It is read wholly before anything is written, and laid down meanwhile. Stopped anywhere, it can be run again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

from alerts import languages
from alerts.channels import CHANNELS
from alerts.errors import BadInput, Conflict, Faults, Hopeless
from alerts.model import Channel, Subscriber, Subscription
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.lists import asked as asking
from alerts.operations.lists.asked import Asked, Move, Verdict, verdict
from alerts.operations.lists.asked_people import AT_HAND, AskedPeople
from alerts.operations.lists.columns import AS_WE_NAME_THEM, ColumnChoices, Header
from alerts.operations.lists.imported import BadLine, Imported, Progress, Remark, Scope, Tally
from alerts.operations.lists.rejects import Rejects
from alerts.operations.lists.rows import Row, split
from alerts.operations.lists.tables import TableLine, read
from alerts.operations.subscribing.addresses import destination, owner_named
from alerts.operations.subscribing.altering import TRIES
from alerts.operations.subscribing.requested import SUBSCRIPTIONS_MOST, Requested
from alerts.operations.subscribing.requested_values import label
from alerts.operations.subscribing.subscriber_details import not_sent
from alerts.operations.subscribing.subscriptions import reader
from alerts.operations.subscribing.suppressing import ERASED
from alerts.operations.tags import admit_tags
from alerts.services import Services

WRITTEN_AT_ONCE = 500
_NOBODY = (next(iter(CHANNELS)), "")  #: for the address of a line that has none


class Import:
    """One file on its way in: `read`, then `write`. Raises Forbidden for who may not manage subscribers."""

    def __init__(
        self,
        services: Services,
        actor: Actor,
        new_tags: bool = False,
        remark: Callable[[Remark], None] = lambda _: None,
        *,
        columns: ColumnChoices = AS_WE_NAME_THEM,
        scope: Scope | None = None,
        at_once: int = WRITTEN_AT_ONCE,
    ) -> None:
        actor.require(Permission.MANAGE)
        self._columns, self.scope, self.at_once = columns, scope, at_once
        self._services, self._actor = services, actor
        self._remark = remark
        self._reader = reader(services, new_tags)
        self._asked = AskedPeople(services.settings.home)
        self._erased = services.erased.everybody()
        self._subscription = lru_cache(maxsize=AT_HAND)(self._look_up)
        self._lines = self._bad = self._nameless = 0

    def read(
        self,
        stream: BinaryIO,
        report: Callable[[BadLine], None],
        progress: Progress,
        rejects: Rejects | None = None,
    ) -> None:
        """Take in every good line and report the bad ones as they come; nothing is written but `rejects`.

        Raises BadInput if the header cannot be used, or if hundreds of words mean nothing.
        """

        def begun(header: Header) -> None:
            if header.ignored:
                self._remark(Remark(header.line, f"Passed over: {', '.join(header.ignored)}."))
            if rejects:
                rejects.begin(header)

        for line in read(stream, self._columns, begun):
            self._lines += 1
            row = line.row
            fault = self._spoilt(line, row) if isinstance(row, BadInput) else self._take(line.number, row)
            if fault is not None:
                self._bad += 1
                report(BadLine(line.number, fault.sentence, fault.hint))
                if rejects:
                    rejects.add(line, fault)
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
        tally = Tally()
        try:
            self.write_people(tally, progress, dry_run)
        finally:  # what was written before a fault or Ctrl-C was written by somebody, too
            if not dry_run and tally.changes:
                counted = self.counted(tally)
                record(self._services, self._actor, "subscriber.import", "subscribers", after=counted)
        return self.imported(tally)

    def write_people(
        self,
        tally: Tally,
        progress: Progress,
        dry_run: bool = False,
        before: Callable[[list[Move]], None] = lambda _: None,
    ) -> None:
        """Write all of them, some hundreds at a time, and count what came of it. Leaves no entry.

        `before` is given what is to be written each time, unless it is a `dry_run`.
        """
        if not dry_run:
            self.admit_tags()
        total, done = self.people, 0
        for channel, chunk in self.asked():
            left = self._asked.unsettled(chunk)
            tally.verdicts["unchanged"] += len(chunk) - len(left)
            tally.verdicts += self._write_some(channel, left, dry_run, before)
            tally.suppressed += self._warn(channel, chunk)
            done += len(chunk)
            progress(done, total)
        tally.whole = True

    def admit_tags(self) -> None:
        """Put the new tags that the file names on the list."""
        admit_tags(self._services, self._actor, self._reader.added)

    def asked(self) -> Iterator[tuple[Channel, list[Asked]]]:
        """What is asked for each person, in the order of the file and some hundreds at a time."""
        for channel in CHANNELS:
            for chunk in self._asked.portions(channel, self.at_once):
                yield channel, chunk

    @property
    def people(self) -> int:
        """How many the file names."""
        return len(self._asked)

    @property
    def lines(self) -> tuple[int, int]:
        """How many lines there are, and how many of them are bad."""
        return self._lines, self._bad

    def named(self, channel: Channel) -> bool:
        """Whether the file names anybody of a channel."""
        return self._asked.named(channel)

    def names(self, channel: Channel, address: str) -> bool:
        """Whether somebody is in the file, be it in a line that is bad."""
        return self._asked.names(channel, address)

    @property
    def nameless(self) -> int:
        """How many bad lines do not say whom they are about."""
        return self._nameless

    def coming(self) -> Iterator[Move]:
        """What each person is and what they become, in the order of the file; writes nothing."""
        for channel, chunk in self.asked():
            yield from self._asked.settled(chunk, self._moves(channel, chunk))

    def imported(self, tally: Tally) -> Imported:
        """What came of the file."""
        n = tally.verdicts
        counts = n["added"], n["changed"], n["unchanged"]
        return Imported(self._lines, self._bad, *counts, tally.suppressed)

    def counted(self, tally: Tally) -> dict[str, object]:
        """What the audit says of it: one entry, whatever its size."""
        counts = {word: tally.verdicts[word] for word in ("added", "changed", "unchanged")}
        scope = {"scope": self.scope.label} if self.scope else {}
        cut_short = {} if tally.whole else {"interrupted": True}
        return {"lines": self._lines, "bad": self._bad, **counts, **scope, **cut_short}

    def _spoilt(self, line: TableLine, fault: BadInput) -> BadInput:
        """Why a line is no row. Whom it seems to be about is remembered: nobody leaves by a stray quote."""
        self._nameless += not self._asked.mention_all_in(line.text)
        return fault

    def _take(self, number: int, row: Row) -> BadInput | None:
        """Add a row to what its person is to have, or say all that is wrong with it."""
        faults = Faults()
        typed = row.address.strip()
        channel, address = faults.of(
            lambda: destination(row.address, asking.channel_named(row.channel)), _NOBODY
        )
        asked = Asked(number, typed)
        if address and self._erased.has(channel, address):
            self._remark(Remark(number, f"Left out: {ERASED}."))
            return None
        if address:
            asked = self._asked.find(channel, address) or Asked(number, address)
        else:
            self._nameless += 1
        subscription = faults.of(lambda: self._read(row), None)
        zone = faults.of(lambda: self._reader.zone(row.timezone), "")
        name = faults.of(lambda: label(row.name), "")
        owner = faults.of(lambda: owner_named(row.owner), "")
        language = faults.of(lambda: languages.canonical(row.language), "")
        faults.found += asking.at_odds(asked, zone, language)
        full = len(asked.subscriptions) == SUBSCRIPTIONS_MOST
        if full and subscription and subscription not in asked.subscriptions:
            faults.found.append(
                BadInput(
                    f"Nobody can have more than {SUBSCRIPTIONS_MOST} subscriptions.",
                    "One subscription may name many regions and tags.",
                )
            )
        if faults.found or subscription is None:
            asked.whole = False
            if address:
                self._asked.save(channel, asked)
            return BadInput.together(faults.found)
        if subscription not in asked.subscriptions:
            asked.subscriptions += (subscription,)
        asked.zone, asked.name, asked.owner = asked.zone or zone, asked.name or name, asked.owner or owner
        asked.language = asked.language or language
        self._asked.save(channel, asked)
        if asked.address != address:
            self._remark(Remark(number, f"The same person as in line {asked.line}, spelt otherwise."))
        return None

    def _read(self, row: Row) -> Subscription:
        subscription = self._subscription(row.wanted)
        if isinstance(subscription, BadInput):
            raise subscription.with_traceback(None)
        return subscription

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

    def _write_some(
        self,
        channel: Channel,
        chunk: Sequence[Asked],
        dry_run: bool,
        before: Callable[[list[Move]], None],
    ) -> Counter[Verdict]:
        moves = self._moves(channel, chunk)
        for said in asking.left_out(chunk, moves, self._services.tree):
            self._remark(Remark(*said))
        if not dry_run:
            before(moves)
            self._save(channel, chunk, moves)
        return Counter(map(verdict, moves))

    def _warn(self, channel: Channel, chunk: Sequence[Asked]) -> int:
        """Say of whom nothing is sent to, whatever the file wants for them. How many that are."""
        lines = {asked.address: asked.line for asked in chunk if asked.subscriptions}
        standing = self._services.suppressions.find(channel, list(lines))
        for address, why in standing.items():
            self._remark(Remark(lines[address], not_sent(why)))
        return len(standing)

    def _save(self, channel: Channel, chunk: Sequence[Asked], moves: list[Move]) -> None:
        """Write what changes, anew if somebody else changed one of them in between."""
        for left in reversed(range(TRIES)):
            try:
                for kind, catch_up in (("added", False), ("changed", True)):
                    rows = [move for move in moves if verdict(move) == kind]
                    self._services.subscribers.save_all(rows, catch_up)
            except Conflict:
                if not left:
                    raise
                moves = self._moves(channel, chunk)
            else:
                return

    def _moves(self, channel: Channel, chunk: Sequence[Asked]) -> list[Move]:
        held = self._services.subscribers.find_all(channel, [asked.address for asked in chunk])
        moves: list[Move] = []
        for asked in chunk:
            if asked.subscriptions:
                before = held.get(asked.address)
                now = before or Subscriber(0, channel, asked.address, "UTC", (), 0)
                after = asking.become(asked, now, self._services.tree)
                if self.scope and (before is None or (self.scope.adopt and not before.scope)):
                    after = replace(after, scope=self.scope.label)
                moves.append((after, before))
        return moves
