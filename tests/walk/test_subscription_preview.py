"""What subscriptions would have brought: as many as the walk told, at the same instants."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from clocked import clocked, move_to
from history import DAY, History
from house import OPERATOR, draft, subscribe, walk
from year import BEGIN, Year, accepted

from alerts.errors import BadInput, Conflict
from alerts.model import Cadence, Change, Filter, Kind, Severity, Subscription
from alerts.operations import Requested
from alerts.operations.subscribing.subscription_preview import (
    keep_at_hand,
    preview_subscriptions,
    would_have_got,
)
from alerts.services import Services
from alerts.settings import Settings

pytestmark = pytest.mark.long

ANNA = "anna@example.org"
HOUR = 3_600_000
CADENCES = ("immediate", "hourly", "daily 08:00", "weekly mon,thu 08:00")
#: Revisions in the log of a busy month.
MANY = 5_000


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-20T00:30Z")
    yield ready
    ready.close()


def some_weeks(services: Services, history: History, days: int) -> None:
    dice, end = random.Random(3), history.now_ms + days * DAY
    while history.now_ms < end:
        move_to(services, history.now_ms + HOUR)
        walk(services)  # every slot in its time
        if dice.random() < 0.6:
            continue
        known = list(history.revisions)
        update = f"u{len(known)}" if dice.random() < 0.5 or not known else dice.choice(known)
        kinds = (Kind.UPDATE, Kind.UPDATE, Kind.CORRECTION, Kind.CANCEL)
        history.publish(
            draft(
                update,
                kind=dice.choice(kinds) if update in known else Kind.NEW,
                severity=dice.choice(list(Severity)),
                regions=(dice.choice(("UA", "FR")),),
                note=str(dice.random()),
            )
        )
        walk(services)


def test_it_is_what_the_walk_has_told_people_who_subscribe_so(services: Services) -> None:
    """Every message by its instant and what it told, of a week in the middle of three."""
    history = History(services)
    people = [
        subscribe(services, f"p{n}@example.org", "UA", cadence=Cadence.parse(c), zone="Europe/Kyiv")
        for n, c in enumerate(CADENCES)
    ]
    some_weeks(services, history, 21)
    told = history.told()
    since_ms = history.now_ms - 7 * DAY
    seen = 0
    for person in people:
        expected = {
            (d.horizon_ms, frozenset(e.ref for e in d.entries if e.change is not Change.TOLD))
            for d in told[person.sid]
            if d.horizon_ms >= since_ms
        }
        found = preview_subscriptions(services, OPERATOR, person.address, days=7)
        assert {(m.at_ms, frozenset(a.entry.ref for a in m.alerts)) for m in found.messages} == expected
        assert found.alerts == sum(len(refs) for _, refs in expected)
        seen += found.alerts
    assert seen > 20


def test_what_another_subscription_brings_as_well_is_said(services: Services) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine", cadence=Cadence.parse("daily 08:00"))
    for update, regions in (("u1", ("UA",)), ("u2", ("UA",)), ("u3", ("FR",))):
        History(services).publish(draft(update, regions=regions))
    move_to(services, services.server.now_ms() + DAY)
    asked = Requested(("Europe",), cadence="daily 08:00", name="Europe")
    found = preview_subscriptions(services, OPERATOR, ANNA, [asked])
    assert [(s.name, s.alerts, s.alone, s.covered) for s in found.shares] == [
        ("Ukraine", 2, 0, True),
        ("Europe", 3, 1, False),
    ]
    assert (found.alerts, len(found.messages), found.twice) == (3, 1, 2)
    assert found.next_ms is not None
    assert found.next_ms > services.server.now_ms()


def test_what_cannot_be_looked_back_on_says_why(services: Services) -> None:
    with pytest.raises(BadInput, match="No subscription is named"):
        preview_subscriptions(services, OPERATOR)
    with pytest.raises(BadInput, match="looked back that far: 93"):
        would_have_got(services, "UTC", [Subscription(Filter(("UA",)))], 93)
    subscribe(services, ANNA, "UA", name="Ukraine")
    with pytest.raises(Conflict, match="asks for the same"):
        preview_subscriptions(services, OPERATOR, ANNA, [Requested(("UA",))])


def test_a_cap_is_counted_as_the_walk_counts_it(services: Services) -> None:
    """Each day is cut from one look at the log, and comes to what the slots and the ledger say."""
    history = History(services)
    people = [
        subscribe(services, f"p{n}@example.org", "UA", cadence=Cadence.parse(c), zone="Europe/Kyiv", cap=cap)
        for n, (c, cap) in enumerate((c, cap) for c in CADENCES for cap in (1, 2))
    ]
    some_weeks(services, history, 14)
    told, since_ms = history.told(), history.now_ms - 7 * DAY
    folded = 0
    for person in people:
        expected = {
            (d.horizon_ms, frozenset((e.ref, e.folded) for e in d.entries if e.change is not Change.TOLD))
            for d in told[person.sid]
            if d.horizon_ms >= since_ms
        }
        found = preview_subscriptions(services, OPERATOR, person.address, days=7)
        assert {
            (m.at_ms, frozenset((a.entry.ref, a.entry.folded) for a in m.alerts)) for m in found.messages
        } == expected
        folded += sum(a.entry.folded for m in found.messages for a in m.alerts)
    assert folded > 5


def busy_month(services: Services) -> None:
    """As many revisions as two years of the desk have, in the last thirty days."""
    keys, begin_ms, now_ms = services.server.keys, BEGIN, services.server.now_ms()
    year = Year.random(random.Random("a year")).log
    last_ms = accepted(year[-1]) + 1
    with services.server.client.pipeline(transaction=False) as pipe:
        for copy in range(MANY // len(year)):
            for revision in year:
                share = (accepted(revision) - begin_ms) / (last_ms - begin_ms)
                at_ms = now_ms - 30 * DAY + int(share * 30 * DAY)
                update = f"{revision.update}-{copy}"
                content = replace(revision.draft, id=update, body="They meet again tomorrow. " * 70)
                fields = {
                    f"r:{revision.number}": json.dumps(content.to_dict()),
                    f"a:{revision.number}": at_ms,
                }
                pipe.hset(keys("update", update), mapping=fields | {"n": revision.number})
                pipe.zadd(keys("log"), {f"{update}.r{revision.number}": at_ms})
        pipe.execute()


def test_what_was_looked_through_once_is_not_read_again(services: Services) -> None:
    """It read and checked every field of every draft, which alone took as long as anybody waits at a page."""
    busy_month(services)
    ukraine = [Subscription(Filter(("UA", "RU")), Cadence.parse("daily 08:00"))]
    keep_at_hand(services)  # as a door does when it starts
    read = services.server.client.info("commandstats")["cmdstat_hmget"]["calls"]
    first = would_have_got(services, "Europe/Kyiv", ukraine)
    assert would_have_got(services, "Europe/Kyiv", ukraine) == first
    assert services.server.client.info("commandstats")["cmdstat_hmget"]["calls"] == read
    assert first.alerts > 300
    History(services).publish(draft(regions=("UA",)))
    move_to(services, services.server.now_ms() + DAY)
    assert (
        would_have_got(services, "Europe/Kyiv", ukraine, 1).messages[-1].alerts[-1].entry.update == "ua-talks"
    )
    assert services.server.client.info("commandstats")["cmdstat_hmget"]["calls"] == read + 1
