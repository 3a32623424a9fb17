"""People want less, or nothing, or all of it again, in Chromium: by the links of an email."""

import pytest
from house import OPERATOR, draft, tell
from mailroom import Mailroom
from visitor import Visitor

from alerts.model import Channel, Filter, Subscription
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

ANNA, EMAIL = "anna@example.org", Channel("email")


@pytest.fixture
def mailed(services: Services, mailroom: Mailroom) -> Mailroom:
    """What Anna was sent for two of her lists at once; she has a third."""
    wanted = (("UA", "Ukraine"), ("RU", "Russia"), ("PL", "Poland"))
    subscribers.add(
        services, OPERATOR, ANNA, tuple(Subscription(Filter((code,)), name=name) for code, name in wanted)
    )
    tell(services, draft("ua-talks", regions=("UA", "RU")))
    return mailroom


@pytest.mark.pages("unsubscribe", "paused", "resumed", "unsubscribed", "resubscribed", "unavailable")
def test_who_wants_nothing_says_so_and_takes_it_back(
    visitor: Visitor, services: Services, mailed: Mailroom
) -> None:
    manage = mailed.link(ANNA, "u")
    visitor.open(manage, "Manage or unsubscribe")
    visitor.press("Pause for a week", "Paused for a week")
    visitor.press("Undo", "You get alerts again")
    visitor.open(manage, "Manage or unsubscribe")
    services.server.client.config_set("min-replicas-to-write", 1)
    try:
        visitor.press("Unsubscribe", "Not possible right now")
    finally:
        services.server.client.config_set("min-replicas-to-write", 0)
    visitor.open(manage, "Manage or unsubscribe")
    visitor.press("Unsubscribe", "You are unsubscribed")
    assert services.suppressions.find(EMAIL, [ANNA])
    visitor.press("Undo", "You are subscribed again")
    assert not services.suppressions.find(EMAIL, [ANNA])


@pytest.mark.pages("leave", "list_left", "list_back", "unsubscribe")
def test_who_is_on_several_lists_leaves_one(visitor: Visitor, services: Services, mailed: Mailroom) -> None:
    leave = mailed.link(ANNA, "l")
    leaving = visitor.said("Leave <bdi>%(name)s</bdi>", name="Ukraine")
    visitor.open(leave, "Leave a list?")
    visitor.press(leaving, "You have left a list")
    assert [s.name for s in find(services, ANNA).subscriptions] == ["Russia", "Poland"]
    visitor.press("Undo", "You are on the list again")
    visitor.open(leave, "Leave a list?")
    visitor.press(leaving, "You have left a list")
    visitor.open(leave, "Leave a list?")
    assert visitor.said("Nothing has changed yet.") not in visitor.text, "they have left one"
    visitor.press("Undo", "You are on the list again")
    assert {s.name for s in find(services, ANNA).subscriptions} == {"Russia", "Poland", "Ukraine"}
    visitor.open(leave, "Leave a list?")
    visitor.click(visitor.page.locator("main a"), "Manage or unsubscribe")
