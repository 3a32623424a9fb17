"""Feeds are what RFC 4287 and JSON Feed 1.1 say they are, whatever somebody wrote into an update."""

import json
import re
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.locales import ENGLISH
from alerts.model import Draft, Kind, Revision, Severity, Status
from alerts.rendering import Pages
from alerts.rendering.feeds import FeedAbout, FeedView, atom, feed_view, json_feed

A = "{http://www.w3.org/2005/Atom}"
HOME = "https://alerts.example.org"
ABOUT = FeedAbout(
    "Situation updates: Ukraine",
    "Risk Desk",
    HOME,
    "/feeds/atom?region=UA&tag=a",
    "inst",
    2_000,
    "Europe/Kyiv",
)
TALKS = Draft(
    "Talks & <more>",
    ("UA",),
    "ua-talks",
    key_points=("One point",),
    body="*All* of it <script>alert(1)</script>",
    tags=("conflict",),
    severity=Severity.SEVERE,
    url="https://desk.example.org/x?a=1&b=2",
)
PAGES = Pages(None, "Risk Desk <desk@example.org>")
FIRST = Revision("ua-talks", 1, TALKS, 1_000)
WRONG = Revision("ua-talks", 2, replace(TALKS, kind=Kind.CORRECTION, note="It was Kyiv."), 2_000)


def feed(*told: tuple[Revision, ...]) -> FeedView:
    return PAGES.feed(feed_view(ABOUT, told, str, ENGLISH))


BOTH = feed((FIRST, WRONG), (FIRST,))


def test_a_feed_of_atom_has_all_that_one_needs() -> None:
    """RFC 4287, 4.1.1 and 4.1.2: once an id, a title, a time and who wrote it; whole addresses."""
    root = ET.fromstring(atom(BOTH))
    assert root.tag == f"{A}feed"
    for element in (root, *root.iter(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(A + name)) == 1, name
            assert element.findtext(A + name), name
        for time in (*element.findall(f"{A}updated"), *element.findall(f"{A}published")):
            assert datetime.fromisoformat(str(time.text)).tzinfo
        assert re.fullmatch("urn:uuid:[0-9a-f-]{36}", str(element.findtext(f"{A}id")))
    assert root.findtext(f"{A}author/{A}name") == "Risk Desk"
    assert [(link.get("rel"), link.get("href")) for link in root.findall(f"{A}link")] == [
        ("self", f"{HOME}/feeds/atom?region=UA&tag=a")
    ]
    ids = [entry.findtext(f"{A}id") for entry in root.iter(f"{A}entry")]
    assert len(set(ids)) == 2
    assert all(str(link.get("href")).startswith("https://") for link in root.iter(f"{A}link"))


def test_an_entry_leads_to_its_page_and_to_its_message() -> None:
    entry = next(ET.fromstring(atom(BOTH)).iter(f"{A}entry"))
    links = {(link.get("rel"), link.get("type")): link.get("href") for link in entry.findall(f"{A}link")}
    assert links == {
        ("alternate", "text/html"): f"{HOME}/s/ua-talks",
        ("alternate", "application/cap+xml"): f"{HOME}/s/ua-talks/2.cap",
        ("via", None): TALKS.url,
    }
    assert entry.findtext(f"{A}title") == "Correction: Talks & <more>"
    content = entry.find(f"{A}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "It was Kyiv." in str(content.text)
    assert "<em>All</em>" in str(content.text)
    assert "<script" not in str(content.text)


def test_json_feed_has_the_same() -> None:
    read = json.loads(json_feed(BOTH))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"].startswith(HOME)
    entries = list(ET.fromstring(atom(BOTH)).iter(f"{A}entry"))
    assert [item["id"] for item in read["items"]] == [entry.findtext(f"{A}id") for entry in entries]
    assert [item["content_html"] for item in read["items"]] == [e.findtext(f"{A}content") for e in entries]
    first = read["items"][0]
    assert first["url"] == f"{HOME}/s/ua-talks"
    assert first["external_url"] == TALKS.url
    assert first["tags"] == ["conflict"]
    assert first["attachments"] == [
        {"url": f"{HOME}/s/ua-talks/2.cap", "mime_type": "application/cap+xml"},
    ]
    assert first["_alerts"] == {
        **{"update": "ua-talks", "revision": 2, "kind": "correction", "regions": ["UA"], "status": "actual"},
        **{"severity": "severe", "urgency": "unknown", "certainty": "unknown", "expires_at": None},
    }


def test_an_id_stays_when_the_door_moves_and_is_of_one_installation() -> None:
    ids = [
        [one.id for one in feed_view(about, [(FIRST,)], str, ENGLISH).entries]
        for about in (
            ABOUT,
            replace(ABOUT, home="https://elsewhere.example"),
            replace(ABOUT, installation="x"),
        )
    ]
    assert ids[0] == ids[1] != ids[2]


def test_an_entry_reads_the_same_later() -> None:
    """What was told when it was accepted: “expires”, and not “expired” a week later."""
    later = replace(ABOUT, changed_ms=9_999_999_999_999)
    assert (
        feed_view(ABOUT, [(FIRST,)], str, ENGLISH).entries
        == feed_view(later, [(FIRST,)], str, ENGLISH).entries
    )


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_what_is_not_real_says_so_in_its_title(status: Status) -> None:
    one = replace(FIRST, draft=replace(TALKS, status=status))
    assert feed((one,)).entries[0].title.startswith(f"{status.upper()}: ")


def test_a_long_text_is_cut_and_leads_on() -> None:
    long = "\n\n".join(f"Paragraph {n} of a report that goes on and on." for n in range(1_000))
    [entry] = feed((replace(FIRST, draft=replace(TALKS, body=long)),)).entries
    assert len(entry.html) < 8_000
    assert f'<a href="{HOME}/s/ua-talks">Read the whole update</a>' in entry.html


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_text_breaks_a_feed(text: str) -> None:
    draft = replace(TALKS, headline=text, body=text, note=text, key_points=(text,), source=text)
    shown = feed((replace(FIRST, draft=draft),))
    ET.fromstring(atom(shown))
    json.loads(json_feed(shown))


def test_a_feed_of_nothing_is_a_feed() -> None:
    root = ET.fromstring(atom(feed()))
    assert root.findtext(f"{A}updated") == "1970-01-01T00:00:02Z"
    assert json.loads(json_feed(feed()))["items"] == []
