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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
