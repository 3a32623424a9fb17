"""What is wrong with a page, as it is shown: axe says it, and what axe does not look at is measured."""

from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page
from screens import HEIGHT, LIVELY, WIDTHS, Screen
from thorough import THOROUGH

#: What axe looks for: WCAG 2.2 AA, and what its authors find good besides.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What of it depends on colours: all else is the same in the dark.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
_INSPECTIONS = Path(__file__).with_name("inspections.js").read_text("utf-8")
_RUN = """options => axe.run(document, {...options, resultTypes: ["violations"]}).then(
    found => found.violations.map(one => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`))"""
_ALL_BUT_COLOURS = {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in OF_COLOURS}}


class Facts(NamedTuple):
    """What a page says of itself."""

    heading: str
    headings: int
    title: str
    language: str
    direction: str
    template: str  #: as the door has named it
    scripts: int
    refused: bool  #: whether something was wrong with what was sent
    kinds: list[str]  #: of its elements


class Inspector:
    """Looks at each page once: what else is of its template and kinds of elements differs in its data."""

    def __init__(self) -> None:
        self._measured = dict[tuple[Screen, str], set[str]]()
        self._asked_axe = dict[str, set[str]]()

    def facts(self, page: Page) -> Facts:
        if not page.evaluate("() => globalThis.inspections !== undefined"):
            page.evaluate(_INSPECTIONS)
        return Facts(**page.evaluate("() => inspections.facts()"))

    def faults(self, page: Page, facts: Facts, screen: Screen) -> list[str]:
        """What is wrong with what is shown now, in the light, in the dark, and on paper."""
        found = []
        if facts.scripts and facts.template not in {*LIVELY, ""}:  # some doors do not name their pages
            found += [f"it has scripts, and no path leads to it without: {facts.template}"]
        if _news(self._measured.setdefault((screen, facts.template), set()), facts.kinds):
            found += self._measure(page, screen)
        # To axe, a page is the same on each screen; `make soak` does not take that for granted.
        at = f"{screen} {facts.template}" if THOROUGH else facts.template
        if screen.scripts and _news(self._asked_axe.setdefault(at, set()), facts.kinds):
            found += self._ask_axe(page)
        return found

    def _measure(self, page: Page, screen: Screen) -> list[str]:
        found = _inspected(page, "focused")
        for width in sorted(WIDTHS, key=screen.width.__eq__):  # their own at last
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found += [f"at {width} px, {fault}" for fault in _inspected(page, "fits", "touched", "broken")]
        page.emulate_media(media="print", color_scheme="dark")
        found += _inspected(page, "printed")
        page.emulate_media(media="screen", color_scheme="light")
        return found

    def _ask_axe(self, page: Page) -> list[str]:
        page.evaluate(_AXE)
        found: list[str] = page.evaluate(_RUN, _ALL_BUT_COLOURS) if THOROUGH else []
        page.evaluate("() => inspections.thin()")
        found += page.evaluate(_RUN, _ALL_BUT_COLOURS)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}: {fault}" for fault in page.evaluate(_RUN, {"runOnly": OF_COLOURS})]
        page.evaluate("() => inspections.whole()")
        return found


def _news(known: set[str], kinds: list[str]) -> bool:
    """Whether there is a kind that was not known, which it is then."""
    before = len(known)
    known.update(kinds)
    return len(known) > before


def _inspected(page: Page, *names: str) -> list[str]:
    found: list[Any] = page.evaluate("names => names.flatMap(name => inspections[name]())", list(names))
    return [str(fault) for fault in found]
