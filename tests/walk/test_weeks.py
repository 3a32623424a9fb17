"""Days of a desk's work at random: updates, revisions, changes of wishes, outages, doubled sweeps, deaths.

Whatever the order, nobody is told the same revision twice, everybody is told what their wishes covered all
along, no instant brings a person two digests, and each digest holds only what its window does.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import pytest
from clocked import clocked, move_to
from test_crashes import Died, Mortal, go_on
from walking import draft, walk

from alerts import pipeline
from alerts.matching import Facts, wants
from alerts.model import (
    Cadence,
    Change,
    Channel,
    Digest,
    Filter,
    Instant,
    Kind,
    QuietHours,
    Revision,
    Severity,
    Standing,
    State,
    Subscriber,
    Subscription,
)
from alerts.services import Services
from alerts.settings import Settings

BEGIN = "2026-03-20T00:00Z"  # New York has changed its clocks, Europe will on the 29th, Lord Howe on 5 April
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ZONES = ("Europe/Kyiv", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
CADENCES = (
    "immediate",
    "immediate",
    "hourly",
    "daily 08:00",
    "daily 02:30",
    "weekly mon 08:00",
    "weekly sun,wed 01:30",
)
REGIONS = ("UA", "RU", "150", "FR", "UA-30", "001")


@dataclass
class Weeks:
    """One random history, and what came of it."""

    services: Services
    dice: random.Random
    people: dict[int, Subscriber] = field(default_factory=dict)
    #: Every state of somebody's wishes, from when: None while paused.
    wishes: dict[int, list[tuple[Instant, tuple[Subscription, ...] | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    #: How often a publish is a new update, and not the next revision of an old one.
    fresh: float = 0.6

    @property
    def now_ms(self) -> Instant:
        return self.services.server.now_ms()

    def wish(self) -> Subscription:
        dice = self.dice
        return Subscription(
            Filter(
                tuple(sorted(dice.sample(REGIONS, dice.choice((1, 1, 2))))),
                min_severity=dice.choice(list(Severity)),
            ),
            Cadence.parse(dice.choice(CADENCES)),
            QuietHours.parse("22:00-07:00") if dice.random() < 0.2 else None,
            Severity.SEVERE if dice.random() < 0.3 else None,
        )

    def some_wishes(self) -> tuple[Subscription, ...]:
        return tuple({self.wish() for _ in range(self.dice.choice((1, 1, 2)))})

    def subscribe(self) -> None:
        channel = self.dice.choice(list(Channel))
        n = len(self.people)
        address = f"p{n}@example.org" if channel is Channel.EMAIL else f"T1/C{n}"
        person = Subscriber(0, channel, address, self.dice.choice(ZONES), self.some_wishes(), 0)
        self.keep(self.services.subscribers.save(person, None))

    def keep(self, person: Subscriber) -> None:
        self.people[person.sid] = person
        active = person.standing is Standing.ACTIVE
        since_ms = max(self.now_ms, person.joined_ms if active else 0)  # a publish in the same ms came first
        self.wishes[person.sid].append((since_ms, person.subscriptions if active else None))

    def change(self) -> None:
        person = self.dice.choice(list(self.people.values()))
        what = self.dice.random()
        if person.standing is Standing.PAUSED:
            after = replace(person, standing=Standing.ACTIVE)
        elif what < 0.3:
            after = replace(person, standing=Standing.PAUSED)
        elif what < 0.5:
            after = replace(person, zone=self.dice.choice(ZONES))
        else:
            after = replace(person, subscriptions=self.some_wishes())
        self.keep(self.services.subscribers.save(after, person, catch_up=True))

    def publish(self) -> None:
        fresh = not self.revisions or self.dice.random() < self.fresh
        update = f"u{len(self.revisions)}" if fresh else self.dice.choice(list(self.revisions))
        kinds = (Kind.NEW,) if fresh else (Kind.UPDATE, Kind.UPDATE, Kind.CORRECTION, Kind.CANCEL)
        content = draft(
            update,
            kind=self.dice.choice(kinds),
            regions=(self.dice.choice(REGIONS[:5]),),
            severity=self.dice.choice(list(Severity)),
            note=str(self.dice.random()),
        )
        published, _ = pipeline.publish(self.services, content)
        self.revisions.setdefault(update, []).append(published.revision)

    def run(self, days: int, people: int) -> None:
        """Events minutes or hours apart; now and then nobody works for up to three days."""
        for _ in range(people):
            self.subscribe()
        end, away = self.now_ms + days * DAY, 0
        while self.now_ms < end:
            move_to(self.services, self.now_ms + self.dice.choice((0, MINUTE, 37 * MINUTE, HOUR, 5 * HOUR)))
            for _ in range(self.dice.choice((0, 1, 1, 2))):
                self.dice.choice((self.publish, self.publish, self.change, self.subscribe))()
            away = max(away, self.now_ms + 3 * DAY) if self.dice.random() < 0.01 else away
            if self.now_ms >= away and self.dice.random() < 0.9:
                self.work()
        for _ in range(9):
            move_to(self.services, self.now_ms + DAY)
            self.work()

    def work(self) -> None:
        walk(self.services)

    def told(self) -> dict[int, list[Digest]]:
        """The digests each person was sent."""
        found: dict[int, list[Digest]] = defaultdict(list)
        names = sorted({n for update in self.revisions for n in self.services.updates.digests(update)})
        for name, how in self.services.digests.progress(names).items():
            digest = self.services.digests.get(name)
            for sid, record in self.services.ledger.records(name, range(1, how.batches + 1)).items():
                if record.state is State.SENT:
                    found[sid].append(digest)
                assert not record.state.owed
        return found


class Dying(Weeks):
    """The same weeks, with workers that die after a random command and sweeps that come twice."""

    mortal: Mortal
    deaths = 0

    def work(self) -> None:
        fate = random.Random(f"{self.now_ms} {self.deaths}")
        self.mortal.left = fate.choice((3, 10, 30, 100, 300, 10_000))
        try:
            walk(self.services)
        except Died:
            self.deaths += 1
        self.mortal.left = float("inf")
        go_on(self.services)
        go_on(self.services)


def make_mortal(weeks: Dying) -> None:
    pool = weeks.services.server.client.connection_pool
    weeks.mortal = Mortal(pool.connection_class)
    pool.connection_class = weeks.mortal.connection
    pool.reset()  # the connection in it is of the immortal kind


def covered(weeks: Weeks, sid: int, revision: Revision) -> bool:
    """Whether this person's wishes wanted it when it was accepted and ever after; pauses do not count."""
    facts = Facts.of(revision, weeks.services.tree)
    history = weeks.wishes[sid]
    standing = [w for at, w in history if at <= facts.accepted_ms][-1:] + [
        w for at, w in history if at > facts.accepted_ms
    ]
    began = history[0][0] <= facts.accepted_ms
    wished = [w for w in standing if w is not None]
    awake = history[-1][1] is not None
    return (
        began
        and awake
        and all(any(wants(s.filter, facts) for s in subscriptions) for subscriptions in wished)
    )


