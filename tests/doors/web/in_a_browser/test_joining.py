"""People join in Chromium: by keyboard alone, and not where they cannot have more."""

import io

import pytest
from house import OPERATOR
from mailroom import Mailroom
from visitor import Visitor

from alerts.model import Channel, Filter, Severity, Subscription
from alerts.operations import Import, Inviting, Requested
from alerts.operations.lists.rows import Form, as_table, rows_of
from alerts.operations.people.joining import ask_to_join
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.requested import SUBSCRIPTIONS_MOST
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

ANNA, EMAIL = "anna@example.org", Channel("email")


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


@pytest.mark.pages("join", "join_asked", "join_confirm", "joined", "own")
def test_who_is_invited_joins_by_keyboard_alone(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    rows = as_table(rows_of([ANNA], Requested(("UA",))), Form.JSONL)
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO("".join(rows).encode()), silent, silent)
    Inviting(services, OPERATOR, coming).write(silent)
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    visitor.open("/join", "Get alerts by email")
    visitor.type("Your email address", ANNA)
    visitor.type("Places", "Ukrane")
    visitor.tab_to("Minimum severity")
    for key in ("End", "ArrowUp"):
        visitor.page.keyboard.press(key)
    visitor.enter("Send me a link", "Get alerts by email")
    assert visitor.said("No region is called “%(name)s”.", name="Ukrane") in visitor.text
    visitor.type("Places", "Ukraine; Moldova")
    visitor.enter("Send me a link", "Check your email")
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    assert services.subscribers.find(EMAIL, ANNA) is None
    visitor.enter("Yes, send them to me", "You are subscribed")
    visitor.enter("See and change what you get", "Your alerts")
    [wanted] = find(services, ANNA).subscriptions
    assert (wanted.filter.regions, wanted.filter.min_severity) == (("MD", "UA"), Severity.SEVERE)


@pytest.mark.pages("join_confirm", "prevented")
def test_who_can_have_no_more_is_told_so(visitor: Visitor, services: Services, mailroom: Mailroom) -> None:
    held = tuple(Subscription(Filter(("UA",), (f"tag-{n}",)), name=f"{n}") for n in range(SUBSCRIPTIONS_MOST))
    subscribers.add(services, OPERATOR, ANNA, held)
    services.settings = services.settings.model_copy(update={"join": "open"})
    ask_to_join(services, ANNA, Requested(("PL",)), "UTC", visitor.locale.tag)
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    visitor.press("Yes, send them to me", "That is not possible")
