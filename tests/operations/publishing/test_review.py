"""What nobody said how severe it is waits for somebody to look at it, where an installation wants that."""

import pytest
from house import OPERATOR, draft, subscribe, told, walk

from alerts import ingest
from alerts.errors import BadInput, Conflict
from alerts.model import Severity, State
from alerts.operations import (
    Choices,
    Conditions,
    NamedReading,
    Publication,
    UpdateSearch,
    UpdateState,
    list_updates,
    publish,
    release,
    status,
    totals,
    undo,
)
from alerts.services import Services
from alerts.settings import Settings


@pytest.fixture
def careful(services: Services) -> Services:
    """An installation that wants to see what is of unknown severity, and one who has a floor."""
    services.settings = Settings(home=services.settings.home, hold_unknown=True)
    subscribe(services, "all@example.org", "UA")
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    return services


def publish_talks(
    services: Services, at: str | None = None, kind: str = "new", **choices: str
) -> Publication:
    text = f"---\nid: ua-talks\nkind: {kind}\nregions: [UA]\n---\n# Talks go on\n"
    named = NamedReading("talks.md", ingest.read(text.encode(), "talks.md"))
    [done] = publish(services, OPERATOR, [named], Choices(**choices), Conditions(at))  # type: ignore[arg-type]
    walk(services)
    return done


def test_it_waits_for_its_release_and_everybody_can_see_that(careful: Services) -> None:
    """An update without a severity went to “extreme only” before anybody could look at it."""
    done = publish_talks(careful)
    assert (done.in_review, done.held_until_ms, done.work) == (True, None, ())
    assert told(careful, "ua-talks") == {}
    assert totals(careful, OPERATOR).in_review == ("ua-talks.r1",)
    assert status(careful, OPERATOR, "ua-talks").revisions[0].in_review
    found = list_updates(careful, OPERATOR, UpdateSearch(state=UpdateState.HELD))
    assert [one.history.update for one in found.updates] == ["ua-talks"]
    [notice] = careful.notices.latest()
    assert (notice["what"], notice["ref"], notice["people"]) == ("held for review", "ua-talks.r1", 1)
    assert publish_talks(careful).in_review, "the same again is the same, and held as before"

    first, _ = release(careful, OPERATOR, "ua-talks"), walk(careful)
    assert (first.already, [work.key for work in first.work]) == (False, ["ua-talks.r1"])
    assert told(careful, "ua-talks") == {n: [State.SENT] for n in ("all@example.org", "severe@example.org")}
    assert totals(careful, OPERATOR).in_review == ()
    assert release(careful, OPERATOR, "ua-talks").already
    walk(careful)
    assert [len(states) for states in told(careful, "ua-talks").values()] == [1, 1]


def test_published_again_with_a_severity_it_takes_the_place(careful: Services) -> None:
    publish_talks(careful)
    done = publish_talks(careful, severity="minor")
    assert (done.in_review, done.revision.number) == (False, 2)
    assert told(careful, "ua-talks") == {"all@example.org": [State.SENT]}
    assert careful.updates.in_review() == {}
    assert careful.updates.withdrawn("ua-talks") == {1: "revision 2 took its place"}


def test_it_can_be_undone(careful: Services) -> None:
    publish_talks(careful)
    undo(careful, OPERATOR, "ua-talks")
    assert careful.updates.in_review() == {}
    with pytest.raises(Conflict, match="taken back"):
        release(careful, OPERATOR, "ua-talks")


def test_what_makes_no_difference_is_not_held(services: Services) -> None:
    """Nobody has a floor, or its severity is known, or it puts right what was told."""
    services.settings = Settings(home=services.settings.home, hold_unknown=True)
    subscribe(services, "all@example.org", "UA")
    assert not publish_talks(services).in_review
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    assert not publish_talks(services, kind="correction").in_review
    assert not publish_talks(services, severity="moderate").in_review


def test_without_the_setting_nothing_is_held(services: Services) -> None:
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    assert not publish_talks(services).in_review


def test_it_is_not_held_until_a_time_and_for_review_as_well(careful: Services) -> None:
    with pytest.raises(BadInput, match="held for review"):
        publish_talks(careful, at="2040-01-01T00:00Z")
    assert careful.updates.count() == 0


def test_what_is_over_is_not_released(careful: Services) -> None:
    """Everybody would have ended as `expired`."""
    over = draft(severity=Severity.UNKNOWN, expires_at=ingest.read_time("2020-01-01T00:00Z"))
    careful.updates.publish(over, for_review=True)
    with pytest.raises(BadInput, match="expired"):
        release(careful, OPERATOR, "ua-talks")


def test_a_release_hurries_what_is_held_until_a_time_as_well(services: Services) -> None:
    subscribe(services, "all@example.org", "UA")
    services.updates.publish(draft(), services.server.now_ms() + 3_600_000)
    release(services, OPERATOR, "ua-talks")
    walk(services)
    assert told(services, "ua-talks") == {"all@example.org": [State.SENT]}
