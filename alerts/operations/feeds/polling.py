"""A feed is polled: when it is due, or because an operator wants it now."""

from dataclasses import replace

from alerts.errors import Conflict, NotFound
from alerts.model import Feed, FeedProgress, FeedState, ItemState, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.feeds.fetching import NoFeed, fetch_feed
from alerts.operations.feeds.poll_run import PollRun
from alerts.operations.feeds.polls import Poll, PollOutcome
from alerts.services import Services
from alerts.store import poll_token


def poll_feed(services: Services, actor: Actor, name: str) -> Poll:
    """Poll a feed now, whenever it is due; what was refused before is tried again.

    Raises Forbidden, NotFound, and Conflict for a feed that is paused or stopped, or that a worker polls.
    """
    actor.require(Permission.ADMINISTER)
    feed, progress = services.feeds.get(name)
    if progress.state is not FeedState.ACTIVE:
        raise Conflict(f"The feed {name} is {progress.state}.", f"Go on with `alerts feeds resume {name}`.")
    refused = [k for k, item in services.feeds.every_item(name).items() if item.state is ItemState.REFUSED]
    services.feeds.forget(name, refused)
    done = polled(services, feed, replace(progress, etag="", modified="") if refused else progress)
    if done.outcome is PollOutcome.NOT_NOW:
        raise Conflict(f"A worker polls the feed {name} at this moment.", "Try again in a minute.")
    record(services, actor, "feed.poll", name)
    return done


def poll(services: Services, work: Work) -> list[Work]:
    """Poll a feed that is due.

    Twice: what an item says is the same revision however often it is published, and what became of it is
    kept after that; the next poll is owed by the script that ends this one.
    """
    try:
        feed, progress = services.feeds.get(work.key)
    except NotFound:
        services.due.done(work)
        return []
    return list(polled(services, feed, progress).work) if progress.state is FeedState.ACTIVE else []


def polled(services: Services, feed: Feed, progress: FeedProgress) -> Poll:
    """Poll a feed, if nobody else does at this moment. Raises Refused and Unreachable."""
    token = poll_token()
    if not services.feeds.claim(feed.name, token):
        return Poll(PollOutcome.NOT_NOW)
    run = PollRun(services, feed, progress, token, services.server.now_ms())
    found = fetch_feed(services, feed.url, progress)
    return run.failed(found) if isinstance(found, NoFeed) else run.read(found)
