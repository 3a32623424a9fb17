"""Somebody at a real browser: whatever page they come to is looked at as it is shown, on one screen.

Whatever they look for is named by its English text, and looked for in the language that they read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from urllib.parse import urlsplit

import pytest
from inspector import Inspector
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, sync_playwright
from screens import HEIGHT, Screen

from alerts.locales import ENGLISH, locale_for

#: As it is called where it is installed.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A root in a container has no sandbox; nothing is asked of anybody but the door.
OPTIONS = ("--no-sandbox", "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND")
#: Pages for those who run this and program for it, which are in English.
OPERATORS_PAGES = {"reference", "outbox"}
#: Times that somebody presses Tab before they give up.
TABS_MOST = 80
#: What is focused: what it is called for whoever does not see it, or what is written on it.
_CALLED = """() => {
    const e = document.querySelector(":focus")
    return e?.getAttribute("aria-label") || [...(e?.labels || [])].map(l => l.innerText).join()
        || e?.innerText || e?.value || ""
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for many visitors. Skips the test where none is installed."""
    program = next(filter(None, map(which, PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed: `apt-get install chromium`.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """Opens the pages of one site, and complains of whatever is wrong with any of them."""

    def __init__(self, page: Page, site: str, screen: Screen, inspector: Inspector) -> None:
        self.page = page
        self.screen = screen
        self.locale = locale_for(screen.language)
        self.looked_at = set[str]()  #: the templates of the pages that they came to
        self._site = site
        self._inspector = inspector
        self._wrong: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self._wrong.append(f"a script failed: {fault}"))
        page.on("request", self._asked)

    def said(self, text: str, **values: str) -> str:
        """A text as they read it; of a label and what it is of, both in their places."""
        label, colon, of = text.partition(": ")
        if colon and not values and label not in ("Undo", "More choices"):
            return self.locale.gettext("%(label)s: %(text)s", label=self.said(label), text=of)
        return re.sub("<[^>]*>", "", self.locale.gettext(text, **values))

    def place(self, code: str, name: str) -> str:
        """A region as they call it."""
        return self.locale.region(code, name)

    def open(self, link: str, title: str) -> None:
        """Follow a link out of a mail, or a path, and look at what is there."""
        self.page.goto(self._site + urlsplit(link).path)
        self.look(title)

    def press(self, button: str, title: str) -> None:
        """Press the button that says this, and look at where it leads."""
        self.click(self.page.get_by_role("button", name=self.said(button), exact=True), title)

    def follow(self, link: str, title: str) -> None:
        """Follow the link of the page that says this."""
        self.click(self.page.get_by_role("link", name=self.said(link)).first, title)

    def click(self, where: Locator, title: str) -> None:
        """Go where this leads, by mouse."""
        with self.page.expect_navigation():
            where.click()
        self.look(title)

    def come_in(self, secret: str) -> None:
        """Have the session that this is the secret of."""
        self.page.context.add_cookies(
            [{"name": "__Host-alerts", "value": secret, "domain": "localhost", "path": "/", "secure": True}]
        )

    def tab_to(self, label: str) -> None:
        """Press Tab until somebody is where this label says."""
        for _ in range(TABS_MOST):
            self.page.keyboard.press("Tab")
            if self.said(label) in self.page.evaluate(_CALLED):
                return
        raise AssertionError(f"nobody comes to {label} by keyboard")

    def type(self, label: str, text: str) -> None:
        """Go to a field by keyboard and type into it, in the place of what was there."""
        self.tab_to(label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        """Go to a box by keyboard, and tick it."""
        self.tab_to(label)
        self.page.keyboard.press("Space")

    def enter(self, label: str, title: str) -> None:
        """Go to a button by keyboard, and press Enter."""
        self.tab_to(label)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look(title)

    def enter_at(self, there: Locator, title: str) -> None:
        """Press Enter at a link, wherever somebody is."""
        with self.page.expect_navigation():
            there.press("Enter")
        self.look(title)

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def look(self, title: str) -> None:
        """See that it is the page that is meant, and what is wrong with it."""
        facts = self._inspector.facts(self.page)
        self.looked_at.add(facts.template)
        locale = ENGLISH if facts.template in OPERATORS_PAGES else self.locale
        assert facts.heading == self.said(title), f"“{facts.heading}” and not “{title}”:\n{self.text}"
        assert facts.headings == 1, f"{title} has {facts.headings} headings of all of it"
        marked = facts.title.startswith(self.said("Error:"))
        assert marked == facts.refused, f"{facts.title} does not say at once whether something is wrong"
        assert (facts.language, facts.direction) == (locale.tag, locale.direction), title
        self._wrong += self._inspector.faults(self.page, facts, self.screen)
        assert self._wrong == [], f"{title}: {self._wrong}"

    def _said(self, message: ConsoleMessage) -> None:
        """A browser's complaints: of a policy that was broken, say. That a page is a refusal is none."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self._wrong.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._site, "data:")):
            self._wrong.append(f"it asks {request.url}")


@contextmanager
def visiting(browser: Browser, site: str, screen: Screen, inspector: Inspector) -> Iterator[Visitor]:
    """Somebody whom nobody has seen before, at this screen."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": HEIGHT},
        accept_downloads=True,
        locale=screen.language,
        java_script_enabled=screen.scripts,
    )
    context.set_default_timeout(30_000)
    try:
        yield Visitor(context.new_page(), site, screen, inspector)
    finally:
        context.close()
