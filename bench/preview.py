"""What it takes to look back on a month of 5,000 revisions, by subscriptions of every kind.

Processor time, not the clock. Each kind is asked of a process of its own, which has read ahead as a door does
when it starts: for the first time, again, and after one more revision was published.
"""

import gc
import json
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection

from alerts.model import Cadence, Draft, Filter, Kind, QuietHours, Severity, Subscription
from alerts.operations.subscribing.subscription_preview import keep_at_hand, would_have_got
from alerts.services import connect
from alerts.settings import load
from alerts.walk import steps
from bench.scene import PARAGRAPH, Scene, scene

REVISIONS, QUICK_REVISIONS = 5_000, 500
#: Revisions of one update, on average.
REVISED = 2.5
#: Looks of one process at the same: the middle one counts.
LOOKS = 5
DAY_MS = 24 * 3_600_000
ZONE = "Europe/Kyiv"
COUNTRIES = (
    *(
        "UA",
        "RU",
        "FR",
        "TR",
        "KE",
        "ET",
        "BR",
        "US",
        "JP",
        "NP",
        "LB",
        "WS",
        "DE",
        "PL",
        "MD",
        "RO",
        "SY",
        "IQ",
    ),
    *(
        "IR",
        "IL",
        "EG",
        "SD",
        "TD",
        "NG",
        "CD",
        "MM",
        "PH",
        "ID",
        "IN",
        "PK",
        "AF",
        "CO",
        "VE",
        "MX",
        "HT",
        "PE",
    ),
)
TAGS = (
    "conflict",
    "negotiations",
    "weather",
    "health",
    "flood",
    "aviation",
    "strike",
    "power",
    "unrest",
    "crime",
)
CADENCES = ("immediate", "hourly", "daily 08:00", "weekly mon 09:00", "daily 17:30")


def _some(dice: random.Random, count: int, cap: int | None) -> list[Subscription]:
    """Subscriptions that differ in all they may, and between them ask for most of what there is."""
    return [
        Subscription(
            Filter(
                tuple(sorted(dice.sample(COUNTRIES, 6))) if n % 3 else ("001",),
                tuple(sorted(dice.sample(TAGS, 3))) if n % 2 else (),
            ),
            Cadence.parse(CADENCES[n % len(CADENCES)]),
            QuietHours(22 * 60 + n, 7 * 60) if n % 4 == 1 else None,
            Severity.EXTREME if n % 3 == 2 else None,
            f"s{n}",
            cap + n if cap is not None else None,
        )
        for n in range(count)
    ]


def _one(cadence: str, *regions: str, quiet: str = "", cap: int | None = None) -> list[Subscription]:
    hours = QuietHours.parse(quiet) if quiet else None
    return [Subscription(Filter(regions or ("001",)), Cadence.parse(cadence), hours, name="one", cap=cap)]


#: What is asked, by the name of its figure.
KINDS: dict[str, list[Subscription]] = {
    "countries_daily": _one("daily 08:00", "UA", "RU"),
    "tags_weekly": [
        replace(s, filter=replace(s.filter, any_tags=TAGS[:3])) for s in _one("weekly mon 09:00")
    ],
    "world_daily": _one("daily 08:00"),
    "world_hourly": _one("hourly"),
    "world_immediate": _one("immediate"),
    "world_quiet": _one("immediate", quiet="22:00-07:00"),
    "world_daily_capped": _one("daily 08:00", cap=5),
    "world_immediate_capped": _one("immediate", cap=20, quiet="22:00-07:00"),
    "world_weekly_cap_never_reached": _one("weekly mon 09:00", cap=3_000),
    "five": _some(random.Random(5), 5, None),
    "five_capped": _some(random.Random(5), 5, 5),
    "twenty": _some(random.Random(20), 20, None),
    "twenty_capped": _some(random.Random(20), 20, 50),
}


def run(quick: bool) -> dict[str, float]:
    with scene() as stage:
        busy_month(stage, QUICK_REVISIONS if quick else REVISIONS)
        took = {kind: _in_a_process(kind) for kind in KINDS}
    ahead = [looks.pop("read_ahead") for looks in took.values()]
    found = {f"preview.{kind}_{look}_ms": ms for kind, looks in took.items() for look, ms in looks.items()}
    slowest = max(found.values())
    return found | {"preview.slowest_ms": slowest, "preview.read_ahead_ms": statistics.median(ahead)}


def busy_month(stage: Scene, revisions: int) -> None:
    """Updates that live for hours or for weeks, in the last thirty days."""
    dice, keys, now_ms = (
        random.Random("a busy month"),
        stage.services.server.keys,
        stage.services.server.now_ms(),
    )
    begin_ms = now_ms - 30 * DAY_MS
    stories = [[dice.randrange(begin_ms, now_ms)] for _ in range(int(revisions / REVISED))]
    while sum(map(len, stories)) < revisions:
        story = dice.choice(stories)
        at_ms = story[-1] + int(dice.choice((1, 3, 24, 200)) * 3_600_000 * dice.random()) + 1
        if at_ms < now_ms:
            story.append(at_ms)
    with stage.services.server.client.pipeline(transaction=False) as pipe:
        for n, story in enumerate(stories):
            update, fields = f"u{n}", dict[str, str | int](n=len(story))
            for number, content in enumerate(revisions_of(dice, update, len(story)), 1):
                fields |= {f"r:{number}": json.dumps(content.to_dict()), f"a:{number}": story[number - 1]}
                pipe.zadd(keys("log"), {f"{update}.r{number}": story[number - 1]})
            pipe.hset(keys("update", update), mapping=fields)
            pipe.zadd(keys("updates"), {update: story[0]})
        pipe.execute()


def revisions_of(dice: random.Random, update: str, count: int) -> Iterator[Draft]:
    draft = Draft(
        f"{update}: what is known of it by now",
        tuple(dice.sample(COUNTRIES, dice.choice((1, 1, 1, 2, 3)))),
        update,
        tags=tuple(sorted(dice.sample(TAGS, dice.randrange(4)))),
        body="\n\n".join([PARAGRAPH] * 5),
    )
    for number in range(1, count + 1):
        kind = dice.choice((Kind.UPDATE,) * 6 + (Kind.CORRECTION, Kind.CANCEL)) if number > 1 else Kind.NEW
        yield replace(draft, kind=kind, severity=dice.choice(tuple(Severity)), note=f"revision {number}")


def _in_a_process(kind: str) -> dict[str, float]:
    """What one of the kinds takes in a process that has done nothing but start."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(kind, theirs))
    process.start()
    theirs.close()
    found: dict[str, float] = ours.recv()
    process.join()
    return found


def _measured(kind: str, answer: Connection) -> None:
    services, wanted = connect(load()), KINDS[kind]

    def look() -> None:
        would_have_got(services, ZONE, wanted)

    ahead = _ms(lambda: keep_at_hand(services))
    gc.freeze()  # as the door does
    first = _ms(look)
    again = statistics.median(_ms(look) for _ in range(LOOKS))
    steps.publish(services, Draft("One more", ("UA",), f"more-{kind}", severity=Severity.MODERATE))
    time.sleep(0.002)  # it is in the past from the next millisecond on
    answer.send({"read_ahead": ahead, "first": first, "again": again, "after_one_more": _ms(look)})
    services.close()


def _ms(do: Callable[[], None]) -> float:
    """What this process computes meanwhile (ms)."""
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000
