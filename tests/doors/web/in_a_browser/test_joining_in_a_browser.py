"""People join in Chromium: by keyboard alone, and not where they cannot have more."""

import pytest
from house import OPERATOR
from invited import invite
from mailroom import Mailroom
from playwright.sync_api import Browser, expect
from visitor import Visitor

from alerts.model import Channel, Filter, Severity, Subscription
from alerts.operations import Requested
from alerts.operations.people.joining import ask_to_join, read_to_join
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.requested import SUBSCRIPTIONS_MOST
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

ANNA, EMAIL = "anna@example.org", Channel("email")


@pytest.mark.pages("opt_out", "opted_in", "join", "join_asked", "join_confirm", "joined", "own")
def test_who_is_invited_joins_by_keyboard_alone(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    invite(services, ANNA)
    visitor.open(mailroom.link(ANNA, "n"), "Do not invite me again")
    visitor.enter("Do not invite me again", "You will not be invited again")
    visitor.enter("Undo: I may be emailed again", "You may be emailed again")
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    visitor.open("/join", "Get alerts by email")
    visitor.type("Look for a place", "Moldova; Ukrane")
    visitor.type("Your email address", ANNA)
    visitor.enter("Send me a link", "Get alerts by email")
    assert "Ukrane" in visitor.page.locator("#faults").inner_text()
    visitor.tick(visitor.place("UA", "Ukraine"))
    visitor.tab_to("More choices: map, topics, how often and when")
    visitor.page.keyboard.press("Enter")
    visitor.look("Get alerts by email")
    visitor.tab_to("Minimum severity")
    for key in ("End", "ArrowUp"):
        visitor.page.keyboard.press(key)
    visitor.enter("Send me a link", "Check your email")
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    assert services.subscribers.find(EMAIL, ANNA) is None
    visitor.enter("Yes, send them to me", "You are subscribed")
    visitor.enter("See and change what you get", "Your alerts")
    [wanted] = find(services, ANNA).subscriptions
    assert (wanted.filter.regions, wanted.filter.min_severity) == (("MD", "UA"), Severity.SEVERE)


def test_what_is_typed_is_found_and_the_device_says_where_it_is(
    browser: Browser, services: Services, mailroom: Mailroom
) -> None:
    """By scripts: how many places are found is said to who does not see them, and no address goes with it."""
    asked = list[str]()
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{services.settings.public_url}/join")
        expect(page.locator("#zone")).to_have_value("Asia/Tokyo")
        expect(page.locator("#zone-now")).to_contain_text(
            "08:00 in Tokyo, which is 23:00 UTC the day before."
        )
        page.locator("#address").fill(ANNA)
        page.locator("#q").press_sequentially("kyi")
        expect(page.locator("#found")).to_have_text("2 places found")
        page.locator("summary").first.click()
        page.locator("#hour").fill("09:30")
        page.locator("#zone").fill("Europe/Kyiv")
        page.keyboard.press("Tab")
        expect(page.locator("#zone-now")).to_contain_text("09:30 in Kyiv, which is")
        expect(page.get_by_role("button", name="Use this device’s time zone")).to_be_visible()
        assert page.locator("#address").input_value() == ANNA
        assert not [url for url in asked if "@" in url or "%40" in url or "address" in url]
    finally:
        context.close()


@pytest.mark.pages("join_confirm", "prevented")
def test_who_can_have_no_more_is_told_so(visitor: Visitor, services: Services, mailroom: Mailroom) -> None:
    held = tuple(Subscription(Filter(("UA",), (f"tag-{n}",)), name=f"{n}") for n in range(SUBSCRIPTIONS_MOST))
    subscribers.add(services, OPERATOR, ANNA, held)
    services.settings = services.settings.model_copy(update={"join": "open"})
    ask_to_join(services, read_to_join(services, ANNA, Requested(("PL",)), "UTC", visitor.locale.tag))
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    visitor.press("Yes, send them to me", "That is not possible")
