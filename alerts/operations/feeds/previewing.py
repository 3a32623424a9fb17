"""What would come of an address, or comes of a feed now: read, shown, nothing kept."""

from dataclasses import dataclass

from alerts import ingest
from alerts.errors import BadInput
from alerts.ingest.feeds import FeedDocument, FeedItem
from alerts.ingest.field_words import FieldWords
from alerts.model import Feed, FeedProgress, ItemState
from alerts.operations.acting import Actor, Permission
from alerts.operations.feeds.adding import feed_url
from alerts.operations.feeds.fetching import NoFeed, fetch_feed
from alerts.operations.places import likely, suggestions
from alerts.outbound import shown_url
from alerts.services import Services

ITEMS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PreviewedItem:
    """An item as it would be taken. `state` is what is known of it, if it is of a feed that is followed."""

    item: FeedItem
    regions: tuple[str, ...]
    state: ItemState | None
    fault: str
    words: tuple[FieldWords, ...] = ()  #: of what it says itself; an alert's are read when it is taken

    def to_dict(self) -> dict[str, object]:
        at = self.item.at
        return {
            "headline": self.item.headline,
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None,
            "regions": list(self.regions),
            "alert": shown_url(self.item.raw.alert_url) or None,
            "alerts": len(self.item.raw.alerts),
            "state": self.state.value if self.state else "new",
            "fault": self.fault or None,
            "taken_from": [words._asdict() for words in self.words],
        }


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """A feed as it is now, and its newest items: at most 50."""

    url: str
    document: FeedDocument
    items: tuple[PreviewedItem, ...]

    def to_dict(self) -> dict[str, object]:
        return {
            "url": shown_url(self.url),
            "title": self.document.title,
            "format": self.document.format,
            "total": len(self.document.items),
            "items": [item.to_dict() for item in self.items],
        }


def preview_feed(services: Services, actor: Actor, feed: str) -> FeedPreview:
    """Read a feed that is followed, by its name, or any other, by its address. Keeps nothing, polls nothing.

    Needs the right to administer, for it has us call an address. Raises Forbidden, NotFound, BadInput.
    """
    actor.require(Permission.ADMINISTER)
    followed: Feed | None = None
    if "/" not in feed and "." not in feed:
        followed, _ = services.feeds.get(feed)
    url = followed.url if followed else feed_url(feed)
    found = fetch_feed(services, url, FeedProgress())
    if isinstance(found, NoFeed) or found.document is None:
        raise found.refusal() if isinstance(found, NoFeed) else BadInput("It gives nothing.")
    shown = found.document.items[:ITEMS_SHOWN]
    known = services.feeds.known(followed.name, [item.key for item in shown]) if followed else {}
    items = [
        _previewed(
            services, followed, found.document, item, known[item.key].state if item.key in known else None
        )
        for item in shown
    ]
    return FeedPreview(url, found.document, tuple(items))


def _previewed(
    services: Services, feed: Feed | None, document: FeedDocument, item: FeedItem, state: ItemState | None
) -> PreviewedItem:
    if item.raw.alerts or item.raw.alert_url:  # what it says is read when it is taken
        return PreviewedItem(item, feed.regions if feed else (), state, "")
    try:
        reading = ingest.read(item.document(document.title), "item.json")
    except BadInput as fault:
        return PreviewedItem(item, (), state, fault.sentence)
    regions = feed.regions if feed else ()
    regions = regions or tuple(s.code for s in likely(suggestions(reading, services.tree)))
    lacking = "" if regions else "It names no region: give --region."
    return PreviewedItem(item, regions, state, lacking, tuple(item.words(document.title)))
