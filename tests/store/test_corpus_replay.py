"""Real changes of travel advice against 100,000 random subscribers: every match is as the naive one."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import naive
import pytest

from alerts.errors import UnknownRegion
from alerts.model import (
    Audience,
    Cadence,
    Channel,
    Draft,
    Filter,
    Revision,
    Severity,
    Subscriber,
    Subscription,
)
from alerts.rules.decisions import No, decide, query_terms
from alerts.rules.facts import Facts
from alerts.services import Services

NOTES = Path(__file__).parents[3] / "shared/corpora/situation_updates/fcdo_change_notes_open.jsonl"
DISTINCT, PEOPLE = 3_000, 100_000
#: What a note is tagged with, and the word that tells.
WORDS = {
    "health": "covid",
    "entry": "entry requirement",
    "terrorism": "terroris",
    "protests": "protest",
    "disaster": "natural disaster",
    "travel": "travel",
    "security": "safety and security",
}
SEVERITIES = list(Severity)
CADENCES = [Cadence(), Cadence.parse("hourly"), Cadence.parse("daily 08:00")]


def notes() -> Iterator[dict[str, str]]:
    return map(json.loads, NOTES.read_text(encoding="utf-8").splitlines())


def drafts(services: Services) -> tuple[Counter[Draft], Counter[str]]:
    """The notes as drafts, as often as each occurs; and how many name a country that is no region."""
    found: Counter[Draft] = Counter()
    unknown: Counter[str] = Counter()
    for note in notes():
        try:
            region = services.tree.find(note["slug"].replace("-", " "))
        except UnknownRegion:
            unknown[note["slug"]] += 1
            continue
        text = note["text"].lower()
        tags = tuple(tag for tag, word in WORDS.items() if word in text)
        severity = SEVERITIES[len(note["slug"]) % len(SEVERITIES)]
        found[Draft("Advice", (region,), tags=tags, severity=severity, key_points=("x",))] += 1
    return found, unknown


def codes(services: Services) -> list[list[str]]:
    """Countries, areas of several, subdivisions, groups."""
    areas = [r.code for r in services.tree if not r.members]
    return [
        [code for code in areas if len(code) == 2],
        [code for code in areas if code.isdigit() and code != "001"],
        [code for code in areas if "-" in code],
        [r.code for r in services.tree if r.members],
    ]


def a_wish(dice: random.Random, kinds: list[list[str]]) -> Subscription:
    """As people wish: mostly countries, some areas, subdivisions and groups; few ask for tags."""
    chosen = dice.choices(kinds, weights=(14, 2, 2, 1), k=dice.randint(1, 3))
    regions = tuple(dict.fromkeys(map(dice.choice, chosen)))
    tags = iter(dice.sample(list(WORDS), 4))
    some = [tuple(next(tags) for _ in range(dice.random() < odds)) for odds in (0.4, 0.2, 0.2)]
    floor = dice.choice(
        [Severity.MINOR, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME]
    )
    return Subscription(Filter(regions, *some, floor), dice.choice(CADENCES))


def populate(services: Services, asked: list[Subscription], dice: random.Random) -> Counter[int]:
    """Everybody wishes one of those; how many wish each and are not paused.

    The first of each wish are saved; the rest are written beside them, for it is quicker.
    """
    new = [
        Subscriber(0, Channel("email"), f"p{sid}@example.org", "UTC", (wish,), 0)
        for sid, wish in enumerate(asked, 1)
    ]
    for start in range(0, DISTINCT, 500):
        services.subscribers.save_all([(person, None) for person in new[start : start + 500]])
    serving = Counter(range(DISTINCT))
    aids = [person.audience.id for person in new]
    with services.server.client.pipeline(transaction=False) as pipe:
        for sid in range(DISTINCT + 1, PEOPLE + 1):
            wish, paused = dice.randrange(DISTINCT), dice.random() < 0.1
            row = {
                "address": f"p{sid}@example.org",
                "channel": "email",
                "zone": "UTC",
                "audience": aids[wish],
            }
            pipe.hset(f"alerts:subscriber:{sid}", mapping=row | {"standing": "paused"} if paused else row)
            if not paused:
                pipe.sadd(f"alerts:audience:{aids[wish]}:members", sid)
            serving[wish] += not paused
            if sid % 5_000 == 0:
                pipe.execute()
    return serving


@pytest.mark.skipif(not NOTES.exists(), reason="the corpora are not here")
def test_100_000_subscribers_are_told_of_real_changes_exactly_as_they_wished(services: Services) -> None:
    dice = random.Random(2023)
    found, unknown = drafts(services)
    assert found.total() + unknown.total() == 5_776
    assert unknown.total() < 50, "several countries in one, or a name that two share"
    kinds = codes(services)
    asked = list(dict.fromkeys(a_wish(dice, kinds) for _ in range(DISTINCT * 2)))[:DISTINCT]
    serving, crowd = populate(services, asked, dice), naive.Crowd(asked)
    place = {Audience.of(Channel("email"), "UTC", (wish,)).id: i for i, wish in enumerate(asked)}
    sizes = Counter(
        {i: services.server.client.scard(f"alerts:audience:{a}:members") for a, i in place.items()}
    )
    assert sizes == serving
    told = 0
    for draft, times in found.items():
        facts = Facts.of(Revision("u", 1, draft, 0), services.tree)
        candidates = services.audiences.candidates(query_terms(draft, services.tree))
        decided = naive.union(
            1 << place[aid]
            for aid, audience in services.audiences.definitions(candidates)
            if not isinstance(decide(audience, facts), No)
        )
        assert decided == crowd.wanting(draft), draft
        told += times * decided.bit_count()
    assert told > 50_000
