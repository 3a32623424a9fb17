"""Days of a desk's work at random: updates, revisions, changes of wishes, outages, doubled sweeps, deaths.

Whatever the order, nobody is told the same revision twice, everybody is told what their wishes covered all
along, no instant brings a person two digests, and each digest holds only what its window does.
"""

import random
from dataclasses import dataclass, replace

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal, bury
from history import DAY, History
from house import draft, walk

from alerts.model import (
    Cadence,
    Channel,
    Filter,
    Kind,
    QuietHours,
    Severity,
    Standing,
    Subscriber,
    Subscription,
)
from alerts.services import Services
from alerts.settings import Settings

pytestmark = pytest.mark.long

BEGIN = "2026-03-20T00:00Z"  # New York has changed its clocks, Europe will on the 29th, Lord Howe on 5 April
MINUTE, HOUR = 60_000, 3_600_000
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

    history: History
    dice: random.Random
    #: How often a publish is a new update, and not the next revision of an old one.
    fresh: float = 0.6

    @property
    def services(self) -> Services:
        return self.history.services

    @property
    def now_ms(self) -> int:
        return self.history.now_ms

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
        channel = self.dice.choice((Channel("email"), Channel("slack")))
        n = len(self.history.people)
        address = f"p{n}@example.org" if channel is Channel("email") else f"T1/C{n}"
        person = Subscriber(0, channel, address, self.dice.choice(ZONES), self.some_wishes(), 0)
        self.history.save(person, None)

    def change(self) -> None:
        person = self.dice.choice(list(self.history.people.values()))
        what = self.dice.random()
        if person.standing is Standing.PAUSED:
            after = replace(person, standing=Standing.ACTIVE)
        elif what < 0.3:
            after = replace(person, standing=Standing.PAUSED)
        elif what < 0.5:
            after = replace(person, zone=self.dice.choice(ZONES))
        else:
            after = replace(person, subscriptions=self.some_wishes())
        self.history.save(after, person)

    def publish(self) -> None:
        known = list(self.history.revisions)
        fresh = not known or self.dice.random() < self.fresh
        update = f"u{len(known)}" if fresh else self.dice.choice(known)
        kinds = (Kind.NEW,) if fresh else (Kind.UPDATE, Kind.UPDATE, Kind.CORRECTION, Kind.CANCEL)
        content = draft(
            update,
            kind=self.dice.choice(kinds),
            regions=(self.dice.choice(REGIONS[:5]),),
            severity=self.dice.choice(list(Severity)),
            note=str(self.dice.random()),
        )
        self.history.publish(content)

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


class Dying(Weeks):
    """The same weeks, with workers that die after a random command and sweeps that come twice."""

    deaths = 0

    def run(self, days: int, people: int) -> None:
        self.mortal = Mortal(self.services)
        super().run(days, people)

    def work(self) -> None:
        fate = random.Random(f"{self.now_ms} {self.deaths}")
        self.mortal.left = fate.choice((3, 10, 30, 100, 300, 10_000))
        try:
            walk(self.services)
        except Died:
            self.deaths += 1
        self.mortal.left = float("inf")
        for _ in range(2):
            bury(self.services)
            walk(self.services)


@pytest.mark.parametrize("seed", [2, 14, 17, 22])
def test_days_of_random_work_keep_every_promise(settings: Settings, seed: int) -> None:
    """Seeds that once showed: a gathering that met a catch-up; a correction of what was never sent; a slot
    that opened before the correction of what it tells had gathered its people."""
    weeks = Weeks(History(clocked(settings, BEGIN)), random.Random(seed))
    weeks.run(days=5, people=8)
    seen = weeks.history.check()
    weeks.services.close()
    assert min(seen[what] for what in ("covered", "now", "catch-up", "late")) > 0, seen


def test_days_in_which_workers_die_at_every_turn_keep_every_promise(settings: Settings) -> None:
    weeks = Dying(History(clocked(settings, BEGIN)), random.Random(3))
    weeks.run(days=3, people=6)
    seen = weeks.history.check()
    weeks.services.close()
    assert weeks.deaths > 10
    assert seen["covered"] > 0


def test_the_same_days_with_deaths_and_doubled_sweeps_end_in_the_same_ledger(settings: Settings) -> None:
    """With updates of one revision: where a catch-up and a slot wait for the end of the same outage, the
    catch-up tells what stood when wishes changed, unless the slot was first and told a newer revision."""
    ledgers = []
    for kind in (Weeks, Dying):
        weeks = kind(History(clocked(settings, BEGIN)), random.Random(8), fresh=1.0)
        weeks.run(days=4, people=6)
        ledgers.append(
            {
                sid: sorted((e.update, d.clock, d.catch_up) for d in digests for e in d.entries)
                for sid, digests in weeks.history.told().items()
            }
        )
        assert sum(map(len, ledgers[-1].values())) > 50
        weeks.services.close()
    assert ledgers[0] == ledgers[1]
