"""Chromium goes every way that people go, on a phone and at a desk; axe finds nothing wrong on any page."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe is not installed")

from doors import Door, opened
from house import OPERATOR, draft, subscribe, tell
from mailroom import Mailroom
from playwright.sync_api import Browser
from visitor import Visitor, chromium, visiting

from alerts.model import Channel, Filter, Severity, Standing, Subscription
from alerts.operations import Import, Inviting, Requested
from alerts.operations.lists.rows import Form, as_table, rows_of
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services
from alerts.settings import Settings

ANNA, EMAIL = "anna@example.org", Channel("email")
#: Each width and each language once; `make soak` has each with each.
SCREENS = [(320, "en-GB"), (1280, "ar"), (320, "ar"), (1280, "en-GB")]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'


@pytest.fixture(scope="module")
def site(bundled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A door of an organisation with all that can be set of its looks."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "logo.svg").write_text(SVG)
    looks = {
        "ALERTS_ORGANISATION": "Relief Desk, Example Organisation",
        "ALERTS_LOGO": str(folder / "logo.svg"),
        "ALERTS_IMPRINT_URL": "https://example.org/imprint",
        "ALERTS_PRIVACY_URL": "https://example.org/privacy",
    }
    lets = {"ALERTS_JOIN": "invited", "ALERTS_PUBLIC": "open"}
    with opened(folder, ALERTS_HOME=str(bundled.home), **lets, **looks) as ready:
        yield ready


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as ready:
        yield ready


@pytest.fixture(params=SCREENS if os.environ.get("ALERTS_TEST_DICE") else SCREENS[:2], ids=str)
def visitor(request: pytest.FixtureRequest, browser: Browser, site: Door) -> Iterator[Visitor]:
    width, language = request.param
    with visiting(browser, site.url.replace("127.0.0.1", "localhost"), width, language) as somebody:
        yield somebody


@pytest.fixture
def mailroom(services: Services, tmp_path: Path) -> Mailroom:
    services.settings = services.settings.model_copy(update={"join": "invited", "public": "open"})
    return Mailroom(services, tmp_path)


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


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
    visitor.tab_to("How severe at least")
    for key in ("End", "ArrowUp"):
        visitor.page.keyboard.press(key)
    visitor.enter("Mail me a link", "Get alerts by email")
    assert "No region is called “Ukrane”" in visitor.text
    visitor.type("Places", "Ukraine; Moldova")
    visitor.enter("Mail me a link", "Look into your mail")
    visitor.open(mailroom.link(ANNA, "join"), "Do you want these alerts?")
    assert services.subscribers.find(EMAIL, ANNA) is None
    visitor.enter("Yes, send them to me", "You get alerts")
    visitor.enter("See and change what you get", "Your alerts")
    [wanted] = find(services, ANNA).subscriptions
    assert (wanted.filter.regions, wanted.filter.min_severity) == (("MD", "UA"), Severity.SEVERE)


def test_the_link_in_an_email_leads_to_all_that_one_can_change(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft("ua-talks", regions=("UA",)))
    visitor.open(mailroom.link(ANNA, "u"), "Manage or unsubscribe")
    visitor.press("Mail me a link", "Look into your mail")
    visitor.open(mailroom.link(ANNA, "come-in"), "See and change your alerts")
    visitor.press("Open my page", "Your alerts")
    visitor.follow("Add a subscription", "Add a subscription")
    poland = visitor.place("PL", "Poland")
    visitor.type("Look for a place", "Polan")
    visitor.enter("Find", "Add a subscription")
    visitor.tick(poland)
    visitor.enter("Preview", "Add a subscription")
    visitor.enter("Add it", "Your alerts")
    visitor.press("Undo", "Your alerts")
    choose_by_map(visitor)
    visitor.press("End: Poland", "Your alerts")
    visitor.press("Get it again: Poland", "Your alerts")
    visitor.press("Pause", "Your alerts")
    assert find(services, ANNA).standing is Standing.PAUSED
    visitor.press("Get alerts again", "Your alerts")
    visitor.follow("What you were sent", "What you were sent")
    visitor.press("Mute: Talks go on between Russia and Ukraine", "What you were sent")
    told = visitor.said("You hear no more of %(situation)s, unless it gets worse.", situation="|")
    assert all(part in visitor.text for part in told.split("|"))
    visitor.follow("Read it", "A message you were sent")
    visitor.open("/me", "Your alerts")
    visitor.press("Hear of it again: Talks go on between Russia and Ukraine", "Your alerts")
    with visitor.page.expect_download() as kept:
        visitor.page.get_by_role("link", name=visitor.said("Download it all")).click()
    assert json.loads(Path(kept.value.path()).read_text("utf-8"))["address"] == ANNA
    deleting = visitor.said("Or type your address to have it deleted; nothing brings it back")
    visitor.page.get_by_label(deleting).fill(ANNA)
    visitor.press("Delete all about me", "You are forgotten")
    assert services.subscribers.find(EMAIL, ANNA) is None
    visitor.open("/me", "Please come in again")


def choose_by_map(visitor: Visitor) -> None:
    """Add Poland: with the mouse on the map, and back, then by keyboard."""
    visitor.follow("Add a subscription", "Add a subscription")
    visitor.press("Choose on a map, or from a list", "Choose places")
    visitor.page.locator("#in-150 .deeper").click()
    visitor.look("Choose places")
    country = visitor.page.locator("#map").get_by_role("link", name=visitor.place("PL", "Poland"))
    country.locator("path").click()
    visitor.look("Choose places")
    assert country.get_attribute("aria-current") == "true"
    country.press("Enter")
    visitor.look("Choose places")
    assert country.get_attribute("aria-current") is None
    country.press("Enter")
    visitor.look("Choose places")
    visitor.follow("Done", "Add a subscription")
    visitor.press("Add it", "Your alerts")


def test_who_wants_less_or_nothing_says_so_and_takes_it_back(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    wanted = (Subscription(Filter(("UA",)), name="Ukraine"), Subscription(Filter(("PL",)), name="Poland"))
    subscribers.add(services, OPERATOR, ANNA, wanted)
    tell(services, draft("ua-talks", regions=("UA",)))
    manage, leave = mailroom.link(ANNA, "u"), mailroom.link(ANNA, "l")
    visitor.open(manage, "Manage or unsubscribe")
    visitor.press("Pause for a week", "Paused for a week")
    visitor.press("Undo", "You get alerts again")
    visitor.open(manage, "Manage or unsubscribe")
    visitor.press("Unsubscribe", "You are unsubscribed")
    visitor.press("Undo", "You are subscribed again")
    visitor.open(leave, "Leave a list?")
    leaving = visitor.said("Leave <bdi>%(name)s</bdi>", name="Ukraine")
    visitor.press(leaving, "You have left a list")
    visitor.press("Undo", "You are on the list again")
    assert not services.suppressions.find(EMAIL, [ANNA])


def test_what_can_be_read_is_read_by_whoever_sees_it_or_not(
    visitor: Visitor, services: Services, mailroom: Mailroom
) -> None:
    subscribe(services, ANNA, "UA", name="Ukraine")
    tell(services, draft("ua-talks", regions=("UA",), body="They met, *again*:\n\n- here\n- there\n"))
    visitor.open(mailroom.link(ANNA, "r"), "Talks go on between Russia and Ukraine")
    visitor.open(mailroom.link(ANNA, "s"), "Talks go on between Russia and Ukraine")
    visitor.open("/", "Situation updates")
    visitor.open("/nowhere", "This link does not work")
