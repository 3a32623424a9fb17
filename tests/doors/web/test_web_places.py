"""Places are chosen on a map or from a list, by links alone: what else is typed goes with each of them."""

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from house import OPERATOR
from inside import Inside

from alerts.doors.web.scripts import SCRIPTS
from alerts.model import Filter, Subscription
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services, connect
from alerts.settings import Settings

ANNA = "anna@example.org"
MAP = "/me/subscriptions/new/map?rhythm=daily&hour=07%3A30&tag=conflict&name=Mine"


@pytest.fixture
def services(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None}))
    ready.server.client.flushall()
    subscribers.add(ready, OPERATOR, ANNA, [Subscription(Filter(("UA",)), name="Ukraine")])
    yield ready
    ready.close()


class Opened:
    """The pages of Anna, followed by links."""

    def __init__(self, services: Services) -> None:
        self._inside = Inside(services)
        self._cookie = {"Cookie": f"__Host-alerts={begin(services, find(services, ANNA))}"}
        self.at, self.text = "", ""

    def open(self, path: str) -> None:
        self.at = path.partition("#")[0]
        answer = self._inside.ask(self.at, headers=self._cookie)
        assert answer.status == 200, self.at
        self.text = answer.text

    def follow(self, link: str) -> None:
        """Follow the link whose tag has this in it."""
        [found] = re.findall(rf"<a[^>]*{link}[^>]*>", self.text)
        [there] = re.findall(r'href="([^"]*)"', found)
        self.open(urljoin(self.at, html.unescape(there)))

    @property
    def typed(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.at).query)


def test_a_country_is_chosen_on_the_map_and_given_up_again(services: Services) -> None:
    before = find(services, ANNA)
    pages = Opened(services)
    pages.open(MAP)
    pages.follow('id="on-UA"')
    pages.follow('id="on-ML"')
    assert pages.typed["region"] == ["UA", "ML"]
    assert re.search(r'<a id="on-ML"[^>]* class="chosen" aria-current="true" aria-label="Mali"', pages.text)
    pages.follow('id="on-UA"')
    pages.follow('href="../new')
    kept = {"rhythm": ["daily"], "hour": ["07:30"], "tag": ["conflict"], "name": ["Mine"], "region": ["ML"]}
    assert kept.items() <= pages.typed.items()
    assert re.search(r'name="region" value="ML" checked', pages.text)
    assert find(services, ANNA) == before  # looking changes nothing


def test_the_list_has_all_that_the_map_has_and_what_is_too_small_for_it(services: Services) -> None:
    """From the world to a part of it, to a country, to a part of that: each by a link that says its name."""
    pages = Opened(services)
    pages.open(MAP)
    for inside in ("150", "151", "UA"):
        pages.follow(f'class="deeper" href="[^"]*within={inside}#')
        on_map = set(re.findall(r'<a id="on-([A-Z]{2})"', pages.text))
        listed = set(re.findall(r'<li id="in-([^"]+)"', pages.text))
        assert on_map <= listed
    assert {"UA", "UA-30", "UA-46"} <= listed
    pages.open(pages.at.replace("within=UA", "within=150"))
    assert {"VA", "MC", "AX"} <= set(re.findall(r'<li id="in-([^"]+)"', pages.text))
    names = re.findall(r'<a id="on-\w+"[^>]* aria-label="([^"]+)"><title>([^<]+)</title>', pages.text)
    assert len(names) > 40
    assert all(said == shown for said, shown in names)


def test_a_place_that_is_none_is_not_found(services: Services) -> None:
    answer = Inside(services).ask("/me/subscriptions/new/map")
    assert answer.status == 403
    pages = Opened(services)
    with pytest.raises(AssertionError):
        pages.open("/me/subscriptions/new/map?within=XX")


def test_nothing_is_loaded_from_anybody_and_pages_load_what_they_say(services: Services) -> None:
    """Every address on the page is ours; each script is there, and its page admits it and no other."""
    pages = Opened(services)
    pages.open("/me/subscriptions/new")
    policy = pages._inside.ask(pages.at, headers=pages._cookie).headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|\son[a-z]+=|javascript:| style=", pages.text)
    sources = re.findall(r'<script src="([^"]+)"', pages.text)
    assert {source.rpartition("/")[2] for source in sources} == set(SCRIPTS)
    for source in sources:
        script = pages._inside.ask(urljoin(pages.at, source))
        assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
        again = pages._inside.ask(
            urljoin(pages.at, source), headers={"If-None-Match": script.headers["ETag"]}
        )
        assert (again.status, again.text) == (304, "")
    assert not re.search(r"https?://(?!www\.w3\.org)", pages.text)
    assert pages._inside.ask("/scripts/htmx-LICENSE.txt").status == 404
    assert pages._inside.ask("/scripts/..%2fscripts.py").status == 404
    plain = pages._inside.ask("/me", headers=pages._cookie).headers["Content-Security-Policy"]
    assert "script" not in plain
