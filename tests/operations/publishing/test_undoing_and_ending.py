"""Undo, close and retract: each does one thing, says to how many, and may be typed twice."""

from collections.abc import Callable

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts import ingest
from alerts.errors import Conflict, NotFound
from alerts.ingest import Reading
from alerts.model import Channel, Kind, Severity, State
from alerts.operations import Choices, Conditions, Ending, close, publish, readers, retract, undo
from alerts.operations.publishing.publishing import hold
from alerts.operations.publishing.readings import NamedReading
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

HOUR_MS = 3_600_000
EMAIL = Channel("email")


def held(services: Services, **changes: object) -> str:
    published, _ = steps.publish(services, draft(**changes), services.server.now_ms() + HOUR_MS)
    return published.revision.ref


def entries(services: Services) -> list[str]:
    return [f"{entry.action} {entry.subject}" for entry in services.audit.entries()]


def test_undone_twice_is_undone_once(services: Services) -> None:
    """The second `withdraw` of a nervous operator closed the revision that stood before, for everybody."""
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    ref = held(services, body="Another text.")
    first, second = undo(services, OPERATOR, "ua-talks"), undo(services, OPERATOR, "ua-talks")
    assert (first.revision.ref, first.already, second.revision.ref, second.already) == (ref, False, ref, True)
    assert first.standing is not None
    assert first.standing.number == 1
    walk(services)
    assert told(services, "ua-talks") == {"kyiv@example.org": [State.SENT]}
    assert entries(services) == ["update.take_back ua-talks.r2"]


def test_an_earlier_revision_that_is_held_as_well_is_taken_back_only_by_name(services: Services) -> None:
    first = held(services)
    second = held(services, body="Another text.")
    undo(services, OPERATOR, "ua-talks")
    assert undo(services, OPERATOR, "ua-talks").revision.ref == second
    assert [r.ref for r in services.updates.history("ua-talks").held] == [first]
    assert not undo(services, OPERATOR, first).already
    assert services.due.count() == 0


def test_what_is_out_is_not_undone_and_what_to_type_instead_is_said(services: Services) -> None:
    tell(services, draft())
    with pytest.raises(Conflict, match="cannot be undone any more") as refused:
        undo(services, OPERATOR, "ua-talks")
    assert "`alerts close ua-talks`" in refused.value.hint
    assert "`alerts retract ua-talks`" in refused.value.hint
    close(services, OPERATOR, "ua-talks")
    with pytest.raises(Conflict, match="says the end of it"):
        undo(services, OPERATOR, "ua-talks")
    with pytest.raises(NotFound):
        undo(services, OPERATOR, "nothing")


@pytest.mark.parametrize(("use_case", "kind"), [(close, Kind.CANCEL), (retract, Kind.RETRACTION)])
def test_who_is_told_is_counted_before_and_is_told_once(
    services: Services, use_case: Callable[..., Ending], kind: Kind
) -> None:
    for name in ("kyiv", "lviv"):
        subscribe(services, f"{name}@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    tell(services, draft())
    subscribe(services, "late@example.org", "UA")
    found = readers(services, OPERATOR, "ua-talks")
    assert (found.people, found.said) == ({EMAIL: 2, Channel("slack"): 1}, "2 people and 1 Slack channel")
    assert not found.ended_as(kind)
    first = use_case(services, OPERATOR, "ua-talks")
    walk(services)
    second = use_case(services, OPERATOR, "ua-talks", "typed again, with a reason")
    walk(services)
    assert (first.people, first.end.kind, first.already) == (found.people, kind, False)
    assert (second.end.ref, second.already, second.work) == (first.end.ref, True, ())
    assert second.ended_ms == first.ended_ms
    assert told(services, "ua-talks")["kyiv@example.org"] == [State.SENT] * 2
    assert "late@example.org" not in told(services, "ua-talks")
    assert len(entries(services)) == 1


def test_what_is_over_can_turn_out_to_have_been_wrong_and_not_the_other_way_round(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    close(services, OPERATOR, "ua-talks")
    walk(services)
    wrong = retract(services, OPERATOR, "ua-talks")
    walk(services)
    assert (wrong.already, wrong.how, wrong.people) == (False, "retracted", {EMAIL: 1})
    over = close(services, OPERATOR, "ua-talks")
    assert (over.already, over.how) == (True, "retracted")
    assert told(services, "ua-talks") == {"kyiv@example.org": [State.SENT] * 3}


def test_what_is_held_is_taken_back_with_the_end(services: Services) -> None:
    """A revision held until tomorrow would have come after “Closed”."""
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    later = held(services, body="Another text.")
    close(services, OPERATOR, "ua-talks", "They signed.")
    assert list(services.updates.history("ua-talks").taken_back) == [2]
    assert entries(services) == ["update.close ua-talks.r1", f"update.take_back {later}"]


def test_what_nobody_has_seen_is_not_ended_but_undone(services: Services) -> None:
    held(services)
    for end in (close, retract, readers):
        with pytest.raises(Conflict, match="nobody has seen it") as refused:
            end(services, OPERATOR, "ua-talks")
        assert "`alerts undo ua-talks`" in refused.value.hint
    undo(services, OPERATOR, "ua-talks")
    with pytest.raises(NotFound, match="taken back"):
        close(services, OPERATOR, "ua-talks")


@pytest.mark.parametrize(("severity", "seconds"), [(Severity.MINOR, 60.0), (Severity.SEVERE, 5.0)])
def test_what_is_urgent_has_an_undo_window_of_its_own(
    services: Services, severity: Severity, seconds: float
) -> None:
    assert hold(services, draft(severity=severity), None).until_ms is None
    services.settings = Settings(home=services.settings.home, undo_window=60, undo_window_urgent=5)
    now_ms = services.server.now_ms()
    found = hold(services, draft(severity=severity), None)
    assert found.undo_s == seconds
    assert found.until_ms is not None
    assert found.until_ms - now_ms >= seconds * 1000


def test_a_publication_says_for_how_long_it_can_be_undone(services: Services) -> None:
    services.settings = Settings(home=services.settings.home, undo_window=60)
    reading = NamedReading("a.md", _reading("a"))
    [window] = publish(services, OPERATOR, [reading], Choices())
    [at] = publish(
        services, OPERATOR, [NamedReading("b.md", _reading("b"))], Choices(), Conditions("2040-01-01T00:00Z")
    )
    assert (window.undo_s, at.undo_s) == (60.0, None)


def _reading(update: str) -> Reading:
    return ingest.read(f"---\nid: {update}\nregions: [UA]\nseverity: minor\n---\n# Talks\n".encode(), "a.md")
