"""Which kind of feed a document is, and all its items."""

from dataclasses import dataclass

from alerts.errors import BadInput
from alerts.ingest.feeds.decoding import feed_text
from alerts.ingest.feeds.items import FeedItem, followed
from alerts.ingest.feeds.json_feed import read_json_feed
from alerts.ingest.feeds.xml import read_xml_feed

#: The longest real feed of alerts is a third of this (a week of GDACS, a day of the world's in 2016).
OCTETS_MAX = 5_000_000


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as it was read once."""

    format: str  #: RSS, Atom, RDF, CDF, JSON Feed
    title: str
    language: str
    items: tuple[FeedItem, ...]  #: each once, in the feed's order


def read_feed(source: bytes, content_type: str = "", url: str = "") -> FeedDocument:
    """Read a feed. Raises BadInput for anything else, and for what would hurt to read."""
    if len(source) > OCTETS_MAX:
        raise BadInput("It is larger than 5 MB.", "Ask its publisher for a feed of the latest alone.")
    text = feed_text(source, content_type)
    begun = text.lstrip()[:1]
    if not begun:
        raise BadInput("It is empty.", "Is the address that of a feed?")
    if begun in "{[":
        title, language, found = read_json_feed(text)
        kind = "JSON Feed"
    else:
        kind, title, language, found = read_xml_feed(text, url)
    return FeedDocument(kind, title, language, tuple(followed(found)))
