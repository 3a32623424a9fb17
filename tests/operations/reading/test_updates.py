"""Updates are found by what an operator remembers of them, and followed revision by revision."""

import pytest
from house import OPERATOR, draft, subscribe, tell, walk

from alerts.errors import BadInput, NotFound, UnknownRegion
from alerts.ingest import read_time
from alerts.model import Channel, Kind, Severity
from alerts.operations import (
    UpdateSearch,
    UpdateState,
    close,
    list_updates,
    retract,
    show_update,
    undo,
)
from alerts.services import Services
from alerts.walk import steps


@pytest.fixture
def busy(services: Services) -> Services:
    """A house in which there is an update of every state, and somebody who gets all of them."""
    subscribe(services, "kyiv@example.org", "001")
    services.tags.add(["negotiations", "storm"])
    tell(services, draft("current", headline="Talks go on"))
    tell(services, draft("storm", headline="Storm in Mombasa", regions=("KE",), tags=("storm",)))
    ended = draft("expired", severity=Severity.SEVERE, expires_at=read_time("2020-01-01T00:00Z"))
    steps.publish(services, ended)
    for update in ("closed", "retracted"):
        tell(services, draft(update))
    close(services, OPERATOR, "closed", "They signed.")
    retract(services, OPERATOR, "retracted")
    later_ms = services.server.now_ms() + 3_600_000
    tell(services, draft("held"))
    steps.publish(services, draft("held", body="Another text."), later_ms)
    steps.publish(services, draft("withdrawn"), later_ms)
    undo(services, OPERATOR, "withdrawn")
    walk(services)
    return services


def found(services: Services, **by: object) -> list[str]:
    page = list_updates(services, OPERATOR, UpdateSearch(**by))  # type: ignore[arg-type]
    assert page.total == len(page.updates)
    return [one.history.update for one in page.updates]


def test_every_state_has_its_updates(busy: Services) -> None:
    by_state = {state: found(busy, state=state) for state in UpdateState}
    assert by_state.pop(UpdateState.CURRENT) == ["storm", "current"]
    assert by_state == {state: [state.value] for state in by_state}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param({"text": "MOMBASA"}, ["storm"], id="part of a headline, in any case"),
        pytest.param({"text": "urren"}, ["current"], id="part of an id"),
        pytest.param({"region": "Kenya"}, ["storm"], id="a region by name"),
        pytest.param({"region": "Africa"}, ["storm"], id="a region around it"),
        pytest.param({"tag": "storm"}, ["storm"], id="a tag"),
        pytest.param({"severity": Severity.SEVERE}, ["expired"], id="a severity"),
        pytest.param({"text": "nothing of the kind"}, [], id="nothing"),
        pytest.param({"text": "a", "region": "KE", "tag": "negotiations"}, [], id="all of it must hold"),
    ],
)
def test_an_update_is_found_by_what_is_remembered(
    busy: Services, by: dict[str, object], expected: list[str]
) -> None:
    assert found(busy, **by) == expected


def test_since_asks_for_the_latest_revision_and_what_is_held_is_always_there(busy: Services) -> None:
    client, long_ago = busy.server.client, busy.server.now_ms() - 10 * 24 * 3_600_000
    updates = busy.server.keys("updates")
    client.zadd(updates, dict.fromkeys(client.zrange(updates, 0, -1), long_ago))
    for update in ("storm", "held"):
        client.hset(busy.server.keys("update", update), "a:1", long_ago)
    assert "storm" not in found(busy, since="24h")
    assert {"current", "held", "closed"} <= set(found(busy, since="24h"))
    assert "storm" in found(busy, since="11d")
    with pytest.raises(BadInput):
        found(busy, since="tomorrow")
    with pytest.raises(UnknownRegion):
        found(busy, region="Atlantis")


def test_pages_meet_and_their_total_is_that_of_all(busy: Services) -> None:
    whole = found(busy)
    pages, after = [], ""
    while True:
        page = list_updates(busy, OPERATOR, most=3, after=after)
        assert page.total == len(whole)
        pages += [one.history.update for one in page.updates]
        if page.next is None:
            break
        after = page.next
    assert pages == whole
    with pytest.raises(NotFound):
        list_updates(busy, OPERATOR, after="nothing")


def test_each_revision_says_what_changed_who_did_it_and_how_many_were_sent_it(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "T1/C1", "UA")
    tell(services, draft())
    tell(services, draft(severity=Severity.SEVERE))
    steps.publish(services, draft(body="Too early."), services.server.now_ms() + 3_600_000)
    close(services, OPERATOR, "ua-talks", "They signed.")
    walk(services)
    details = show_update(services, OPERATOR, "ua-talks")
    first, second, third, fourth = details.revisions
    assert (first.changed, first.who, first.sent) == ((), "", {Channel("email"): 1, Channel("slack"): 1})
    assert second.changed == ("Severity rose: Moderate → Severe",)
    assert (third.state, third.why, third.sent) == ("taken back", "the situation is over", {})
    assert (fourth.revision.kind, fourth.who, fourth.door) == (Kind.CANCEL, "olga", "test")
    assert fourth.to_dict()["sent"] == 2
    assert details.summary.state is UpdateState.CLOSED
    with pytest.raises(NotFound):
        show_update(services, OPERATOR, "nothing")
