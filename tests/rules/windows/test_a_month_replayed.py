"""What a person would have got is what the year says a person with these subscriptions was told."""

import random
from collections import Counter, defaultdict
from dataclasses import replace

from year import BEGIN, DAY, HOUR, Life, Person, Year, accepted, some_audience

from alerts.model import Audience, Change, Revision
from alerts.regions import load
from alerts.rules.cadence import clock_of, last_slot, next_slot
from alerts.rules.decisions_of_log import decide_all
from alerts.rules.facts import Facts, Stretches
from alerts.rules.replaying import DecidedStory, replay
from alerts.rules.windows import Window, entries, looking, tells_all_quiet

TREE = load()
FROM, UNTIL = BEGIN + 200 * DAY + 7 * HOUR, BEGIN + 230 * DAY + 7 * HOUR


YEAR = replace(Year.random(random.Random("a year")), outages=[])
FACTS = {revision.ref: Facts.of(revision, TREE) for revision in YEAR.log}


def decided(audience: Audience, log: list[Revision]) -> list[DecidedStory]:
    stories = defaultdict[str, list](list)
    decisions = decide_all(audience, [FACTS[revision.ref] for revision in log])
    for revision, decision in zip(log, decisions, strict=True):
        stories[revision.update].append((revision, decision))
    return list(stories.values())


def test_a_month_replayed_is_what_the_year_told() -> None:
    """Message by message, entry by entry: of everybody's subscriptions in the year, without its outages."""
    year, seen = YEAR, Counter[str]()
    look = looking(TREE)
    dice = random.Random("whoever looks back")
    for _ in range(25):
        audience, person = some_audience(dice), Person(BEGIN - 1)
        life = Life(audience, [person], year, look, dice)
        life.live()
        told = {}
        for one in person.told:
            if one.entry.change is not Change.TOLD and FROM <= one.at_ms < UNTIL:
                told.setdefault((one.at_ms, "" if one.window else one.entry.ref), set()).add(one.entry)
        replayed = replay(audience, decided(audience, year.log), FROM, UNTIL)
        assert {(m.at_ms, "" if m.slot else m.entries[0].ref): set(m.entries) for m in replayed} == told, (
            audience
        )
        seen += Counter("slot" if m.slot else "at once" for m in replayed)
        seen += Counter(e.change for m in replayed for e in m.entries)
    assert min(seen[what] for what in ("slot", "at once", *(set(Change) - {Change.TOLD}))) > 5, seen


def test_caps_and_silence_are_replayed_as_slot_after_slot_tells_them() -> None:
    """What is gone through once says what is said slot by slot: folded beyond a cap; that all is quiet."""
    year, seen = YEAR, Counter[str]()
    month = [r for r in year.log if FROM - 40 * DAY < accepted(r) < FROM + 20 * DAY]
    everything = Stretches.of([FACTS[r.ref] for r in month], 0, accepted(month[-1]) + 1)
    look = looking(TREE, lambda _start, _end: everything)
    dice = random.Random("with a cap")
    for _ in range(12):
        some = some_audience(dice)
        wanted = [
            replace(s, cap=dice.choice((None, 1, 2)), all_quiet=dice.random() < 0.5)
            for s in some.subscriptions
        ]
        audience = Audience.of(some.channel, some.zone or "Europe/Kyiv", wanted)
        clock = clock_of(audience)
        if clock is None:
            continue
        replayed = [m for m in replay(audience, decided(audience, month), FROM, FROM + 20 * DAY) if m.slot]
        expected, opened_ms = [], last_slot(clock, FROM - 1)
        while (slot_ms := next_slot(clock, opened_ms)) < FROM + 20 * DAY:
            window = Window(opened_ms, slot_ms)
            told = [e for e in entries(audience, month, look, window) if e.change is not Change.TOLD]
            if told or tells_all_quiet(audience, window):
                expected.append((slot_ms, set(told)))
            opened_ms = slot_ms
        assert [(m.at_ms, set(m.entries)) for m in replayed] == expected, audience
        seen += Counter("folded" for m in replayed for e in m.entries if e.folded)
        seen["quiet"] += sum(not m.entries for m in replayed)
    assert min(seen["folded"], seen["quiet"]) > 5, seen
