from .adding import FeedAdded, FeedAsked, add_feed
from .listing import FeedDetails, FeedSummary, list_feeds, show_feed
from .polling import poll, poll_feed
from .polls import Poll, PollOutcome
from .previewing import FeedPreview, preview_feed
from .steering import pause_feed, remove_feed, resume_feed

__all__ = [
    "FeedAdded",
    "FeedAsked",
    "FeedDetails",
    "FeedPreview",
    "FeedSummary",
    "Poll",
    "PollOutcome",
    "add_feed",
    "list_feeds",
    "pause_feed",
    "poll",
    "poll_feed",
    "preview_feed",
    "remove_feed",
    "resume_feed",
    "show_feed",
]
