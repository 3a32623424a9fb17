"""RSS, Atom and RDF → items, by feedparser. What could hurt it or us is refused before it sees anything.

What is not well-formed, as many real feeds are not, is read by feedparser's tolerant parser if it is short,
for that one takes its time.
"""

import io
import re
from calendar import timegm
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import feedparser

from alerts.errors import BadInput
from alerts.ingest.cleaning import one_line
from alerts.ingest.feeds.items import CATEGORIES_MOST, RawItem, require_few
from alerts.ingest.feeds.words import plain, plain_line
from alerts.ingest.xml_guard import DeclaresType, XmlBounds, go_through

#: Of attributes feedparser takes the square, and for each piece of text some microseconds.
BOUNDS = XmlBounds(depth=200, elements=200_000, attributes=100, pieces=400_000)
#: Characters of a document that is not well-formed.
ILL_FORMED_MAX = 300_000
_DOCTYPE = re.compile(r"<!(?:DOCTYPE\s+(\w+)|DOCTYPE|ENTITY)\b", re.I)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,400}\?>")
#: Versions of CAP, by what their namespaces have in common.
_CAP = re.compile(r"urn:oasis:names:tc:emergency:cap:1\.[0-9]|http://www\.incident\.com/cap/1\.0")
_CAP_TYPES = ("application/cap+xml", "application/common-alerting-protocol+xml")
_PLAIN = "text/plain"
#: Kinds of content that people read.
_READ = (_PLAIN, "text/html", "application/xhtml+xml")
_FORMATS = {"rss": "RSS", "atom": "Atom", "cdf": "CDF"}
#: Elements of CAP in the items of an index, as feedparser calls them, and what they say.
_ABOUT = {
    "cap_severity": "severity",
    "cap_urgency": "urgency",
    "cap_certainty": "certainty",
    "cap_status": "status",
    "cap_expires": "expires",
    "cap_areadesc": "area",
}


def read_xml_feed(text: str, url: str) -> tuple[str, str, str, list[RawItem]]:
    """Its format, title, language and items; `url` is where it was found. Raises BadInput."""
    text = text.lstrip()
    if declared := _DECLARATION.match(text):
        text = text[declared.end() :].lstrip()
    well_formed = _is_well_formed(text)
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),  # a text would be taken for an address, and fetched
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,  # plain text is made of it
            resolve_relative_uris=False,
        )
        entries, about, version = parsed.entries, parsed.feed, parsed.version
    except Exception:  # noqa: BLE001 - it reads a hundred dialects; what it trips over is no feed to us
        raise BadInput(
            "It cannot be read as a feed.", "Ask its publisher; a validator says what is wrong."
        ) from None
    if not version and not entries:
        raise _no_feed(text)
    require_few(len(entries))
    alerts = _embedded(text) if well_formed and _CAP.search(text) else []
    whole = alerts if len(alerts) == len(entries) else [()] * len(entries)
    items = [_item(entry, inside) for entry, inside in zip(entries, whole, strict=True)]
    kind = "RDF" if version in ("rss090", "rss10") else _FORMATS.get(version.rstrip("0123456789un"), "RSS")
    return kind, plain_line(_said(about, "title"), True), _said(about, "language"), items


def _is_well_formed(text: str) -> bool:
    """Whether it is XML; else it is short enough to be guessed at. Raises BadInput for what neither is."""
    try:
        go_through(text, BOUNDS)
    except DeclaresType as fault:
        raise _no_feed("<html") if fault.name.lower() == "html" else fault from None
    except expat.ExpatError as fault:
        if declared := _DOCTYPE.search(text):
            raise DeclaresType(declared[1] or "") from None
        if len(text) > ILL_FORMED_MAX or text.count("<") > BOUNDS.elements:
            raise BadInput(
                f"It is no well-formed XML: line {fault.lineno}, column {fault.offset}.",
                "Its publisher must mend it: it is too long to be guessed at.",
            ) from None
        return False
    return True