def story(weeks: Weeks, sid: int, updates: set[str]) -> str:
    """What happened to some updates for one person, for a failing test to print."""
    lines = [f"{at} wishes {w}" for at, w in weeks.wishes[sid]]
    for update in updates:
        for revision in weeks.revisions[update]:
            r = revision.draft
            lines.append(f"{revision.accepted_ms} {revision.ref} {revision.kind} {r.regions} {r.severity}")
    for digest in weeks.told().get(sid, []):
        entries = [e for e in digest.entries if e.update in updates]
        if entries:
            lines.append(f"{digest.horizon_ms} told {replace(digest, entries=tuple(entries))}")
    return "\n".join(sorted(lines))


def check(weeks: Weeks) -> Counter[str]:
    """Every promise about who is told what, over the whole history. Counts what it saw."""
    seen: Counter[str] = Counter()
    told = weeks.told()
    for sid, person in weeks.people.items():
        digests = told.get(sid, [])
        shown = Counter(
            (e.update, e.number) for d in digests for e in d.entries if e.change is not Change.TOLD
        )
        twice = {what[0] for what, times in shown.items() if times > 1}
        assert not twice, story(weeks, sid, twice)
        slots = Counter(d.horizon_ms for d in digests if d.clock)
        assert all(times == 1 for times in slots.values()), (person, slots)
        for update, revisions in weeks.revisions.items():
            numbers = [number for u, number in shown if u == update]
            last = revisions[-1]
            if all(covered(weeks, sid, revision) for revision in revisions):
                seen["covered"] += 1
                if last.kind is not Kind.CANCEL:
                    assert last.number in numbers, story(weeks, sid, {update})
                elif numbers:
                    seen["closed"] += 1
                    assert last.number in numbers, story(weeks, sid, {update})
        for digest in digests:
            seen[
                "late"
                if digest.late
                else "catch-up"
                if digest.catch_up
                else "slot"
                if digest.clock
                else "now"
            ] += 1
            for entry in digest.entries:
                accepted_ms = weeks.revisions[entry.update][entry.number - 1].accepted_ms or 0
                assert accepted_ms <= digest.horizon_ms
                if digest.clock:
                    assert accepted_ms < digest.horizon_ms
                    assert accepted_ms >= digest.from_ms
    return seen


@pytest.mark.parametrize("seed", [2, 14, 17, 22])
def test_days_of_random_work_keep_every_promise(settings: Settings, seed: int) -> None:
    """Seeds that once showed: a gathering that met a catch-up; a correction of what was never sent; a slot
    that opened before the correction of what it tells had gathered its people."""
    weeks = Weeks(clocked(settings, BEGIN), random.Random(seed))
    weeks.run(days=5, people=8)
    seen = check(weeks)
    weeks.services.close()
    assert min(seen[what] for what in ("covered", "now", "catch-up", "late")) > 0, seen


def test_days_in_which_workers_die_at_every_turn_keep_every_promise(settings: Settings) -> None:
    weeks = Dying(clocked(settings, BEGIN), random.Random(3))
    make_mortal(weeks)
    weeks.run(days=3, people=6)
    seen = check(weeks)
    weeks.services.close()
    assert weeks.deaths > 10
    assert seen["covered"] > 0


def test_the_same_days_with_deaths_and_doubled_sweeps_end_in_the_same_ledger(settings: Settings) -> None:
    """With updates of one revision: which of two takes the other's place may depend on who is first."""
    ledgers = []
    for kind in (Weeks, Dying):
        weeks = kind(clocked(settings, BEGIN), random.Random(8), fresh=1.0)
        if isinstance(weeks, Dying):
            make_mortal(weeks)
        weeks.run(days=4, people=6)
        ledgers.append(
            {
                sid: sorted((e.update, d.clock, d.catch_up) for d in digests for e in d.entries)
                for sid, digests in weeks.told().items()
            }
        )
        assert sum(map(len, ledgers[-1].values())) > 50
        weeks.services.close()
    assert ledgers[0] == ledgers[1]
