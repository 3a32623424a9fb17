"""The year that the rules were held against, walked over a real server: the same log, outages and people.

Time jumps from one instant at which something is due to the next. Usually some of the people and updates walk
through all of the year; `ALERTS_TEST_YEAR=full`, which `make year` sets, lets all of them.
"""

import os
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial

import pytest
from clocked import clocked, move_to
from dying import IN_FLIGHT, Died, Heard, Interrupted, Mortal, bury
from history import History
from house import due
from year import COUNTRIES, PEOPLE, UPDATES, ZONES, Life, Person, Told, accepted, lives

from alerts.channels import CHANNELS
from alerts.model import (
    Blank,
    Cadence,
    Change,
    Channel,
    Digest,
    Entry,
    Instant,
    Kind,
    Revision,
    Standing,
    Step,
    Subscriber,
    Work,
)
from alerts.rules import windows
from alerts.services import Services
from alerts.settings import Settings
from alerts.store import DueEntry
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.outcome_buffer import RECORDED_AT_ONCE

FULL = os.environ.get("ALERTS_TEST_YEAR") == "full"
SIZE = (PEOPLE, UPDATES) if FULL else (60, 100)
SMALL = 30, 120
BEGIN = "2026-01-01T00:00Z"
#: A few hours for many to change to: each hour in each zone is a clock of its own.
CADENCES = ("immediate", "daily 08:00", "daily 02:30", "weekly mon,thu 01:30")
#: How often a step meets a change of subscriptions, but for slot runs, of which most have nothing to tell.
CHANCE = 0.03 if FULL else 0.1
#: Newer revisions that come of deaths: each may lead to more deaths.
EXTRA_MOST = 1_000 if FULL else 100
#: Enough for what can follow from one while a dead worker's lease lasts; its gathering has to wait.
ROUNDS = 8
#: How many commands a worker may send at one instant before it dies.
LIVES = (3, 10, 30, 100, 300, 1_000, float("inf"))

pytestmark = [pytest.mark.long, pytest.mark.timeout(4 * 3600 if FULL else 600)]


