"""Weeks of random revisions and mutes, by email, by Slack and in digests.

A muted situation that gets worse reaches the person; one that does not, does not; who takes a mute back is
told where it stands; and nothing is told twice.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from clocked import clocked, move_to
from history import DAY, History
from house import OPERATOR, draft, walk

from alerts.model import (
    Cadence,
    Change,
    Channel,
    Digest,
    Filter,
    Instant,
    Kind,
    Ref,
    Revision,
    Severity,
    Subscriber,
    Subscription,
)
from alerts.operations.subscribing import muting
from alerts.settings import Settings

pytestmark = pytest.mark.long

BEGIN = "2026-03-20T00:30Z"
HOUR = 3_600_000
CADENCES = ("immediate", "immediate", "hourly", "daily 08:00", "weekly mon,thu 08:00")
#: In so long everything is told that was accepted: the longest way from slot to slot here.
TOLD_IN_MS = 5 * DAY


@dataclass
class Muting:
    """One random history of updates and of mutes, and a plain record of who had what muted and when."""

    history: History
    dice: random.Random
    #: By person and update: when they muted it, at which revision, and when they took it back.
    mutes: dict[tuple[int, str], list[tuple[Instant, int, Instant | None]]] = field(default_factory=dict)

    @property
    def now_ms(self) -> Instant:
        return self.history.now_ms

    def subscribe(self, people: int) -> None:
        for n in range(people):
            channel = Channel("slack") if n % 3 == 2 else Channel("email")
            address = f"T1/C{n}" if channel == "slack" else f"p{n}@example.org"
            wanted = Subscription(Filter(("UA",)), Cadence.parse(CADENCES[n % len(CADENCES)]))
            self.history.save(Subscriber(0, channel, address, "Europe/Kyiv", (wanted,), 0), None)

    def publish(self) -> None:
        known = list(self.history.revisions)
        fresh = not known or self.dice.random() < 0.15
        update = f"u{len(known)}" if fresh else self.dice.choice(known)
        kinds = (Kind.NEW,) if fresh else (*(Kind.UPDATE,) * 5, Kind.CORRECTION)
        severity = self.dice.choice((Severity.MINOR, Severity.MINOR, Severity.MODERATE, Severity.SEVERE))
        kind, note = self.dice.choice(kinds), str(self.dice.random())
        self.history.publish(draft(update, kind=kind, severity=severity, note=note))

    def change(self) -> None:
        if not self.history.revisions:
            return
        person = self.dice.choice(list(self.history.people.values()))
        update = self.dice.choice(list(self.history.revisions))
        services, record = self.history.services, self.mutes.setdefault((person.sid, update), [])
        if record and record[-1][2] is None and self.worse(update, record[-1][1]) is None:
            if self.dice.random() < 0.6:
                ended = muting.unmute(services, OPERATOR, person.address, update)
                assert not ended.already
                record[-1] = (*record[-1][:2], ended.mute.until_ms)
        else:
            made = muting.mute(services, OPERATOR, person.address, update)
            assert not made.already
            record.append((made.mute.from_ms, self.latest(update).number, None))

    def worse(self, update: str, number: int) -> Revision | None:
        """The first revision that is more severe than this one was."""
        story = self.history.revisions[update]
        rank = story[number - 1].draft.severity.rank
        return next((r for r in story[number:] if r.draft.severity.rank > rank), None)

    def latest(self, update: str) -> Revision:
        return self.history.revisions[update][-1]

    def run(self, days: int) -> None:
        end = self.now_ms + days * DAY
        while self.now_ms < end:
            move_to(self.history.services, self.now_ms + self.dice.choice((HOUR, 5 * HOUR, 11 * HOUR)))
            self.dice.choice((self.publish, self.publish, self.change, self.change))()
            # All is done before the next thing happens: who hears of what is then up to the rules alone.
            walk(self.history.services)
        for _ in range(6):
            move_to(self.history.services, self.now_ms + DAY)
            walk(self.history.services)

    def silent(self, sid: int, revision: Revision) -> bool:
        """Whether somebody had it muted when a revision came, and it was not worse than what they muted."""
        for _, number, until_ms in self.mutes.get((sid, revision.update), []):
            worse = self.worse(revision.update, number)
            in_time = revision.number > number and (revision.accepted_ms or 0) < (until_ms or 2**53)
            if in_time and (worse is None or revision.number < worse.number):
                return True
        return False

    def check(self) -> Counter[str]:
        seen: Counter[str] = Counter()
        told = self.history.told()
        for person in self.history.people.values():
            shown = [(d, e.ref) for d in told[person.sid] for e in d.entries if e.change is not Change.TOLD]
            assert max(Counter(ref for _, ref in shown).values(), default=1) == 1, self.story(person)
            heard = {ref: digest for digest, ref in shown}
            for update, story in self.history.revisions.items():
                self.check_story(person, update, story, heard, seen)
        return seen

    def check_story(
        self,
        person: Subscriber,
        update: str,
        story: list[Revision],
        heard: dict[Ref, Digest],
        seen: Counter[str],
    ) -> None:
        for revision in story:
            had_before = any(r.ref in heard for r in story[: revision.number - 1])
            corrects = revision.kind is Kind.CORRECTION and had_before
            if not self.silent(person.sid, revision):
                continue
            taken_back = any(until for _, _, until in self.mutes[person.sid, update])
            if revision.ref in heard and not corrects:
                assert taken_back, self.story(person)
                seen["told when it was taken back"] += 1
            seen["silent"] += revision.ref not in heard
            seen["corrected"] += revision.ref in heard and corrects
        for _, number, until_ms in self.mutes.get((person.sid, update), []):
            worse = self.worse(update, number)
            if worse and (worse.accepted_ms or 0) < (until_ms or 2**53):
                again = any(n >= worse.number for _, n, _ in self.mutes[person.sid, update])
                after = any(r.ref in heard for r in story[worse.number - 1 :])
                assert after or again, self.story(person)
                seen[f"worse by {person.channel} {person.subscriptions[0].cadence.rhythm}"] += after

            if until_ms:
                [*_, left_out] = [r for r in story if (r.accepted_ms or 0) < until_ms]
                again = any(
                    n >= number and (n, at) != (number, until_ms)
                    for _, n, at in self.mutes[person.sid, update]
                )
                assert again or any(r.ref in heard for r in story[left_out.number - 1 :]), self.story(person)

    def story(self, person: Subscriber) -> str:
        mutes = {update: said for (sid, update), said in self.mutes.items() if sid == person.sid}
        return f"{mutes}\n{self.history.story(person.sid, set(self.history.revisions))}"


def test_what_gets_worse_is_heard_and_what_does_not_is_not(settings: Settings) -> None:
    seen: Counter[str] = Counter()
    for seed in (1, 2):
        weeks = Muting(History(clocked(settings, BEGIN)), random.Random(seed))
        weeks.subscribe(10)
        weeks.run(days=30)
        seen += weeks.check()
        weeks.history.services.close()
    told = {f"worse by {channel} {how}" for channel in ("email", "slack") for how in ("immediate", "daily")}
    assert min(seen[what] for what in ("silent", "corrected", "told when it was taken back", *told)) > 0, seen
