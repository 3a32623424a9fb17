"""A preview promises exactly what the match then does, and writes nothing."""

import pytest
from house import OPERATOR, draft, subscribe, tell, walk

from alerts.errors import Conflict, NothingMatched
from alerts.model import Cadence, Channel, Kind, QuietHours, Severity, State
from alerts.operations import sample
from alerts.operations.plans import require_plan
from alerts.operations.previewing import foresee
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
        "asia@example.org": "region",
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