class Walked:
    """The year with one worker that does at once whatever is due, unless nobody works."""

    def __init__(self, services: Services, crowd: list[Life]) -> None:
        self.services, self.crowd, self.year = services, crowd, crowd[0].year
        self.history, self.sender = History(services), Heard()
        services.own_senders = dict.fromkeys(CHANNELS, self.sender)
        self.batch_sender = BatchSender(services)
        self.sids: dict[int, Person] = {}
        self.seen: Counter[str] = Counter()

    def run(self) -> None:
        events, owed = self.events(), self.owed()
        while True:
            now_ms = self.year.awake(owed[0].look_ms) if owed else self.year.end_ms
            now_ms = min(now_ms, events[0][0]) if events else now_ms
            if now_ms >= self.year.end_ms:
                return
            move_to(self.services, now_ms)
            while events and events[0][0] == now_ms:
                events.popleft()[1]()
                owed = self.owed()
            if self.year.awake(now_ms) == now_ms:
                owed = self.work(owed)

    def events(self) -> deque[tuple[Instant, Callable[[], None]]]:
        """What is published and who subscribes, whether or not anybody works at that instant."""
        found = [(accepted(revision), partial(self.publish, revision)) for revision in self.year.log]
        for life in self.crowd:
            found += [(person.joined_ms, partial(self.subscribe, life, person)) for person in life.people]
        return deque(sorted(found, key=lambda event: event[0]))

    def publish(self, revision: Revision) -> None:
        self.history.publish(revision.draft)

    def subscribe(self, life: Life, person: Person) -> None:
        audience = life.audience
        address = an_address(audience.channel, len(self.history.wishes))
        zone = audience.zone or "UTC"  # an audience without slots has none
        new = Subscriber(0, audience.channel, address, zone, audience.subscriptions, 0)
        self.sids[self.history.save(new, None).sid] = person

    def work(self, owed: list[DueEntry]) -> list[DueEntry]:
        """Do what is due, and what follows from it. What is owed then, later."""
        while works := due(owed, self.history.now_ms):
            for work in self.order(works):
                self.step(work)
            owed = self.owed()
        return owed

    def owed(self) -> list[DueEntry]:
        """The first of what is owed: as much as is often due at one instant."""
        return self.services.due.owed(16)

    def order(self, works: list[Work]) -> list[Work]:
        return works

    def step(self, work: Work) -> None:
        steps.step(self.batch_sender, work)
        self.seen[work.step] += 1

    def told(self) -> dict[int, Counter[Told]]:
        """What the ledger says that each person was told, as the year's own record has it."""
        found: dict[int, Counter[Told]] = defaultdict(Counter)
        sent: Counter[tuple[str, int]] = Counter()
        compared = self.compared()
        for digest, frozen_ms, sids in self.history.sent():
            window = (digest.from_ms, digest.horizon_ms) if digest.clock else None
            for sid in sids:
                entries = (
                    [compared.get((digest.id, sid), digest.entries[0])] if digest.alone else digest.entries
                )
                found[sid].update(Told(entry, frozen_ms, window) for entry in entries)
                sent[digest.id, sid] += 1
            self.seen["digests"] += 1
        self.seen["sent"], self.seen["twins"] = sent.total(), (self.sender.heard - sent).total()
        assert not sent - self.sender.heard
        return found

    def compared(self) -> dict[tuple[str, int], Entry]:
        """What each message of a digest of one said of its reader's update: the sink's word, nobody else's.

        Whatever the sink took before from the same reader is what it must be compared with.
        """
        digests = self.services.digests.get_all(list({name for name, _, _ in self.sender.log}))
        got: dict[tuple[int, str], set[int]] = defaultdict(set)
        found: dict[tuple[str, int], Entry] = {}
        for name, sid, _ in self.sender.log:
            digest = digests[name]
            told = [entry for entry in digest.entries if entry.change is not Change.TOLD]
            if digest.alone and not (digest.clock or digest.catch_up) and (name, sid) not in found:
                [one] = told
                since = max((n for n in got[sid, one.update] if n < one.number), default=0)
                found[name, sid] = windows.entry(self.history.revisions[one.update][one.number - 1], since)
                assert self.says(name, sid, since), (sid, digest, since)
                self.seen["compared"] += since > 0
            for one in told:
                got[sid, one.update].add(one.number)
        return found

    def says(self, name: str, sid: int, since: int) -> bool:
        """Whether a message is compared with what its reader had got."""
        return self.sender.messages[name, sid].pieces == self.rendered(name, since)

    @cache  # noqa: B019 - it ends with its test
    def rendered(self, name: str, since: int) -> tuple[bytes | Blank, ...]:
        digest = self.services.digests.get(name)
        [one] = digest.entries
        revision = self.history.revisions[one.update][one.number - 1]
        shown = replace(digest, entries=(windows.entry(revision, since),))
        refs = self.services.updates.revisions(shown.entries[0].refs)
        return self.services.renderer.render(shown, refs).pieces

    def check(self) -> None:
        """The ledger is the very record that the rules alone have led to."""
        told = self.told()
        for sid, person in self.sids.items():
            record = Counter(person.told)
            assert told[sid] == record, (sid, told[sid] - record, record - told[sid])


def an_address(channel: Channel, n: int) -> str:
    return f"p{n}@example.org" if channel is Channel("email") else f"T1/C{n}"


class Dying(Walked):
    """The same year with workers that die after a random command; sweeps ring twice, in no order."""

    lives: tuple[float, ...] = LIVES

    def __init__(self, services: Services, crowd: list[Life]) -> None:
        super().__init__(services, crowd)
        self.mortal, self.dice = Mortal(services), random.Random("deaths")

    def order(self, works: list[Work]) -> list[Work]:
        return self.dice.sample(works * 2, 2 * len(works))

    def work(self, owed: list[DueEntry]) -> list[DueEntry]:
        while True:
            self.mortal.left = self.dice.choice(self.lives)
            try:
                return super().work(owed)
            except Died:
                self.seen["deaths"] += 1
            finally:
                self.mortal.left = float("inf")
            self.after_death()
            self.batch_sender, owed = BatchSender(self.services), self.owed()

    def after_death(self) -> None:
        bury(self.services)


