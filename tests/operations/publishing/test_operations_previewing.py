"""A preview promises exactly what the match then does, and writes nothing."""

import pytest
from house import OPERATOR, draft, subscribe, tell, walk

from alerts.errors import Conflict, NothingMatched
from alerts.model import (
    Cadence,
    Channel,
    Filter,
    Kind,
    QuietHours,
    Severity,
    State,
    Subscriber,
    Subscription,
)
from alerts.operations import sample
from alerts.operations.publishing.plans import require_plan
from alerts.operations.publishing.previewing import foresee
from alerts.services import Services
from alerts.walk import steps


def people(services: Services) -> None:
    """Some who get it at once, some later, some not."""
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "europe@example.org", "150", any_tags=("negotiations",))
    subscribe(services, "T1/C1", "RU")
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    subscribe(services, "always-quiet@example.org", "UA", quiet=QuietHours(0, 1439), bypass=Severity.EXTREME)
    subscribe(services, "sport@example.org", "UA", any_tags=("sport",))
    subscribe(services, "asia@example.org", "JP")
    subscribe(services, "paused@example.org", "UA", paused=True)
    subscribe(services, "gone@example.org", "UA")
    services.suppressions.add(Channel("email"), "gone@example.org", "no such user", "smtp")


def reached(services: Services, update: str) -> set[str]:
    progress = services.digests.progress(services.updates.digests(update))
    records = [services.ledger.records(d, range(1, p.batches + 1)) for d, p in progress.items()]
    sids = [sid for batch in records for sid, r in batch.items() if r.state is State.SENT]
    return {person.address for person in services.subscribers.destinations(sids)}


def test_those_told_now_are_exactly_those_the_match_tells(services: Services) -> None:
    people(services)
    found = foresee(services, draft())
    tell(services, draft())
    assert {g.subscriber.address for g in found.getting if g.verdict == "now"} == reached(
        services, "ua-talks"
    )
    later = {g.subscriber.address for g in found.getting if g.verdict == "slot"}
    assert later == {"daily@example.org", "always-quiet@example.org"}


def test_who_just_misses_it_is_named_with_the_one_clause(services: Services) -> None:
    people(services)
    misses = {m.subscriber.address: m.clause.clause for m in foresee(services, draft()).misses}
    assert misses == {
        "sport@example.org": "any tag",
        "paused@example.org": "standing",
        "gone@example.org": "standing",
    }


def test_a_preview_writes_nothing(services: Services) -> None:
    people(services)
    before = {key: services.server.client.dump(key) for key in services.server.client.scan_iter()}
    foresee(services, draft())
    assert {key: services.server.client.dump(key) for key in services.server.client.scan_iter()} == before


def test_a_correction_goes_to_those_who_were_told_whatever_they_want(services: Services) -> None:
    people(services)
    tell(services, draft())
    correction = draft(kind=Kind.CORRECTION, regions=("JP",), note="It is about Japan.")
    found = foresee(services, correction)
    tell(services, correction)
    assert {g.subscriber.address for g in found.getting if g.verdict == "now"} == {
        "kyiv@example.org",
        "europe@example.org",
        "T1/C1",
        "asia@example.org",
    }
    walk(services)
    assert "asia@example.org" in reached(services, "ua-talks")


def test_a_plan_holds_until_something_changes_and_then_says_what(services: Services) -> None:
    people(services)
    plan = foresee(services, draft()).plan
    require_plan(foresee(services, draft()), plan)
    with pytest.raises(Conflict, match="reads differently"):
        require_plan(foresee(services, draft(headline="Talks end")), plan)
    subscribe(services, "new@example.org", "UA")
    with pytest.raises(Conflict, match="4 get it now and 2 later, not 3 and 2"):
        require_plan(foresee(services, draft()), plan)
    with pytest.raises(Conflict, match="not a plan"):
        require_plan(foresee(services, draft()), "nonsense")


def test_what_is_published_already_is_known(services: Services) -> None:
    steps.publish(services, draft())
    assert foresee(services, draft()).published
    assert not foresee(services, draft(headline="News")).published


def test_a_sample_is_what_one_of_them_would_see(services: Services) -> None:
    people(services)
    found = foresee(services, draft())
    assert b"To: kyiv@example.org" in sample(services, OPERATOR, found, Channel("email"), "kyiv@example.org")
    assert b"Talks go on" in sample(services, OPERATOR, found, Channel("slack"), None)
    with pytest.raises(NothingMatched):
        sample(services, OPERATOR, found, Channel("email"), "sport@example.org")


def test_a_region_is_just_missed_only_where_it_is_near(services: Services) -> None:
    """Of 300 people 290 “just missed” an update about Ukraine: they had asked for other countries."""
    subscribe(services, "warsaw@example.org", "PL")
    subscribe(services, "tokyo@example.org", "JP")
    found = foresee(services, draft())
    assert [(m.subscriber.address, m.clause.clause) for m in found.misses] == [
        ("warsaw@example.org", "region")
    ]
    assert found.misses[0].clause.because.endswith("; Russia and Poland are both in Eastern Europe")
    assert (found.missing, found.others) == ({"region": 1}, 1)


def test_parts_of_one_country_are_near_each_other(services: Services) -> None:
    subscribe(services, "odesa@example.org", "UA-51")
    [miss] = foresee(services, draft(regions=("UA-30",))).misses
    assert miss.clause.because.endswith("are both in Ukraine")


def test_whom_somebody_can_do_something_for_is_named_first(services: Services) -> None:
    """The ten that were named were those who came first, and the paused one was the eleventh."""
    for n in range(12):
        subscribe(services, f"warsaw{n}@example.org", "PL")
    subscribe(services, "sport@example.org", "UA", any_tags=("sport",))
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    subscribe(services, "paused@example.org", "UA", paused=True)
    found = foresee(services, draft())
    assert [m.clause.clause for m in found.misses] == ["standing", "severity", "any tag", *["region"] * 7]
    assert found.missing == {"standing": 1, "severity": 1, "any tag": 1, "region": 12}


def test_of_several_subscriptions_the_one_that_is_easiest_put_right_counts(services: Services) -> None:
    near, strict = Filter(("PL",)), Filter(("UA",), min_severity=Severity.SEVERE)
    wanted = (Subscription(near), Subscription(strict))
    services.subscribers.save(Subscriber(0, Channel("email"), "a@example.org", "UTC", wanted, 0), None)
    assert foresee(services, draft()).missing == {"severity": 1}


def test_the_totals_add_up_to_everybody_and_say_what_they_wait_for(services: Services) -> None:
    people(services)
    found = foresee(services, draft())
    assert found.people == sum(services.subscribers.count().values())
    assert (found.now, found.later, sum(found.missing.values()), found.others) == (3, 2, 3, 1)
    assert found.waiting == {"slot": 1, "quiet hours": 1}
    assert found.later == sum(found.waiting.values())


def test_regions_are_named_beside_their_codes(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA-30")
    [share] = foresee(services, draft(regions=("UA-30",))).shares(services.tree)
    assert (share.region, "Kyiv" in share.place, "Ukraine" in share.place) == ("UA-30", True, True)
