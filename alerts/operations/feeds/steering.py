"""A feed is paused, goes on, or is followed no more."""

from alerts.errors import Conflict
from alerts.model import FeedState
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.feeds.listing import FeedDetails, details_of
from alerts.services import Services

#: How many of what is new may be taken when a feed begins again.
BACKLOG_MOST = 100


def pause_feed(services: Services, actor: Actor, name: str) -> FeedDetails:
    """Poll a feed no more until it is resumed. Twice is once. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    _, progress = services.feeds.get(name)
    if progress.state is FeedState.STOPPED:
        raise Conflict(
            f"The feed {name} is stopped: {progress.why}.", f"`alerts feeds resume {name}` goes on."
        )
    if progress.state is not FeedState.PAUSED:
        services.feeds.steer(name, FeedState.PAUSED, 0, {})
        record(services, actor, "feed.pause", name)
    return details_of(services, name)


def resume_feed(services: Services, actor: Actor, name: str, backlog: int = 0) -> FeedDetails:
    """Poll a feed again, from now on.

    One that was paused goes on where it was. One that was stopped begins anew: what is in it that is not
    known is old, but for the newest `backlog`. Raises Forbidden, NotFound.
    """
    actor.require(Permission.ADMINISTER)
    _, progress = services.feeds.get(name)
    if progress.state is not FeedState.ACTIVE:
        stopped = progress.state is FeedState.STOPPED
        anew = {"begun": "0", "backlog": str(backlog), "format": "", "items": "0", "why": ""}
        rested = {"failures": "0", "failing_ms": "0", "notified": "", "etag": "", "modified": ""}
        changes = anew | rested if stopped else {}
        services.feeds.steer(name, FeedState.ACTIVE, services.server.now_ms(), changes)
        after = {"backlog": backlog} if stopped and backlog else {}
        record(services, actor, "feed.resume", name, after=after)
    return details_of(services, name)


def remove_feed(services: Services, actor: Actor, name: str) -> FeedDetails:
    """Follow a feed no more. What came of it stays, drafts too. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    found = details_of(services, name)
    services.feeds.remove(name)
    record(services, actor, "feed.remove", name, before={"url": found.summary.to_dict()["url"]})
    return found
