"""Feeds: followed, looked at, steered, polled. A poll publishes, so it stands before the walk, and above it.

adding      a feed is followed from now on
listing     every feed, one of them whole
steering    paused, resumed, removed
previewing  what would come of an address, nothing kept
fetching    its document, or why there is none
polling     a feed is polled: when it is due, or by hand
poll_run    the run of a poll: is it what it was? → take what is new → when again?
polls       what came of one
taking      one item: published, a draft, or refused with the reason
"""

from alerts.operations.feeds.adding import FeedAdded, FeedAsked, add_feed
from alerts.operations.feeds.listing import FeedDetails, FeedSummary, list_feeds, show_feed
from alerts.operations.feeds.polling import poll, poll_feed
from alerts.operations.feeds.polls import Poll, PollOutcome
from alerts.operations.feeds.previewing import FeedPreview, preview_feed
from alerts.operations.feeds.steering import pause_feed, remove_feed, resume_feed

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