class Overtaken(Dying):
    """Workers die of their sends with mail accepted; before anybody takes it up, the desk writes again.

    What it writes is not in the year, so the judge is not the year's record but what the sender was given.
    """

    lives = (float("inf"),)

    def __init__(self, services: Services, crowd: list[Life]) -> None:
        super().__init__(services, crowd)
        self.extra = 0
        self.sender = Heard(lambda: self.history.now_ms)
        services.own_senders = dict.fromkeys(CHANNELS, self.sender)

    def step(self, work: Work) -> None:
        if work.step is Step.SEND and self.dice.random() < 0.4:
            self.mortal.left = self.dice.randrange(3, 12)
        super().step(work)
        self.mortal.left = float("inf")

    def says(self, name: str, sid: int, since: int) -> bool:
        """Nobody reads as new what they had got; who may have got it may read what became of it."""
        return since == 0 or self.sender.messages[name, sid].pieces != self.rendered(name, 0)

    def after_death(self) -> None:
        dead = [owed.work for owed in self.services.due.owed() if owed.work.step is Step.SEND]
        if dead and self.extra < EXTRA_MOST and self.dice.random() < 0.5:
            self.seen["overtaken"] += 1
            self.overtake(self.dice.choice(dead))
            if self.dice.random() < 0.5:  # while the lease lasts, as far as that goes
                self.batch_sender = BatchSender(self.services)
                for _ in range(ROUNDS):
                    for work in due(self.owed(), self.history.now_ms):
                        steps.step(self.batch_sender, work)
        super().after_death()
        for work in dead:  # however long it is to rest: time stands still here, and gatherings wait for it
            self.services.due.postpone(work, self.history.now_ms)

    def overtake(self, dead: Work) -> None:
        """A newer revision of something that the dead worker's batch tells."""
        told = self.services.digests.get(dead.key.partition("/")[0]).entries
        latest = self.history.revisions[self.dice.choice(told).update][-1].draft
        kind = self.dice.choice((Kind.CANCEL, Kind.CORRECTION, Kind.UPDATE))
        self.extra += 1
        regions = self.dice.choice((latest.regions, (self.dice.choice(COUNTRIES),)))
        self.history.publish(replace(latest, kind=kind, regions=regions, note=f"extra {self.extra}"))

    def judge(self) -> None:
        """Whoever was given something that was corrected or closed was given that, or what took its place, as
        soon as anybody worked; and nothing older in a digest of one after it."""
        digests = self.services.digests.get_all(list({name for name, _, _ in self.sender.log}))
        given: dict[tuple[int, str], list[tuple[int, Digest, Instant]]] = defaultdict(list)
        for name, sid, at_ms in self.sender.log:
            for entry in digests[name].entries:
                if entry.change is not Change.TOLD:
                    given[sid, entry.update].append((entry.number, digests[name], at_ms))
        for (sid, update), told in given.items():
            once = Counter(number for number, _ in {(number, digest.id) for number, digest, _ in told})
            assert once.most_common(1)[0][1] == 1, (sid, update, told)
            for number, digest, _ in told[-1:]:
                assert digest.clock or number == max(once), (sid, update, told)
            for revision in self.history.revisions[update]:
                earlier = [at_ms for number, _, at_ms in told if number < revision.number]
                if revision.kind.corrective and earlier:
                    by_ms = max(self.year.awake(accepted(revision)), earlier[0])
                    in_time = [n for n, _, at_ms in told if n >= revision.number and at_ms <= by_ms]
                    assert in_time, (sid, revision.ref, told)
                    self.seen[revision.kind] += 1


