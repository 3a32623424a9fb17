"""Whatever can be read here is read in Chromium, by whoever sees it or not."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from clocked import at, clocked
from house import draft, subscribe, tell
from mailroom import Mailroom
from named_door import named
from screens import WIDTHS
from visitor import Visitor

from alerts.channels import read_outbox, shown
from alerts.model import Cadence, Kind, Severity
from alerts.rendering import gallery
from alerts.services import Services
from alerts.settings import Settings

ANNA, BOB = "anna@example.org", "bob@example.org"
BODY = (
    "They met, *again*:\n\n- here\n- there\n\n> So they say.\n\n| Where | When |\n|-|-|\n| Kyiv | today |\n"
)


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    """Over a server whose clock goes to the hour of a digest."""
    ready = clocked(settings, "2026-03-27T12:00Z")
    yield ready
    ready.close()


@pytest.fixture
def mailed(services: Services, mailroom: Mailroom) -> Mailroom:
    """Anna is sent each update, Bob all of them in the morning; one was corrected."""
    subscribe(services, ANNA, "UA", name="Ukraine")
    subscribe(services, BOB, "UA", "RU", name="Both", cadence=Cadence.parse("daily 08:00"))
    tell(services, draft("ua-bridge", headline="A bridge is closed", severity=Severity.SEVERE, body=BODY))
    tell(services, draft("ua-talks", body=BODY, url="https://example.org/talks"))
    tell(services, draft("ua-talks", body=BODY, kind=Kind.CORRECTION, note="Not in Istanbul, in Ankara."))
    at(services, "2026-03-28T08:00Z")
    return mailroom


@pytest.mark.pages("digest", "update", "public", "home", "not_found", "taken_down")
def test_what_a_message_told_is_read_whole(visitor: Visitor, services: Services, mailed: Mailroom) -> None:
    talks = "Talks go on between Russia and Ukraine"
    visitor.open(mailed.link(ANNA, "r"), talks)
    [digest] = {
        link for link in mailed.links(BOB) if "/r/" in link and len(urlsplit(link).path.split("/")) == 3
    }
    visitor.open(digest, visitor.locale.ngettext("%(num)s update", "%(num)s updates", 2))
    visitor.follow(talks, talks)
    visitor.open(mailed.link(ANNA, "s"), talks)
    tell(services, draft("ua-bridge", kind=Kind.CORRECTION, public=False))
    visitor.open("/s/ua-bridge", "This page was taken down")
    visitor.open("/", "Situation updates")
    visitor.open("/nowhere", "This link does not work")


@pytest.mark.pages("reference")
def test_the_api_is_read_in_one_page(visitor: Visitor, mailroom: Mailroom) -> None:
    visitor.open("/api", "The API")


@pytest.mark.pages("outbox")
def test_the_outbox_is_looked_at_without_a_door(visitor: Visitor, mailed: Mailroom) -> None:
    mails = [shown(item) for item in read_outbox(mailed.folder)]
    visitor.page.set_content(named(gallery(mails), "outbox"))
    visitor.look("Outbox")
    assert visitor.page.locator("article").first.is_visible() == (visitor.screen.width > WIDTHS[0])
