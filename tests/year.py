"""A year of a desk's work and the thousand people it is for; and what the rules alone would tell them.

The year itself keeps a plain record of who was told what and when. The rules are held against it, and so is
the walk over a real server.
"""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from alerts.model import (
    Audience,
    Cadence,
    Change,
    Channel,
    Draft,
    Entry,
    Filter,
    Instant,
    Kind,
    QuietHours,
    Revision,
    Severity,
    Subscription,
)
from alerts.regions import load
from alerts.rules.cadence import Clock, clock_of, last_slot, next_slot, window_start
from alerts.rules.decisions import Later, No, Now, decide
from alerts.rules.windows import Look, Window, entries, entry, looking

HOUR, DAY = 3_600_000, 86_400_000
BEGIN, END = 1_767_225_600_000, 1_798_761_600_000  # 2026-01-01, 2027-01-01
UPDATES, REVISIONS, PEOPLE = 1_000, 2_500, 1_000
#: A weekly slot, what quiet hours add to it, and an outage.
SETTLED = 16 * DAY
ZONES = (
    *("Europe/London", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"),
    *("Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Antarctica/Troll", "America/Havana", "UTC"),
    *("Asia/Tokyo", "Asia/Kolkata", "Asia/Tehran", "Africa/Cairo", "Africa/Nairobi", "America/Sao_Paulo"),
    *("America/Los_Angeles", "America/Santiago", "Pacific/Chatham", "Pacific/Auckland", "Pacific/Kiritimati"),
    *("Pacific/Pago_Pago", "Asia/Beirut", "Europe/Chisinau"),
)
COUNTRIES = ("UA", "RU", "FR", "TR", "KE", "ET", "BR", "US", "JP", "NP", "LB", "WS")
WANTED = (*COUNTRIES, *COUNTRIES, "UA-30", "150", "014", "019", "145", "001")
TAGS = ("conflict", "negotiations", "weather", "health")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Year:
    """What the desk wrote, in the order in which it was accepted, and when nobody worked."""

    log: list[Revision]
    outages: list[tuple[Instant, Instant]]

    @classmethod
    def random(cls, dice: random.Random) -> "Year":
        # An update lives for hours or for weeks, so that most windows hold the middle of some story.
        stories = [[dice.randrange(BEGIN + 31 * DAY, END)] for _ in range(UPDATES)]
        for _ in range(REVISIONS - UPDATES):
            story = dice.choice(stories)
            story.append(story[-1] + int(dice.choice((HOUR / 4, 3 * HOUR, DAY, 9 * DAY)) * dice.random()) + 1)
        log = [revision for n, story in enumerate(stories) for revision in _told(dice, f"u{n}", story)]
        outages = [(day, day + _pause(dice)) for day in sorted(dice.sample(range(BEGIN, END, 7 * DAY), 25))]
        return cls(sorted(log, key=lambda r: (accepted(r), r.ref)), outages)

    def of(self, updates: int) -> "Year":
        """The same year with only its first updates."""
        return Year([r for r in self.log if int(r.update[1:]) < updates], self.outages)

    @property
    def end_ms(self) -> Instant:
        """When everything has been told."""
        return max(END, accepted(self.log[-1])) + SETTLED

    def awake(self, at_ms: Instant) -> Instant:
        """When what is due at an instant is done."""
        place = bisect_left(self.outages, (at_ms + 1, 0)) - 1
        return max(at_ms, self.outages[place][1]) if place >= 0 else at_ms


def accepted(revision: Revision) -> Instant:
    return revision.accepted_ms or 0


def known_rank(revision: Revision) -> int:
    severity = revision.draft.severity
    return 0 if severity is Severity.UNKNOWN else severity.rank


def _pause(dice: random.Random) -> Instant:
    """Hours or days of an outage, less than a week."""
    return int(dice.choice((3 * HOUR, 30 * HOUR, 6 * DAY)) * dice.random())


def _told(dice: random.Random, update: str, story: list[Instant]) -> Iterator[Revision]:
    country = dice.choice(COUNTRIES)
    draft = Draft(update, (country,), update, tags=tuple(sorted(dice.sample(TAGS, dice.randrange(3)))))
    for number, at_ms in enumerate(story, 1):
        kind = dice.choice((Kind.UPDATE,) * 6 + (Kind.CORRECTION, Kind.CANCEL)) if number > 1 else Kind.NEW
        if dice.random() < 0.1:
            draft = replace(draft, regions=(dice.choice(COUNTRIES),))
        severity = dice.choice(tuple(Severity))
        draft = replace(draft, kind=kind, severity=severity, note=f"revision {number}")
        yield Revision(update, number, draft, at_ms)


def some_audience(dice: random.Random) -> Audience:
    channel = dice.choice((Channel("email"), Channel("email"), Channel("slack")))
    return Audience.of(channel, dice.choice(ZONES), _wishes(dice))


def _wishes(dice: random.Random) -> tuple[Subscription, ...]:
    return tuple(dict.fromkeys(_wish(dice) for _ in range(dice.choice((1, 1, 2, 3)))))


def _wish(dice: random.Random) -> Subscription:
    tags = tuple(dice.sample(TAGS, dice.choice((0, 0, 1, 2))))
    least = dice.choice((Severity.MINOR, Severity.MINOR, Severity.MODERATE, Severity.SEVERE))
    regions = tuple(sorted(set(dice.choices(WANTED, k=dice.choice((1, 1, 2, 3))))))
    return Subscription(
        Filter(regions, tags, min_severity=least),
        _cadence(dice),
        QuietHours.parse(dice.choice(("22:00-07:00", "01:30-02:30"))) if dice.random() < 0.25 else None,
        dice.choice((Severity.SEVERE, Severity.EXTREME)) if dice.random() < 0.3 else None,
    )


def _cadence(dice: random.Random) -> Cadence:
    at = f"{dice.choice((0, 1, 2, 3, 8, 17, 23)):02}:{dice.choice((0, 15, 30, 59)):02}"
    days = ",".join(dice.sample(DAYS, dice.choice((1, 1, 2, 5))))
    cadences = ("immediate",) * 6 + (f"daily {at}",) * 9 + (f"weekly {days} {at}",) * 4 + ("hourly",)
    return Cadence.parse(dice.choice(cadences))


def some_people(dice: random.Random, people: int) -> list[tuple[Audience, list["Person"]]]:
    """A few in each audience; half of them are there from the beginning, the others come some day."""
    found = []
    while people:
        members = min(people, dice.choice((1, 5, 12)))
        people -= members
        joining = [dice.choice((BEGIN, dice.randrange(BEGIN, END))) for _ in range(members)]
        found.append((some_audience(dice), [Person(joined_ms) for joined_ms in joining]))
    return found


@dataclass(frozen=True)
class Told:
    """One line of the record: an entry, when it went out, and in the digest of which window, if of one."""

    entry: Entry
    at_ms: Instant
    window: tuple[Instant, Instant] | None = None


@dataclass
class Person:
    joined_ms: Instant
    told: list[Told] = field(default_factory=list)
    #: By update: each revision they were told, and when.
    numbers: dict[str, dict[int, Instant]] = field(default_factory=lambda: defaultdict(dict))
    corrected: set[str] = field(default_factory=set)  #: refs of the corrections they were sent
    #: By update: what they were about to be told when a correction or cancel stopped it.
    stopped: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def tell(self, told: Told) -> None:
        self.told.append(told)
        if told.entry.change is not Change.TOLD:
            assert told.entry.number not in self.numbers[told.entry.update], told
            self.numbers[told.entry.update][told.entry.number] = told.at_ms

    def number(self, update: str, most: int) -> int:
        """The latest revision of an update that they were told, up to this one."""
        return max((n for n in self.numbers[update] if n <= most), default=0)


@dataclass
class Life:
    """One audience's year: its people are told at once what goes at once, and the rest at their slots."""

    audience: Audience
    people: list[Person]
    year: Year
    look: Look
    dice: random.Random
    #: When the first of all who keep this audience's time came.
    began_ms: Instant = BEGIN
    #: Openings that made up for several slots: the one opened before, and the last of them.
    late: list[tuple[Instant, Instant]] = field(default_factory=list)
    #: Each slot, and when it was opened.
    openings: list[tuple[Instant, Instant]] = field(default_factory=list)

    @cached_property
    def revisions(self) -> list[Revision]:
        """Of every update that this audience ever wanted."""
        wanted = {r.update for r in self.year.log if not isinstance(decide(self.audience, self.look(r)), No)}
        return [r for r in self.year.log if r.update in wanted]

    def live(self) -> None:
        """Go from one instant at which something is due to the next; what was missed comes all at once."""
        clock, todo = clock_of(self.audience), list(reversed(self.revisions))
        opened_ms, last_ms = self.began_ms, self.year.end_ms
        while True:
            matching = self.year.awake(accepted(todo[-1])) if todo else last_ms
            opening = self.year.awake(next_slot(clock, opened_ms)) if clock else last_ms
            now_ms = min(matching, opening)
            if now_ms >= last_ms:
                return
            due: list[Revision | None] = []
            while todo and self.year.awake(accepted(todo[-1])) == now_ms:
                due.append(todo.pop())
            if clock and opening == now_ms:
                due.insert(self.dice.randint(0, len(due)), None)
            for revision in due:
                if revision:
                    self.match(revision, now_ms)
                else:
                    slot_ms = last_slot(clock, now_ms)
                    self.open(clock, opened_ms, slot_ms, now_ms)
                    opened_ms = slot_ms
            for revision in due:  # a gathering goes on until no slot of before is left to open
                if revision:
                    self.gather(revision, now_ms)

    def match(self, revision: Revision, now_ms: Instant) -> None:
        if revision.kind is not Kind.CANCEL and self.goes_now(revision):
            for person in self.people:
                if person.joined_ms < accepted(revision):
                    self.tell(person, revision, now_ms)
        self.gather(revision, now_ms)

    def gather(self, revision: Revision, now_ms: Instant) -> None:
        if revision.kind.corrective and revision.number > 1:
            for person in self.people:
                told, stopped = person.numbers[revision.update], person.stopped[revision.update]
                earlier = {*told, *(stopped if revision.kind is Kind.CORRECTION else ())}
                if revision.number not in told and min(earlier, default=END) < revision.number:
                    self.tell(person, revision, now_ms)
                    person.corrected.add(revision.ref)

    def tell(self, person: Person, revision: Revision, now_ms: Instant) -> None:
        """As somebody sees it who last got what they last got.

        Unless a newer revision, which waited with this one for the end of an outage, takes its place."""
        newer = self.stories[revision.update][revision.number :]
        newer = [r for r in newer if self.year.awake(accepted(r)) <= now_ms]
        if any(r.kind.corrective for r in newer):
            person.stopped[revision.update].add(revision.number)
        elif not any(map(self.goes_now, newer)):
            since = person.number(revision.update, revision.number - 1)
            person.tell(Told(entry(revision, since), now_ms))

    def goes_now(self, revision: Revision) -> bool:
        return isinstance(decide(self.audience, self.look(revision)), Now)

    def open(self, clock: Clock, opened_ms: Instant, slot_ms: Instant, now_ms: Instant) -> None:
        """As `recipients.at_slot` does: one answer for the audience, and one each for individual cases."""
        self.openings.append((slot_ms, now_ms))
        if next_slot(clock, opened_ms) < slot_ms:
            self.late.append((opened_ms, slot_ms))
        from_ms = window_start(clock, opened_ms)
        revisions = self.window(from_ms, slot_ms)
        if not revisions:
            return
        corrected = {r.update for r in revisions if r.kind.corrective}
        refs = {r.ref for r in revisions}
        last = {r.update: r.number for r in revisions}
        since_ms = min(from_ms, *map(accepted, revisions))
        first, end = (bisect_left(self.revisions, at, key=accepted) for at in (slot_ms, now_ms))
        superseded = {r.update for r in self.revisions[first:end] if r.kind.corrective}

        @cache
        def owed(since_ms: Instant, known: tuple[tuple[str, int], ...]) -> tuple[Entry, ...]:
            return entries(
                self.audience,
                revisions,
                self.look,
                Window(opened_ms, slot_ms, since_ms, dict(known), self.late[-3:], superseded),
            )

        for person in self.people:
            if person.joined_ms < slot_ms:
                joined = person.joined_ms > since_ms
                alone = joined or person.corrected & refs
                begun = {r.update for r in revisions if joined and accepted(r) <= person.joined_ms}
                asked = sorted(corrected | begun) if alone else ()
                known = tuple((u, person.number(u, last[u])) for u in asked)
                for entry in owed(person.joined_ms if joined else 0, known):
                    person.tell(Told(entry, now_ms, (from_ms, slot_ms)))

    def window(self, from_ms: Instant, slot_ms: Instant) -> list[Revision]:
        """Whole updates that had a revision in the window."""
        first, end = (bisect_left(self.revisions, at, key=accepted) for at in (from_ms, slot_ms))
        updates = sorted({r.update for r in self.revisions[first:end]})
        return [r for update in updates for r in self.stories[update] if accepted(r) < slot_ms]

    @cached_property
    def stories(self) -> dict[str, list[Revision]]:
        found: dict[str, list[Revision]] = defaultdict(list)
        for revision in self.revisions:
            found[revision.update].append(revision)
        return found

    def check(self, seen: Counter[str]) -> None:
        for person in self.people:
            self.check_digests(person, seen)
            for story in self.stories.values():
                self.check_story(person, story, seen)

    def check_digests(self, person: Person, seen: Counter[str]) -> None:
        windows = {t.window: t.at_ms for t in person.told if t.window}
        slots = Counter(slot_ms for _, slot_ms in windows)
        assert all(times == 1 for times in slots.values()), (self.audience, slots)
        for told in person.told:
            self.check_since(person, told, seen)
            accepted_ms = accepted(self.stories[told.entry.update][told.entry.number - 1])
            assert accepted_ms > person.joined_ms
            if told.entry.change is Change.TOLD:  # or a newer one that took its place
                heard = person.numbers[told.entry.update].items()
                assert any(n >= told.entry.number and at <= told.at_ms for n, at in heard), (heard, told)
                seen[Change.TOLD] += 1
            if told.window:
                from_ms, slot_ms = told.window
                assert from_ms <= accepted_ms < slot_ms <= told.at_ms, (self.audience, told)
                seen["late" if told.at_ms > slot_ms else "in time"] += 1
                if told.entry.change is Change.ENDED:
                    self.check_ended(person, told)
                    seen[Change.ENDED] += 1
            else:
                assert accepted_ms <= told.at_ms
                seen[told.entry.change] += 1

    def check_since(self, person: Person, told: Told, seen: Counter[str]) -> None:
        """What has changed is measured against what they last got; or got in the same instant, after an
        outage, when a slot and what was to go out at once are made up for together.
        """
        if told.entry.change is not Change.TOLD:
            got = person.numbers[told.entry.update].items()
            before = max((n for n, at in got if at < told.at_ms), default=0)
            beside = {n for n, at in got if at == told.at_ms}
            stopped = min(person.stopped[told.entry.update], default=END)
            by_rules = told.window and stopped <= told.entry.since  # a slot takes it that it went out
            right = told.entry.since == before or told.entry.since in beside or by_rules
            assert right, (self.audience, told, got)
            seen["by rules only"] += bool(by_rules)
            seen["compared"] += told.entry.since == before > 0

    def check_ended(self, person: Person, told: Told) -> None:
        """A line about what has ended is the first word of it, and knows the worst that they wanted of it."""
        story = self.stories[told.entry.update][: told.entry.number]
        assert story[-1].kind is Kind.CANCEL, told
        before = [n for n in person.numbers[told.entry.update] if n < told.entry.number]
        assert not before, (self.audience, told, before)
        corrected = max((r.number for r in story if r.kind is Kind.CORRECTION), default=0)
        theirs = [r for r in story if r.number >= corrected and accepted(r) > person.joined_ms]
        theirs = [r for r in theirs if r.kind is not Kind.CANCEL]
        wanted = [r for r in theirs if not isinstance(decide(self.audience, self.look(r)), No)]
        worst = max(map(known_rank, wanted))
        peak = story[told.entry.peak - 1]
        assert peak in wanted, told
        assert known_rank(peak) == worst, (self.audience, told)

    def check_story(self, person: Person, story: list[Revision], seen: Counter[str]) -> None:
        """Each revision they wanted was told when it had to be, unless a newer one took its place."""
        told = person.numbers[story[0].update]
        heard = [number for number, _ in sorted(told.items(), key=lambda item: item[::-1])]
        assert heard == sorted(heard), (self.audience, told)
        #: By number: the slot, 0 for none, and when that was opened.
        due: dict[int, tuple[Instant, Instant]] = {}
        silenced = False
        for revision in story:
            accepted_ms = accepted(revision)
            if accepted_ms <= person.joined_ms:
                continue
            now_ms = self.year.awake(accepted_ms)
            passed = {n: slot for n, slot in due.items() if slot[0] <= accepted_ms}
            known = any(slot_ms or at_ms < now_ms for slot_ms, at_ms in passed.values())
            decision = decide(self.audience, self.look(revision))
            if revision.kind.corrective and known:
                due = passed | {revision.number: (0, now_ms)}
            elif revision.kind is Kind.CORRECTION and (passed or silenced):
                due = passed | {revision.number: (0, now_ms)}  # they were about to be told what it corrects
            elif revision.kind is Kind.CANCEL and due and not passed:
                due = {revision.number: min(due.values())}  # told as ended when it would have been told
            elif revision.kind is Kind.CANCEL or (
                revision.kind is Kind.CORRECTION and isinstance(decision, No)
            ):
                due = {}  # closed, or found not to concern them, before they ever heard of it
                silenced = silenced or bool(passed)
            elif isinstance(decision, Now):
                due = passed | {revision.number: (0, now_ms)}
            elif isinstance(decision, Later):
                # A newer revision is told at the soonest slot at which the update was owed.
                waiting = [slot for n, slot in due.items() if n not in passed]
                soonest = min([*waiting, self.opening_of(decision.slot_ms)])
                due = passed | {revision.number: soonest}
            elif waiting := [slot for n, slot in due.items() if n not in passed]:
                due = passed | {revision.number: min(waiting)}  # what waits is told as it is by then
        for number, (_, at_ms) in due.items():
            wanted = (self.audience, number, due, told)
            assert any(n >= number and at <= at_ms for n, at in told.items()), wanted
            seen["owed"] += 1
        assert told.keys() <= due.keys(), (self.audience, due, told)

    def opening_of(self, slot_ms: Instant) -> tuple[Instant, Instant]:
        """The slot that was opened for one, in its time or later, and when that was."""
        return self.openings[bisect_left(self.openings, (slot_ms, 0))]


def lives(people: int, updates: int = UPDATES) -> list[Life]:
    """The lives to be lived by the first so many people, in a year with its first so many updates.

    Last come those who are served hourly: their clocks open most of all slots.
    """
    year, look = Year.random(random.Random("a year")).of(updates), looking(load())
    crowd, left = [], people
    everybody = some_people(random.Random("its people"), PEOPLE)
    for audience, members in sorted(everybody, key=lambda some: "hourly" in str(clock_of(some[0]))):
        crowd.append((audience, members[:left]))
        left -= len(members[:left])
    begin: dict[Clock | None, Instant] = {}
    for audience, members in crowd:
        for person in members:
            clock = clock_of(audience)
            begin[clock] = min(person.joined_ms, begin.get(clock, END))
    dice = random.Random("the order")
    return [Life(a, members, year, look, dice, begin[clock_of(a)]) for a, members in crowd if members]
