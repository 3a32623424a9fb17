"""A subscription is changed in place: what is not named stays, and what it newly covers is caught up on."""

import pytest
from house import OPERATOR

from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import Step, Subscriber
from alerts.operations import Requested, SubscriptionChange
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscribers import add
from alerts.operations.subscribing.subscriptions import change_subscription, reader, subscribe, written
from alerts.services import Services

ANN = "ann@example.org"
WHOLE = Requested(
    ("UA", "PL"),
    ("flood",),
    ("conflict",),
    ("sport",),
    "severe",
    "weekly mon,thu 08:00",
    "22:00-07:00",
    "extreme",
    "5",
    "yes",
    "Mine",
)


def having(services: Services, *asked: Requested) -> Subscriber:
    reading = reader(services, new_tags=True)
    return add(services, OPERATOR, ANN, [reading.read(one) for one in asked])


def changed(services: Services, called: str, /, **changes: object) -> Subscriber:
    change = SubscriptionChange(**changes)  # type: ignore[arg-type]
    return change_subscription(services, OPERATOR, ANN, called, change, new_tags=True)


def test_a_subscription_is_written_in_words_that_are_read_back_to_it(services: Services) -> None:
    [held] = having(services, WHOLE).subscriptions
    assert reader(services, new_tags=True).read(written(held)) == held


@pytest.mark.parametrize(
    ("changes", "part", "value"),
    [
        ({"regions": ("Moldova",)}, "regions", ("MD",)),
        ({"tags": ("strike", "flood")}, "tags", ("flood", "strike")),
        ({"tags": ("",)}, "tags", ()),
        ({"all_tags": ("",)}, "all_tags", ()),
        ({"none_tags": ("strike",)}, "none_tags", ("strike",)),
        ({"min_severity": ""}, "min_severity", ""),
        ({"cadence": "daily 9:00"}, "cadence", "daily 09:00"),
        ({"quiet_hours": ""}, "quiet_hours", ""),
        ({"bypass": ""}, "bypass", ""),
        ({"daily_cap": "7"}, "daily_cap", "7"),
        ({"all_quiet": "no"}, "all_quiet", ""),
        ({"name": "Ours"}, "name", "Ours"),
    ],
)
def test_each_part_is_changed_alone(
    services: Services, changes: dict[str, object], part: str, value: object
) -> None:
    [before] = having(services, WHOLE).subscriptions
    [after] = changed(services, " mine ", **changes).subscriptions
    was, now = written(before), written(after)
    assert getattr(now, part) == value
    for other in set(Requested.__slots__) - {part}:
        assert getattr(now, other) == getattr(was, other)


def test_the_others_stay_and_a_gap_is_caught_up_on(services: Services) -> None:
    """Removing and adding again left a moment without the subscription, and needed all its words anew."""
    having(services, Requested(("UA",), name="First"), Requested(("PL",), name="Second"))
    changed(services, "First", regions=("MD",))
    held = {s.name: s.filter.regions for s in find(services, ANN).subscriptions}
    assert held == {"First": ("MD",), "Second": ("PL",)}
    assert [owed.work.step for owed in services.due.owed()] == [Step.CATCH_UP]


def test_a_name_that_nobody_chose_follows_what_it_describes(services: Services) -> None:
    having(services, Requested(("UA",)))
    assert [s.name for s in changed(services, "Ukraine", regions=("PL",)).subscriptions] == ["Poland"]


def test_what_asks_for_the_same_as_another_is_refused_and_nothing_changes(services: Services) -> None:
    before = having(services, Requested(("UA",)), Requested(("PL",)))
    with pytest.raises(Conflict, match="asks for the same"):
        changed(services, "Poland", regions=("UA",))
    with pytest.raises(Conflict, match="already"):
        changed(services, "Poland", name="ukraine")
    assert find(services, ANN) == before


def test_what_cannot_stand_together_is_refused(services: Services) -> None:
    having(services, WHOLE)
    with pytest.raises(BadInput, match="All quiet"):
        changed(services, "Mine", cadence="immediate")
    with pytest.raises(NotFound, match="Mina") as unknown:
        changed(services, "Mina", cadence="hourly")
    assert "Mine" in unknown.value.hint


def test_the_audit_has_what_changed_and_no_more(services: Services) -> None:
    having(services, Requested(("UA",)))
    subscribe(services, OPERATOR, ANN, reader(services).read(Requested(("PL",))))
    changed(services, "Poland", cadence="hourly")
    changed(services, "Poland", cadence="hourly")
    latest, added, first = services.audit.entries()
    assert (first.action, added.action, latest.action) == (
        "subscriber.add",
        "subscription.add",
        "subscription.set",
    )
    assert set(latest.before) == set(latest.after) == {"subscriptions"}
    assert "hourly" in latest.after["subscriptions"]["Poland"]
