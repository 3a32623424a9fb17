"""Somebody at a real browser: what they see is looked at as it is shown, light and dark, at one width.

Whatever they look for is named by its English text, and looked for in the language that they read.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from shutil import which
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, sync_playwright

from alerts.locales import locale_for

#: As it is called where it is installed.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A root in a container has no sandbox; nothing is asked of anybody but the door.
OPTIONS = ("--no-sandbox", "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND")
#: What axe looks for: WCAG 2.2 AA, and what its authors find good besides.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Times that somebody presses Tab before they give up.
TABS_MOST = 80
_RUNS = "() => getComputedStyle(document.documentElement).direction"
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
#: What a page is made of: axe has said all of one of the same name and the same kinds of elements.
_KINDS = """() => [...new Set([...document.querySelectorAll("body *")].map(
    e => [e.tagName, e.className, e.type, e.ariaCurrent].join("."))
)].sort().join(" ")"""


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

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page = page
        self.locale = locale_for(language)
        self._site = site
        self._wrong: list[str] = []
        self._seen = set[str]()
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self._wrong.append(f"a script failed: {fault}"))
        page.on("request", self._asked)

    def said(self, text: str, **values: str) -> str:
        """A text as they read it; of a label and what it is of, both in their places."""
        label, colon, of = text.partition(": ")
        if colon and not values:
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
        self.page.get_by_role("button", name=self.said(button), exact=True).click()
        self.look(title)

    def follow(self, link: str, title: str) -> None:
        """Follow the link of the page that says this."""
        self.page.get_by_role("link", name=self.said(link)).first.click()
        self.look(title)

    def tab_to(self, label: str) -> Locator:
        """Press Tab until somebody is where this label says; it must be seen where they are."""
        for _ in range(TABS_MOST):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and self.said(label) in self._called(focused):
                shown = focused.evaluate("e => getComputedStyle(e).outlineStyle")
                assert shown != "none", f"nobody sees that they are at {label}"
                return focused
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

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def look(self, title: str) -> None:
        """See that it is the page that is meant, and what is wrong with it, light and dark."""
        found = self.page.locator("h1").inner_text()
        assert found == self.said(title), f"“{found}” and not “{title}”:\n{self.text}"
        assert self.page.evaluate(_RUNS) == self.locale.direction, f"{title} runs the wrong way"
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{title} is {wide} px wider than the screen"
        kinds = f"{title}: {self.page.evaluate(_KINDS)}"
        for scheme in () if kinds in self._seen else ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            answer = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
            self._wrong += [
                f"{fault['id']} ({scheme}): {fault['help']}: {fault['nodes'][0]['html'][:200]}"
                for fault in answer["violations"]
            ]
        self._seen.add(kinds)
        assert self._wrong == [], title

    def _called(self, focused: Locator) -> str:
        """What an element is called to whoever does not see it, or what stands on it."""
        return str(
            focused.evaluate(
                "e => e.getAttribute('aria-label') || [...(e.labels || [])].map(l => l.innerText).join() "
                "|| e.innerText || e.value || ''"
            )
        )

    def _said(self, message: ConsoleMessage) -> None:
        """A browser's complaints: of a policy that was broken, say. That a page is a refusal is none."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self._wrong.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._site, "data:")):
            self._wrong.append(f"it asks {request.url}")


@contextmanager
def visiting(browser: Browser, site: str, width: int, language: str) -> Iterator[Visitor]:
    """Somebody whom nobody has seen before, on a screen of this width, whose browser asks for a language."""
    screen = {"width": width, "height": 800}
    context = browser.new_context(viewport=screen, accept_downloads=True, locale=language)
    context.set_default_timeout(30_000)
    context.add_init_script(_AXE)
    try:
        yield Visitor(context.new_page(), site, language)
    finally:
        context.close()
