"""People see and change what they get in Chromium: by typing, on the map, and by keyboard alone."""

import json
from pathlib import Path

import pytest
from house import draft, subscribe, tell
from mailroom import Mailroom
from visitor import Visitor

from alerts.model import Channel, Standing
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services

ANNA, EMAIL = "anna@example.org", Channel("email")
TALKS = "Talks go on between Russia and Ukraine"


@pytest.fixture
def anna(visitor: Visitor, services: Services, mailroom: Mailroom) -> Visitor:
    """Anna, who gets what concerns Ukraine, was sent something, and has come in."""
    person = subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft("ua-talks", regions=("UA",)))
    visitor.come_in(begin(services, person))
    return visitor


@pytest.mark.pages("own", "subscription")
def test_what_one_gets_is_chosen_by_typing(anna: Visitor, services: Services) -> None:
    anna.open("/me", "Your alerts")
    anna.enter("Add a subscription", "Add a subscription")
    anna.enter("Add it", "Add a subscription")
    anna.type("Look for a place", "Polan")
    anna.enter("Find", "Add a subscription")
    anna.tick(anna.place("PL", "Poland"))
    anna.enter("Preview", "Add a subscription")
    anna.enter("Add it", "Your alerts")
    assert [s.name for s in find(services, ANNA).subscriptions] == ["Ukraine", "Poland"]
    anna.enter("Undo: get only what you got before", "Your alerts")
    assert [s.name for s in find(services, ANNA).subscriptions] == ["Ukraine"]


@pytest.mark.pages("own", "places", "subscription")
def test_what_one_gets_is_chosen_on_a_map(anna: Visitor, services: Services) -> None:
    """By mouse, and back; then by keyboard."""
    anna.open("/me", "Your alerts")
    anna.follow("Add a subscription", "Add a subscription")
    anna.press("Choose on a map, or from a list", "Choose places")
    anna.click(anna.page.locator("#in-150 .deeper"), "Choose places")
    poland = anna.page.locator("#map").get_by_role("link", name=anna.place("PL", "Poland"))
    anna.click(poland.locator("path"), "Choose places")
    assert poland.get_attribute("aria-current") == "true"
    anna.enter_at(poland, "Choose places")
    assert poland.get_attribute("aria-current") is None
    anna.enter_at(poland, "Choose places")
    anna.follow("Done", "Add a subscription")
    anna.press("Add it", "Your alerts")
    anna.press("End: Poland", "Your alerts")
    anna.press("Get it again: Poland", "Your alerts")
    assert [s.name for s in find(services, ANNA).subscriptions] == ["Ukraine", "Poland"]


@pytest.mark.pages("unsubscribe", "link_mailed", "come_in", "own", "gone_out", "outside")
def test_the_link_of_an_email_leads_in_and_one_pauses_and_goes_by_keyboard_alone(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft("ua-talks", regions=("UA",)))
    visitor.open(mailroom.link(ANNA, "u"), "Manage or unsubscribe")
    visitor.enter("Send me a link", "Check your email")
    visitor.open(mailroom.link(ANNA, "come-in"), "See and change your alerts")
    visitor.enter("Open my page", "Your alerts")
    visitor.tab_to("Until")
    visitor.enter("Pause", "Your alerts")
    assert find(services, ANNA).standing is Standing.PAUSED
    visitor.enter("Get alerts again", "Your alerts")
    assert find(services, ANNA).standing is Standing.ACTIVE
    visitor.enter("Sign out on this device", "You are signed out")
    visitor.open("/me", "Please open your page again")


@pytest.mark.pages("own", "history", "message", "erased", "outside")
def test_one_looks_back_mutes_and_is_forgotten_by_keyboard_alone(anna: Visitor, services: Services) -> None:
    anna.open("/me", "Your alerts")
    anna.enter("What you were sent", "What you were sent")
    anna.enter(f"Mute: {TALKS}", "What you were sent")
    told = anna.said("You will hear no more about %(situation)s unless it gets worse.", situation="|")
    assert all(part in anna.text for part in told.split("|"))
    anna.enter("Read it", "A message you were sent")
    anna.open("/me", "Your alerts")
    anna.enter(f"Unmute: {TALKS}", "Your alerts")
    with anna.page.expect_download() as kept:
        anna.tab_to("Download it all")
        anna.page.keyboard.press("Enter")
    assert json.loads(Path(kept.value.path()).read_text("utf-8"))["address"] == ANNA
    anna.type("Or type your address to have it all deleted. This cannot be undone.", "bob@example.org")
    anna.enter("Delete everything about me", "Your alerts")
    fault = anna.page.get_by_role("alert")
    fault.get_by_role("link").press("Enter")
    assert anna.page.locator(":focus").get_attribute("aria-describedby") == fault.get_attribute("id")
    anna.type("Or type your address to have it all deleted. This cannot be undone.", ANNA)
    anna.enter("Delete everything about me", "Your data has been deleted")
    assert services.subscribers.find(EMAIL, ANNA) is None
    anna.open("/me", "Please open your page again")
