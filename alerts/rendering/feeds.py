"""What everybody may read, as feeds: Atom (RFC 4287) and JSON Feed 1.1. An entry is a revision."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from alerts.links import public_pages
from alerts.locales import Locale
from alerts.model import Instant, Revision
from alerts.rendering import moments
from alerts.rendering.cap import MEDIA_TYPE
from alerts.rendering.composing import Place, shown_alone
from alerts.rendering.stories import entries_of
from alerts.rendering.times import SeenAt
from alerts.rendering.view import EntryView
from alerts.rendering.xml import added, written

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_LANG = "xml:lang"
_JSON_FEED_VERSION = "https://jsonfeed.org/version/1.1"
#: Characters of one text in a feed: all of it is on its page.
_ROOM = 4_000


@dataclass(frozen=True, slots=True)
class FeedAbout:
    """What is said of a feed itself."""

    title: str
    sender: str  #: who publishes it
    home: str  #: the public URL, without a slash at its end
    address: str  #: the feed's own, behind that
    installation: str
    changed_ms: Instant
    clock: str  #: what names the zone that times are told in


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One revision in a feed."""

    id: str  #: a URN: the same wherever it is read, and wherever this installation moves
    page: str
    cap: str
    accepted_ms: Instant
    revision: Revision
    shown: EntryView
    html: str = ""  #: what a reader of feeds shows of it

    @property
    def title(self) -> str:
        return self.shown.prefix + self.shown.in_line


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed to be written."""

    about: FeedAbout
    entries: tuple[FeedEntry, ...]


def feed_view(about: FeedAbout, told: Sequence[Sequence[Revision]], place: Place, locale: Locale) -> FeedView:
    """Lay a feed out. `told`, newest first: each time a revision, behind the one before it if there is one.

    It is told as it was when it was accepted, so that the same entry reads the same later.
    """
    return FeedView(about, tuple(_entry(about, pair, place, locale) for pair in told))


def identifier(installation: str, name: str) -> str:
    """A URN for something of this installation (RFC 9562, version 5)."""
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_OID, installation), name).urn


def atom(feed: FeedView) -> bytes:
    """Write a feed as Atom."""
    about = feed.about
    root = ET.Element("feed", xmlns=_ATOM_NAMESPACE)
    added(root, "id", identifier(about.installation, about.address))
    added(root, "title", about.title)
    added(root, "updated", _time(about.changed_ms))
    added(added(root, "author"), "name", about.sender)
    added(root, "link", rel="self", type=ATOM, href=about.home + about.address)
    for one in feed.entries:
        entry = added(root, "entry")
        added(entry, "id", one.id)
        added(entry, "title", one.title, **_spoken(one))
        added(entry, "published", _time(one.accepted_ms))
        added(entry, "updated", _time(one.accepted_ms))
        added(entry, "link", rel="alternate", type="text/html", href=one.page)
        added(entry, "link", rel="alternate", type=MEDIA_TYPE, href=one.cap)
        if one.shown.url:
            added(entry, "link", rel="via", href=one.shown.url)
        for tag in one.revision.draft.tags:
            added(entry, "category", term=tag)
        added(entry, "content", one.html, type="html")
    return written(root)


def json_feed(feed: FeedView) -> bytes:
    """Write a feed as JSON Feed, with what the update says in words of ours under `_alerts`."""
    about = feed.about
    content = {
        "version": _JSON_FEED_VERSION,
        "title": about.title,
        "home_page_url": about.home,
        "feed_url": about.home + about.address,
        "authors": [{"name": about.sender}],
        "items": [_item(one) for one in feed.entries],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _item(one: FeedEntry) -> dict[str, object]:
    draft = one.revision.draft.to_dict()
    ours = ("regions", "status", "severity", "urgency", "certainty", "expires_at")
    translated = [words.language for words in one.revision.draft.translations]
    item: dict[str, object] = {
        "id": one.id,
        "url": one.page,
        "title": one.title,
        "content_html": one.html,
        "date_published": _time(one.accepted_ms),
        "tags": list(one.revision.draft.tags),
        "attachments": [{"url": one.cap, "mime_type": MEDIA_TYPE}],
        "_alerts": {
            "update": one.revision.update,
            "revision": one.revision.number,
            "kind": one.revision.kind.value,
            **{name: draft[name] for name in ours},
            **({"translated": translated} if translated else {}),
        },
    }
    item |= {"external_url": one.shown.url} if one.shown.url else {}
    return item | ({"language": one.shown.language} if one.shown.language else {})


def _spoken(one: FeedEntry) -> dict[str, str]:
    """The language of its headline, where that is known."""
    return {_LANG: one.shown.language} if one.shown.language else {}


def _entry(about: FeedAbout, pair: Sequence[Revision], place: Place, locale: Locale) -> FeedEntry:
    *_, last = entries_of(pair)
    revision, accepted_ms = pair[-1], pair[-1].accepted_ms or 0
    known = {str(one.ref): one for one in pair}
    page = public_pages(about.home) + revision.update
    return FeedEntry(
        id=identifier(about.installation, revision.ref),
        page=page,
        cap=f"{page}/{revision.number}.cap",
        accepted_ms=accepted_ms,
        revision=revision,
        shown=shown_alone(last, SeenAt(accepted_ms, about.clock), known, place, locale=locale, room=_ROOM),
    )


def _time(at_ms: Instant) -> str:
    return f"{moments.utc(at_ms):%Y-%m-%dT%H:%M:%SZ}"
