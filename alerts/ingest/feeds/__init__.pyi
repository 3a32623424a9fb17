from .items import FeedItem
from .reading import OCTETS_MAX, FeedDocument, read_feed

__all__ = ["OCTETS_MAX", "FeedDocument", "FeedItem", "read_feed"]