class Changing(Walked):
    """The same year with changes of wishes between any two steps and commands, and while nobody works."""

    def __init__(self, services: Services, crowd: list[Life]) -> None:
        super().__init__(services, crowd)
        self.dice, self.soon = random.Random("wishes"), Interrupted(services, self.change)

    def publish(self, revision: Revision) -> None:
        super().publish(revision)
        if self.dice.random() < 0.1:
            self.change()

    def step(self, work: Work) -> None:
        """Perhaps with a change before it, or before the n-th of its commands."""
        if self.dice.random() < (0.001 if work.step is Step.OPEN else CHANCE):
            self.soon.left = self.dice.choice((0, 0, 1, 2, 3, 5, 8, 13))
        super().step(work)
        self.soon.left = float("inf")

    def change(self) -> None:
        person = self.dice.choice(list(self.history.people.values()))
        change = self.dice.choice((self.pause, self.move, self.retime, self.retime, self.rewish, self.switch))
        if person.standing is Standing.PAUSED:
            change = self.resume
        change(person)
        self.seen[change.__name__] += 1

    def pause(self, person: Subscriber) -> None:
        self.history.save(replace(person, standing=Standing.PAUSED), person)

    def resume(self, person: Subscriber) -> None:
        self.history.save(replace(person, standing=Standing.ACTIVE), person)

    def move(self, person: Subscriber) -> None:
        self.history.save(replace(person, zone=self.dice.choice(ZONES)), person)

    def retime(self, person: Subscriber) -> None:
        """Want the same at another hour."""
        cadence = Cadence.parse(self.dice.choice(CADENCES))
        wishes = dict.fromkeys(replace(wish, cadence=cadence, quiet=None) for wish in person.subscriptions)
        self.history.save(replace(person, subscriptions=tuple(wishes)), person)

    def rewish(self, person: Subscriber) -> None:
        """Want what somebody else came with."""
        other = self.dice.choice(self.crowd).audience
        wishes = replace(person, zone=other.zone or "UTC", subscriptions=other.subscriptions)
        self.history.save(wishes, person)

    def switch(self, person: Subscriber) -> None:
        """Leave one channel and come on the other."""
        self.history.remove(person)
        channel = Channel("slack") if person.channel is Channel("email") else Channel("email")
        address = an_address(channel, len(self.history.wishes))
        new = Subscriber(0, channel, address, person.zone, person.subscriptions, 0)
        self.history.save(new, None)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """With a ledger for all of the year: what is kept for days is kept by the machine's clock."""
    ready = clocked(settings.model_copy(update={"keep_days": 700}), BEGIN)
    yield ready
    ready.close()


@pytest.fixture
def crowd() -> list[Life]:
    """The people of the year, and what the rules alone have told them."""
    found = lives(*SIZE)
    for life in found:
        life.live()
    return found


def test_the_walked_year_ends_in_the_ledger_that_the_rules_lead_to(
    services: Services, crowd: list[Life]
) -> None:
    """The rules' own record keeps every promise: `test_a_year` holds it against them."""
    year = Walked(services, crowd)
    year.run()
    year.check()
    print(year.seen)
    assert year.seen["twins"] == 0


def test_the_year_with_deaths_and_doubled_sweeps_ends_in_the_same_ledger(
    services: Services, crowd: list[Life]
) -> None:
    """The very same, down to the instant: nothing that is told depends on which worker was first."""
    year = Dying(services, crowd)
    year.run()
    year.check()
    print(year.seen)
    assert year.seen["deaths"] > 100
    assert year.seen["twins"] <= year.seen["deaths"] * (IN_FLIGHT + RECORDED_AT_ONCE)


def test_the_year_with_what_dead_workers_told_overtaken_leaves_nobody_with_what_was_wrong(
    services: Services,
) -> None:
    year = Overtaken(services, lives(*(SIZE if FULL else SMALL)))
    year.run()
    year.told()
    year.judge()
    print(year.seen)
    assert year.seen["overtaken"] > 50
    assert min(year.seen[kind] for kind in ("twins", Kind.CANCEL, Kind.CORRECTION)) > 10
    assert year.seen["twins"] <= year.seen["deaths"] * (IN_FLIGHT + RECORDED_AT_ONCE)


def test_the_year_with_changes_of_wishes_at_any_instant_keeps_every_promise(
    services: Services, crowd: list[Life]
) -> None:
    year = Changing(services, crowd)
    year.run()
    year.seen += year.history.check()
    year.told()
    print(year.seen)
    assert year.seen["twins"] == 0
    kinds = ("covered", "closed", "now", "slot", "late", "catch-up")
    assert min(year.seen[kind] for kind in kinds) > 0, year.seen
