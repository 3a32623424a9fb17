"""A file as the whole list: who joins, who changes, who leaves. Shown before, and undone for a week.

Stopped anywhere, it can be run again and ends the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from alerts.channels import CHANNELS
from alerts.errors import BadInput, NotFound
from alerts.model import Standing, Subscriber
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.lists.asked import Move, Verdict, verdict
from alerts.operations.lists.imported import Imported, Progress, Tally
from alerts.operations.lists.importing import WRITTEN_AT_ONCE, Import
from alerts.rules.cadence import clock_of
from alerts.services import Services
from alerts.store import Past, SyncChange, state_of
from alerts.texts import number_of

#: As many are named of those who join, change and leave.
NAMED = 5


@dataclass(slots=True)
class SyncPlan:
    """What a sync would do. `named`: the first of each; `listed`: how many could leave.

    `nameless`: bad lines that do not say whom they are about.
    """

    lines: int
    bad: int
    nameless: int
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    named: dict[str, list[str]] = field(default_factory=dict)
    leaving: list[int] = field(default_factory=list)
    listed: int = 0

    def note(self, what: str, address: str) -> None:
        """Name somebody, unless enough are."""
        addresses = self.named.setdefault(what, [])
        if len(addresses) < NAMED:
            addresses.append(address)

    @property
    def changes(self) -> int:
        """How many people it concerns."""
        return self.verdicts["added"] + self.verdicts["changed"] + len(self.leaving)

    @property
    def danger(self) -> str:
        """Why more people may leave than is meant, or nothing."""
        n = len(self.leaving)
        if n * 2 > self.listed:
            return f"{n} of the {self.listed} on this list would leave: more than half."
        if n and self.nameless:
            return (
                f"Whom it is about is not said in {number_of(self.nameless, 'bad line')}: it may be one of "
                f"the {n:,} who would leave."
            )
        return ""

    def to_dict(self) -> dict[str, object]:
        counts = {word: self.verdicts[word] for word in ("added", "changed", "unchanged")}
        return counts | {"left": len(self.leaving), "listed": self.listed, "named": self.named}


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of it. `kept`: who changed while it ran, and so did not leave."""

    imported: Imported
    left: int
    kept: int


class Sync:
    """A file that was read (`Import.read`) as the whole list of the channels it names: `plan`, then `write`.

    With a scope only those may leave who came by it; who was added by hand never does. Without one everybody
    may who is not in the file. Raises Forbidden for who may not manage subscribers.
    """

    def __init__(self, services: Services, actor: Actor, coming: Import) -> None:
        actor.require(Permission.MANAGE)
        self._services = services
        self._actor = actor
        self._coming = coming
        self._scope = coming.scope.label if coming.scope else ""

    def plan(self, progress: Progress) -> SyncPlan:
        """Compare with who is there; writes nothing. Raises BadInput for a file that is no whole list."""
        coming = self._coming
        lines, bad = coming.lines
        if not coming.people:
            raise BadInput("The file names nobody: a whole list is not empty.", "Is it the right file?")
        if bad * 2 > lines:
            raise BadInput(
                f"It has {number_of(lines, 'line')}, and {bad:,} of them bad: that is no whole list.",
                "Correct them first; --rejects FILE writes them down.",
            )
        plan = SyncPlan(lines, bad, coming.nameless)
        for done, move in enumerate(coming.coming(), 1):
            what = verdict(move)
            plan.verdicts[what] += 1
            if what != "unchanged":
                plan.note(what, move[0].address)
            if done % WRITTEN_AT_ONCE == 0:
                progress(done, coming.people)
        for person in self._listed():
            plan.listed += 1
            if not coming.names(person.channel, person.address):
                plan.leaving.append(person.sid)
                plan.note("left", person.address)
        return plan

    def write(self, plan: SyncPlan, progress: Progress, *, allow_leavers: bool = False) -> Synced:
        """Make the list what the file says: first who joins and changes, then who leaves.

        Raises BadInput for a plan in danger, unless leavers are allowed.
        """
        if plan.danger and not allow_leavers:
            raise BadInput(plan.danger, "Look at the file again; if it is meant, give --allow-leavers.")
        tally, gone = Tally(), [0, 0]
        if plan.changes:  # a list that changes nothing leaves the one before to be undone
            self._services.syncs.begin(self._scope)
        try:
            self._coming.write_people(tally, progress, before=self._remember)
            self._let_go(plan.leaving, gone)
            self._services.syncs.finish(self._scope)
        finally:  # what was done before a fault or Ctrl-C was done by somebody, too
            if tally.changes + gone[0]:
                after = self._coming.counted(tally) | {"left": gone[0]}
                if sum(gone) < len(plan.leaving):
                    after["interrupted"] = True
                record(self._services, self._actor, "subscriber.sync", "subscribers", after=after)
        return Synced(self._coming.imported(tally), *gone)

    def _listed(self) -> Iterator[Subscriber]:
        """Who may leave."""
        for channel in CHANNELS:
            if self._coming.named(channel):
                for person in self._services.subscribers.everyone(channel):
                    if self._may_leave(person):
                        yield person

    def _may_leave(self, person: Subscriber) -> bool:
        return not self._scope or person.scope == self._scope

    def _remember(self, moves: list[Move]) -> None:
        self._services.syncs.remember(
            SyncChange(after.channel, after.address, before, state_of(after))
            for after, before in moves
            if verdict((after, before)) != "unchanged"
        )

    def _let_go(self, sids: Sequence[int], gone: list[int]) -> None:
        """Remove people, and count who is gone and who has changed meanwhile."""
        services = self._services
        for first in range(0, len(sids), self._coming.at_once):
            portion = sids[first : first + self._coming.at_once]
            people = [person for person in services.subscribers.load(portion) if self._may_leave(person)]
            pasts = _pasts(services, people)
            services.syncs.remember(
                SyncChange(person.channel, person.address, person, "", pasts.get(person.sid))
                for person in people
            )
            removed = services.subscribers.remove_all(people)
            gone[0] += sum(removed)
            gone[1] += len(portion) - sum(removed)


