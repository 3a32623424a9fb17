"""Pictures of what people do for themselves: a door is opened, and Chromium goes through it as they do."""

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
TESTS = HOUSE / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "doors/web"), str(TESTS / "doors/web/in_a_browser")]

from doors import opened  # noqa: E402
from house import OPERATOR, draft, tell  # noqa: E402
from inspector import Inspector  # noqa: E402
from mailroom import Mailroom  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from screens import WIDTHS, Screen  # noqa: E402
from visitor import Visitor, chromium, visiting  # noqa: E402

from alerts.model import Channel, Filter, Severity, Subscription  # noqa: E402
from alerts.operations import Import, Inviting, Requested  # noqa: E402
from alerts.operations.lists.rows import Form, as_table, rows_of  # noqa: E402
from alerts.operations.people.coming_in import begin  # noqa: E402
from alerts.operations.subscribing import subscribers  # noqa: E402
from alerts.runtime import attach  # noqa: E402
from alerts.services import Services, connect  # noqa: E402
from alerts.settings import Settings  # noqa: E402

ANNA, BOB = "anna@example.org", "bob@example.org"
NEWS = (
    ("grain-corridor", "Grain corridor reopens at Izmail", Severity.MODERATE),
    ("odesa-power", "Power is out in Odesa and around it", Severity.SEVERE),
)
#: CSS pixels. What is lower than this is left out.
HEIGHT_MAX = 1400
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    '<circle cx="20" cy="20" r="18" fill="#1254a1"/>'
    '<path d="M20 9v14M20 28v3" stroke="#fff" stroke-width="4"/></svg>'
)


def take(folder: Path) -> None:
    """Write a picture of each page, at each width, light and dark."""
    with tempfile.TemporaryDirectory() as home:
        logo = Path(home) / "logo.svg"
        logo.write_text(LOGO)
        settings = Settings(home=Path(home), join="invited", timezone="Europe/Kyiv")
        looks = {
            "ALERTS_HOME": home,
            "ALERTS_JOIN": "invited",
            "ALERTS_ORGANISATION": "Relief Desk",
            "ALERTS_LOGO": str(logo),
            "ALERTS_IMPRINT_URL": "https://example.org/imprint",
            "ALERTS_PRIVACY_URL": "https://example.org/privacy",
        }
        with attach(settings), opened(Path(home), **looks) as door, chromium() as browser:
            services = connect(settings)
            mailroom = _prepared(services, Path(home) / "mails")
            site = door.url.replace("127.0.0.1", "localhost")
            for width in WIDTHS:
                for name, visitor in _pages(browser, site, width, services, mailroom):
                    for scheme in ("light", "dark"):
                        visitor.page.emulate_media(color_scheme=scheme)
                        high = visitor.page.evaluate("document.documentElement.scrollHeight")
                        clip = {"x": 0, "y": 0, "width": width, "height": min(high, HEIGHT_MAX)}
                        path = folder / f"{name}-{width}-{scheme}.png"
                        visitor.page.screenshot(path=path, clip=clip, full_page=True)
            services.close()


def _prepared(services: Services, folder: Path) -> Mailroom:
    """Anna subscribes and has had the samples; Bob is invited."""
    mailroom = Mailroom(services, folder)
    wanted = (
        Subscription(Filter(("UA", "MD")), name="Where I work"),
        Subscription(Filter(("150",), min_severity=Severity.SEVERE), name="The gravest of Europe"),
    )
    subscribers.add(services, OPERATOR, ANNA, wanted, zone="Europe/Kyiv", name="Anna Berg")
    for name, headline, severity in NEWS:
        tell(services, draft(name, headline=headline, regions=("UA",), severity=severity))
    offered = Requested(("Ukraine", "Moldova"), min_severity="moderate", cadence="daily 08:00")
    coming = Import(services, OPERATOR)
    rows = as_table(rows_of([BOB], offered, "Europe/Kyiv"), Form.JSONL)
    coming.read(io.BytesIO("".join(rows).encode()), print, lambda *_: None)
    Inviting(services, OPERATOR, coming).write(lambda *_: None)
    return mailroom


def _pages(
    browser: Browser, site: str, width: int, services: Services, mailroom: Mailroom
) -> Iterator[tuple[str, Visitor]]:
    """Each page, while somebody is there."""
    with visiting(browser, site, Screen(width, "en-GB"), Inspector()) as visitor:
        visitor.open(mailroom.link(BOB, "join"), "Do you want these alerts?")
        yield "invited", visitor
        visitor.open("/join", "Get alerts by email")
        yield "join", visitor
        visitor.open(mailroom.link(ANNA, "u"), "Manage or unsubscribe")
        yield "manage", visitor
        person = services.subscribers.find(Channel("email"), ANNA)
        assert person
        visitor.come_in(begin(services, person))
        visitor.open("/me", "Your alerts")
        yield "own", visitor
        visitor.open("/me/subscriptions/new/map", "Choose places")
        yield "places", visitor
