"""What a match costs with a million subscribers: it follows what is matched, not what is stored. One core.

A match is the whole step: the log, the index, every decision, the digest made and owed.
"""

import random
import statistics
import time
from collections.abc import Iterator

from alerts.model import Cadence, Channel, Draft, Filter, Severity, Subscriber, Subscription
from alerts.rules.decisions import query_terms, wants
from alerts.rules.facts import Facts
from alerts.services import Services
from alerts.walk import steps
from bench.scene import Scene, scene

PEOPLE, AUDIENCES, GROWN_FROM = 1_000_000, 10_000, 100_000
MATCHES = 25

ZONES = ("UTC", "Europe/Kyiv", "Europe/Berlin", "Africa/Nairobi", "Asia/Jakarta", "America/Bogota")
CADENCES = tuple(map(Cadence.parse, ("immediate", "immediate", "hourly", "daily 08:00", "weekly mon 08:00")))
FLOORS = (Severity.MINOR, Severity.MINOR, Severity.MODERATE, Severity.SEVERE)


def run(quick: bool) -> dict[str, float]:
    scale = 10 if quick else 1
    with scene() as stage:
        few, many, kinds = GROWN_FROM // scale, PEOPLE // scale, AUDIENCES // scale
        _fill(stage, few, kinds)
        small, _ = _median_ms(stage.services)
        stage.empty()
        before = stage.memory()
        _fill(stage, many, kinds)
        bytes_each = (stage.memory() - before) / many
        large, matched = _median_ms(stage.services)
        stage.empty()
        before = stage.memory()
        _fill(stage, many, many)
        distinct_bytes = (stage.memory() - before) / many
        first, again = _per_audience_us(stage.services)
    return {
        "match.ms_1m": large,
        "match.ms_100k": small,
        "match.growth": large / small,
        "match.audiences_matched": matched,
        "match.us_per_audience": first,
        "match.us_per_audience_seen_before": again,
        "memory.bytes_per_subscriber": bytes_each,
        "memory.bytes_per_subscriber_all_distinct": distinct_bytes,
    }


def _fill(stage: Scene, people: int, audiences: int) -> None:
    stage.subscribe(_people(stage.services, people, audiences))


def _people(services: Services, people: int, audiences: int) -> Iterator[Subscriber]:
    """People with as many different wishes, as a real list has them: places, subjects, patience."""
    chance = random.Random(7)
    countries = sorted(r.code for r in services.tree if r.kind == "country")
    wide = sorted(r.code for r in services.tree if r.kind in ("group", "area"))
    tags = sorted(services.tags.all())
    seen: set[tuple[object, ...]] = set()
    kinds: list[tuple[str, tuple[Subscription, ...]]] = []
    while len(kinds) < audiences:
        regions = chance.sample(countries, chance.choice((1, 1, 2, 3)))
        if chance.random() < 0.1:
            regions = [chance.choice(wide)]
        about = tuple(sorted(chance.sample(tags, chance.choice((0, 0, 1, 2, 3)))))
        cadence, zone = chance.choice(CADENCES), chance.choice(ZONES)
        wanted = Filter(tuple(sorted(regions)), any_tags=about, min_severity=chance.choice(FLOORS))
        timeless = str(cadence) == "immediate"
        wish = (wanted, cadence, "" if timeless else zone)
        if wish not in seen:
            seen.add(wish)
            kinds.append((zone, (Subscription(wanted, cadence),)))
    for n in range(people):
        zone, wishes = kinds[n % audiences]
        yield Subscriber(0, Channel("email"), f"person{n}@example.org", zone, wishes, 0)


def _median_ms(services: Services) -> tuple[float, int]:
    """The median of matches of updates about one country, a new one each time, and whom they matched."""
    drafts = [_draft("UA", number) for number in range(MATCHES)]
    took = sorted(_match_s(services, draft) for draft in drafts)
    return statistics.median(took) * 1000, _wanting(services, drafts[0])


def _per_audience_us(services: Services) -> tuple[float, float]:
    """Per audience that wants it: met for the first time by this process, and known already."""
    countries = ("UA", "PL", "DE", "KE", "BR", "JP", "MX", "EG", "ID", "CA", "FR", "NG", "TR", "PE", "AU")
    first, again = [], []
    for code in countries:
        cold = _match_s(services, _draft(code, 1))
        warm = _match_s(services, _draft(code, 2))
        wanting = _wanting(services, _draft(code, 1))
        first.append(cold / wanting * 1e6)
        again.append(warm / wanting * 1e6)
    return statistics.median(first), statistics.median(again)


def _draft(country: str, number: int) -> Draft:
    return Draft(
        id=f"about-{country.lower()}-{number}",
        headline=f"Update {number} on the situation",
        regions=(country,),
        tags=("negotiations", "conflict"),
        severity=Severity.SEVERE,
    )


def _match_s(services: Services, draft: Draft) -> float:
    _, [work] = steps.publish(services, draft)
    began = time.perf_counter()
    steps.match(services, work)
    return time.perf_counter() - began


def _wanting(services: Services, draft: Draft) -> int:
    """How many audiences want it, at once or at their next slot."""
    revision = services.updates.revision(f"{draft.id}.r1")
    facts = Facts.of(revision, services.tree)
    from_index = services.audiences.candidates(query_terms(revision.draft, services.tree))
    known = services.audiences.definitions(from_index)
    return sum(any(wants(s.filter, facts) for s in audience.subscriptions) for _, audience in known)
