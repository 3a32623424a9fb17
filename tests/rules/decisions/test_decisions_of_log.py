"""What is decided of a whole log at once is what is decided of each revision, asked one after another."""

import random
from collections import Counter
from datetime import UTC, datetime
from functools import partial

from alerts.model import (
    Audience,
    Cadence,
    Channel,
    Draft,
    Filter,
    Instant,
    Kind,
    QuietHours,
    Revision,
    Severity,
    Status,
    Subscription,
)
from alerts.regions import load
from alerts.rules.decisions import No, decide
from alerts.rules.decisions_of_log import COUNTED_BACK_MS, decide_all, deciding
from alerts.rules.facts import Facts, Stretches
from alerts.rules.windows import looking

TREE = load()
HALF_HOUR = 1_800_000
TAGS = ("conflict", "weather", "health")
KINDS = (Kind.NEW, *(Kind.UPDATE,) * 5, Kind.CORRECTION, Kind.CANCEL, Kind.RETRACTION)
PLACES = (("UA",), ("UA",), ("FR", "UA-30"), ("150",), ("a group that is gone",))
CADENCES = (
    "immediate",
    "immediate",
    "hourly",
    "daily 08:00",
    "daily 00:00",
    "weekly mon,sat 03:30",
    "weekly wed 08:00",
)
NIGHTS = (None, None, QuietHours.parse("22:00-07:00"), QuietHours.parse("02:30-03:30"))
ZONES = ("Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "UTC")


def some_tags(dice: random.Random) -> tuple[str, ...]:
    return tuple(dice.sample(TAGS, dice.choice((0, 0, 1, 2))))


def some_subscription(dice: random.Random) -> Subscription:
    regions = tuple(dice.sample(("UA", "FR", "150", "001", "UA-30"), dice.choice((1, 2))))
    exact = (some_tags(dice), some_tags(dice), some_tags(dice), dice.choice(tuple(Severity)))
    return Subscription(
        Filter(regions, *(exact if dice.random() < 0.5 else ())),
        Cadence.parse(dice.choice(CADENCES)),
        dice.choice(NIGHTS),
        dice.choice((None, None, Severity.SEVERE, Severity.MINOR)),
        cap=dice.choice((None, 1, 3, 8)),
    )


def some_log(dice: random.Random, begin_ms: Instant, days: int = 6, count: int = 100) -> list[Revision]:
    """Some days of a few updates: closed, begun again, several at one instant."""
    found, numbers = [], Counter[str]()
    for half_hours in sorted(dice.choices(range(48 * days), k=count)):
        update = dice.choice("abcdefgh")
        numbers[update] += 1
        content = Draft(
            update,
            dice.choice(PLACES),
            update,
            dice.choice(KINDS),
            tags=some_tags(dice),
            severity=dice.choice(tuple(Severity)),
            status=dice.choice((Status.ACTUAL, Status.ACTUAL, Status.EXERCISE)),
        )
        found.append(Revision(update, numbers[update], content, begin_ms + half_hours * HALF_HOUR))
    return found


def test_a_log_is_decided_as_each_of_it_is() -> None:
    """A month is looked back on while a page is drawn, and what is said is the same to the last entry.

    Each revision of a month was asked what its day had brought before it: three seconds of twenty
    subscriptions with daily caps.
    """
    dice, seen = random.Random("whatever a log holds"), Counter[str]()
    for _ in range(120):
        day = dice.choice((datetime(2026, 3, 26, 12, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)))
        subscriptions = [some_subscription(dice) for _ in range(dice.choice((1, 2, 6)))]
        audience = Audience.of(Channel("email"), dice.choice(ZONES), subscriptions)
        facts = [Facts.of(revision, TREE) for revision in some_log(dice, int(day.timestamp() * 1000))]
        log = Stretches.of(facts, 0, 2**63)
        each = [decide(audience, f.knowing(partial(log.between, end_ms=f.accepted_ms))) for f in facts]
        assert decide_all(audience, facts) == each, audience
        seen += Counter(type(decision).__name__ for decision in each)
        seen["folded"] += sum(getattr(decision, "folded", False) for decision in each)
    assert min(seen[what] for what in ("Now", "Later", "No", "folded")) > 300, seen


def test_what_is_older_than_the_log_is_decided_by_itself() -> None:
    """An update may have begun long before a window, where a cap counts days that nobody has read."""
    dice, seen = random.Random("long stories"), Counter[bool]()
    for _ in range(60):
        audience = Audience.of(Channel("email"), dice.choice(ZONES), [some_subscription(dice) for _ in "ab"])
        begin_ms = int(datetime(2026, 2, 20, tzinfo=UTC).timestamp() * 1000)
        log = some_log(dice, begin_ms, days=60, count=300)
        everything = Stretches.of([Facts.of(revision, TREE) for revision in log], 0, 2**63)
        look = looking(TREE, lambda _start, _end, everything=everything: everything)
        from_ms = begin_ms + dice.randrange(60) * 48 * HALF_HOUR
        later = Stretches.of([f for f in everything.facts if f.accepted_ms >= from_ms], from_ms, 2**63)
        decided = deciding(audience, later, look)
        assert [decided(revision) for revision in log] == [decide(audience, look(r)) for r in log], audience
        seen += Counter((r.accepted_ms or 0) >= from_ms + COUNTED_BACK_MS for r in log)
    assert min(seen.values()) > 500, seen


def test_of_nothing_and_for_nobody_nothing_is_wanted() -> None:
    nobody = Audience.of(Channel("email"), "UTC", ())
    assert decide_all(nobody, []) == []
    [decision] = decide_all(nobody, [Facts.of(Revision("a", 1, Draft("a", ("UA",), "a"), 0), TREE)])
    assert isinstance(decision, No)