def _no_feed(text: str) -> BadInput:
    begun = text[:2_000].lower()
    if "<html" in begun or "<body" in begun:
        return BadInput("It is a web page, not a feed.", "Look in the page for “RSS”, “Atom” or “feed”.")
    if _CAP.search(begun) or "<alert" in begun:
        return BadInput(
            "It is one alert of CAP, not a feed.", "Give the address of the feed that lists alerts."
        )
    return BadInput("It is not a feed.", "A feed is RSS, Atom, RDF or JSON Feed.")


def _embedded(text: str) -> list[tuple[bytes, ...]]:
    """The alerts of CAP that stand whole in each item, in the order of the items."""
    root = ElementTree.fromstring(text)  # noqa: S314 - the guard has gone through it
    entries = [
        e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] in ("entry", "item")
    ]
    return [
        tuple(ElementTree.tostring(alert, encoding="utf-8") for alert in entry.iter() if _is_alert(alert))
        for entry in entries
    ]


def _is_alert(element: ElementTree.Element) -> bool:
    namespace, _, name = element.tag.rpartition("}") if isinstance(element.tag, str) else ("", "", "")
    whole = any(str(part.tag).endswith("}identifier") for part in element)
    return name == "alert" and _CAP.fullmatch(namespace.lstrip("{")) is not None and whole


def _item(entry: Mapping[str, Any], alerts: Sequence[bytes]) -> RawItem:
    link = _said(entry, "link")
    about = {ours: one_line(_said(entry, theirs)) for theirs, ours in _ABOUT.items() if _said(entry, theirs)}
    return RawItem(
        id=_said(entry, "id"),
        link=link,
        headline=plain_line(_said(entry, "title"), _is_html(entry, "title")),
        text=_text(entry),
        at=_at(entry),
        author=plain_line(_said(entry, "author"), False),
        language=_said(_mapping(entry, "title_detail"), "language"),
        categories=_categories(entry),
        about=about,
        alert_url=_alert_url(entry, link, about),
        alerts=tuple(alerts),
        revised=str(_own(entry, "updated") or ""),
    )


def _text(entry: Mapping[str, Any]) -> str:
    """The whole content where there is some to read, else the summary."""
    contents = entry.get("content")
    for part in contents if isinstance(contents, list) else []:
        kind = _said(part, "type") if isinstance(part, Mapping) else ""
        if kind in _READ and (text := plain(_said(part, "value"), kind != _PLAIN)):
            return text
    return plain(_said(entry, "summary"), _is_html(entry, "summary"))


def _alert_url(entry: Mapping[str, Any], link: str, about: Mapping[str, str]) -> str:
    """Where the whole alert of CAP is that an item of an index stands for; empty for any other item."""
    links = entry.get("links")
    for one in links if isinstance(links, list) else []:
        if isinstance(one, Mapping) and _said(one, "type").partition(";")[0].strip().lower() in _CAP_TYPES:
            return _said(one, "href")
    if named := _said(entry, "gdacs_cap"):
        return named
    return link if about or link.lower().endswith(".cap") else ""


def _is_html(entry: Mapping[str, Any], name: str) -> bool:
    return _said(_mapping(entry, f"{name}_detail"), "type") != _PLAIN


def _mapping(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = entry.get(name)
    return found if isinstance(found, Mapping) else {}


def _categories(entry: Mapping[str, Any]) -> tuple[str, ...]:
    tags = entry.get("tags")
    found = [_said(tag, "term") for tag in tags if isinstance(tag, Mapping)] if isinstance(tags, list) else []
    return tuple(filter(None, found[:CATEGORIES_MOST]))


def _at(entry: Mapping[str, Any]) -> datetime | None:
    parsed = _own(entry, "published_parsed") or _own(entry, "updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _own(entry: Mapping[str, Any], name: str) -> Any:
    """What an entry has under this name itself: feedparser would give the time of publishing for another."""
    return dict.get(entry, name) if isinstance(entry, dict) else None


def _said(data: Mapping[str, Any], name: str) -> str:
    """A text of feedparser's, which for odd documents has lists and mappings in the place of texts."""
    value = data.get(name) if isinstance(data, Mapping) else None
    return value.strip() if isinstance(value, str) else ""