def _pasts(services: Services, people: Iterable[Subscriber]) -> dict[int, Past]:
    """What each is to be caught up with once they are back: their subscriptions until now.

    A slot that opens between this and their leaving is looked at again then, and what the ledger says was
    delivered is left out.
    """
    now_ms, listed = services.server.now_ms(), list(people)
    found = services.subscribers.pasts(person.sid for person in listed)
    opened: dict[str, int | None] = {}
    for person in listed:
        if person.sid not in found and person.standing is Standing.ACTIVE:
            clock = clock_of(person.audience)
            if clock and str(clock) not in opened:
                opened[str(clock)] = services.clocks.last_opened(clock)
            slot_ms = opened[str(clock)] if clock else None
            found[person.sid] = Past(person.audience.id, slot_ms, person.joined_ms, now_ms)
    return found


@dataclass(slots=True)
class SyncUndone:
    """How many are as they were before the sync. `kept`: who has changed since, and stays as they are."""

    scope: str = ""
    removed: int = 0
    restored: int = 0
    revived: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def changes(self) -> int:
        return self.removed + self.restored + self.revived


def undo_sync(services: Services, actor: Actor) -> SyncUndone:
    """Make everybody what they were before the last sync; who left is back under their number, and caught up.

    Whoever was changed by somebody since stays as they are. Stopped anywhere, it goes on when called again.
    Raises Forbidden, and NotFound if there is none, or if it was more than a week ago.
    """
    actor.require(Permission.MANAGE)
    last = services.syncs.last()
    if last is None:
        raise NotFound("There is no sync that could be undone.", "One can be for seven days.")
    undone = SyncUndone(last.scope)
    try:
        for changes in services.syncs.changes():
            for portion in _portions(changes):
                _undo(services, portion, undone)
        services.syncs.forget()
    finally:
        if undone.changes:
            counts = {word: getattr(undone, word) for word in ("removed", "restored", "revived")}
            after = counts | {"kept": len(undone.kept)} | ({"scope": last.scope} if last.scope else {})
            record(services, actor, "subscriber.undo_sync", "subscribers", after=after)
    return undone


def _portions(changes: Sequence[SyncChange]) -> Iterator[list[SyncChange]]:
    rest = iter(changes)
    while portion := list(islice(rest, WRITTEN_AT_ONCE)):
        yield portion


def _undo(services: Services, changes: Sequence[SyncChange], undone: SyncUndone) -> None:
    """Undo what was done to some. Twice: who is as they were is left alone."""
    joined: list[Subscriber] = []
    changed: list[Move] = []
    left: list[tuple[Subscriber, Past | None]] = []
    for channel in CHANNELS:
        some = [change for change in changes if change.channel == channel]
        there = services.subscribers.find_all(channel, [change.address for change in some])
        for change in some:
            now, before = there.get(change.address), change.before
            if state_of(now) == state_of(before):
                continue  # undone already, or never done
            if state_of(now) != change.after:
                undone.kept.append(change.address)
            elif now is None:
                if before is not None:
                    left.append((before, change.past))
            elif before is None:
                joined.append(now)
            else:
                changed.append((replace(before, sid=now.sid, joined_ms=now.joined_ms), now))
    undone.removed += sum(services.subscribers.remove_all(joined))
    undone.restored += len(services.subscribers.save_all(changed, catch_up=True))
    undone.revived += len(services.subscribers.revive(left))
    services.syncs.undone(changes)
