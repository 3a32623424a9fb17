"""A feed is followed from now on: everything about it is found good first, and it is read once."""

import re
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from alerts.errors import BadInput, Conflict, Faults, Forbidden
from alerts.model import Feed, FeedProgress
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.feeds.fetching import NoFeed, fetch_feed
from alerts.operations.feeds.listing import FeedSummary
from alerts.operations.feeds.polling import polled
from alerts.operations.feeds.polls import Poll
from alerts.operations.feeds.steering import BACKLOG_MOST
from alerts.operations.sources import names_for, read_defaults, read_name
from alerts.outbound import shown_url
from alerts.rules.feed_polls import EVERY_LEAST_S, EVERY_MOST_S
from alerts.services import Services

URL_MAX = 2_000
_EVERY = re.compile(r"([0-9]{1,6})\s*(s|m|min|h)?", re.I)
_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3600, None: 60}


@dataclass(frozen=True, slots=True)
class FeedAsked:
    """A feed as somebody asks for it, in their words."""

    url: str
    name: str = ""
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: str = ""
    every: str = "5m"
    review: bool = False
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class FeedAdded:
    """A feed that is followed from now on, and its first poll."""

    summary: FeedSummary
    poll: Poll

    def to_dict(self) -> dict[str, object]:
        return self.summary.to_dict() | {"first_poll": self.poll.to_dict()}


def add_feed(services: Services, actor: Actor, asked: FeedAsked) -> FeedAdded:
    """Follow a feed. It is read first, and what is in it then is known: none of it is published unless asked.

    Without `review` whatever comes is published, which needs the right to publish as well. Raises Forbidden,
    BadInput with all that is wrong, also where it cannot be read; UnknownRegion, UnknownTag, Conflict.
    """
    actor.require(Permission.ADMINISTER)
    if not asked.review and Permission.PUBLISH not in actor.permissions:
        raise Forbidden(
            f"What a feed says is published, and {actor.name} does not have the permission “publish”.",
            "Follow it with --review: what comes then waits as a draft.",
        )
    feed = _feed(services, actor, asked)
    found = fetch_feed(services, feed.url, FeedProgress())
    if isinstance(found, NoFeed):
        raise found.refusal()
    feed = _named(services, feed, asked)
    short = {
        "url": shown_url(feed.url),
        "every_s": feed.every_s,
        "regions": list(feed.regions),
        "tags": list(feed.tags),
        "severity": feed.severity,
        "review": feed.review,
        "backlog": asked.backlog,
    }
    record(services, actor, "feed.add", feed.name, after={name: v for name, v in short.items() if v})
    first = polled(services, *services.feeds.get(feed.name))
    return FeedAdded(FeedSummary(*services.feeds.get(feed.name)), first)


def _feed(services: Services, actor: Actor, asked: FeedAsked) -> Feed:
    """What was asked for, found good. Raises BadInput for all that is not."""
    faults = Faults()
    url = faults.of(partial(feed_url, asked.url), "")
    every_s = faults.of(partial(_every, asked.every), 0)
    defaults = read_defaults(services, faults, asked.regions, asked.tags, asked.severity)
    read_name(faults, asked.name, "feed")
    if not 0 <= asked.backlog <= BACKLOG_MOST:
        faults.found.append(
            BadInput("So much cannot be taken of a backlog.", f"Give a number from 0 to {BACKLOG_MOST}.")
        )
    faults.complain()
    return Feed(
        asked.name,
        url,
        every_s,
        *defaults,
        asked.review,
        services.server.now_ms(),
        actor.name,
    )


def _named(services: Services, feed: Feed, asked: FeedAsked) -> Feed:
    """Keep it, under the name that was given or one made of its host. Raises Conflict."""
    there = next((other for other, _ in services.feeds.all() if other.url == feed.url), None)
    if there:
        raise Conflict(
            f"That feed is followed already, as {there.name}.", f"See `alerts feeds show {there.name}`."
        )
    names = names_for(asked.name, (urlsplit(feed.url).hostname or "").removeprefix("www."), "feed")
    for name in names:
        named = replace(feed, name=name)
        if services.feeds.add(named, feed.added_ms, asked.backlog):
            return named
    raise Conflict(f"There is a feed “{names[0]}” already.", "Give it another --name.")


def feed_url(text: str) -> str:
    """An address that may be asked. Raises BadInput; where it leads is looked at when it is called."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))
        secret = bool(parts.username or parts.password)
        _ = parts.port  # raises for what is no number
    except ValueError:
        usable = secret = False
    if not usable or len(url) > URL_MAX or not url.isprintable():
        raise BadInput(
            f"“{shown_url(url)[:80]}” is not the address of a feed.",
            "Give it whole: https://example.org/rss.xml.",
        )
    if secret:
        raise BadInput(
            "An address with a login in it is not followed.",
            "Logins in addresses end in logs: ask for an address with a token after the ?.",
        )
    return url


def _every(text: str) -> int:
    """Seconds of `5m`, `90s`, `1h`; minutes where no unit is given. Raises BadInput."""
    said = _EVERY.fullmatch(text.strip())
    every_s = int(said[1]) * _UNITS_S[said[2].lower() if said[2] else None] if said else 0
    if not EVERY_LEAST_S <= every_s <= EVERY_MOST_S:
        raise BadInput(
            f"“{text[:40]}” is not how often a feed can be polled.", "Write 5m or 1h: from 1m to 24h."
        )
    return every_s
