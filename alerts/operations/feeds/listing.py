"""Every feed, and one of them whole: how it is with it, and what became of its items."""

from dataclasses import dataclass

from alerts.model import Feed, FeedProgress, FeedState, Instant, ItemState, KnownItem
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.outbound import shown_url
from alerts.services import Services
from alerts.store import poll_work

REFUSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """A feed as a list has it. Of its address, what follows `?` is left out: it may be a secret."""

    feed: Feed
    progress: FeedProgress
    next_ms: Instant | None = None

    def to_dict(self) -> dict[str, object]:
        feed, now = self.feed, self.progress
        return {
            "feed": feed.name,
            "url": shown_url(feed.url),
            "title": now.title,
            "format": now.format or None,
            "state": now.state.value,
            "why": now.why if now.state is FeedState.STOPPED else now.fault or None,
            "every_s": feed.every_s,
            "regions": list(feed.regions),
            "tags": list(feed.tags),
            "severity": feed.severity or None,
            "review": feed.review,
            "items": now.items,
            "published": now.published,
            "drafts": now.drafts,
            "refused": now.refused,
            "added_at": utc_text(feed.added_ms),
            "added_by": feed.added_by,
            "polled_at": utc_text(now.polled_ms or None),
            "read_at": utc_text(now.read_ms or None),
            "new_at": utc_text(now.new_ms or None),
            "next_at": utc_text(self.next_ms),
        }


@dataclass(frozen=True, slots=True)
class FeedDetails:
    """A feed, how many of its items became what, and those that were refused, with the reason."""

    summary: FeedSummary
    known: dict[ItemState, int]
    refused: tuple[KnownItem, ...]

    def to_dict(self) -> dict[str, object]:
        return self.summary.to_dict() | {
            "known": {state.value: self.known.get(state, 0) for state in ItemState},
            "refused_items": [{"headline": item.headline, "why": item.why} for item in self.refused],
        }


def list_feeds(services: Services, actor: Actor) -> list[FeedSummary]:
    """Every feed, in the order in which they were added. Raises Forbidden."""
    actor.require(Permission.READ)
    return [
        FeedSummary(feed, progress, services.due.look_ms(poll_work(feed.name)))
        for feed, progress in services.feeds.all()
    ]


def show_feed(services: Services, actor: Actor, name: str) -> FeedDetails:
    """One feed whole: at most 50 of the items that were refused are shown. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return details_of(services, name)


def details_of(services: Services, name: str) -> FeedDetails:
    """The same, for who may do more than look. Raises NotFound."""
    feed, progress = services.feeds.get(name)
    items = services.feeds.every_item(name).values()
    counts = {state: sum(1 for item in items if item.state is state) for state in ItemState}
    refused = [item for item in items if item.state is ItemState.REFUSED]
    refused.sort(key=lambda item: -item.seen_day)
    summary = FeedSummary(feed, progress, services.due.look_ms(poll_work(name)))
    return FeedDetails(summary, counts, tuple(refused[:REFUSED_SHOWN]))
