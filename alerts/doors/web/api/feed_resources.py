"""What answers about feeds and drafts are made of, as `openapi.json` shows them."""

from typing import Any, Literal

from alerts.doors.web.api.resources import Shown


class FeedOut(Shown):
    """A feed, and how it is with it. Of its address, what follows `?` is left out."""

    feed: str
    url: str
    title: str
    format: str | None
    state: Literal["active", "paused", "stopped"]
    why: str | None
    every_s: int
    regions: list[str]
    tags: list[str]
    severity: str | None
    review: bool
    items: int
    published: int
    drafts: int
    refused: int
    added_at: str
    added_by: str
    polled_at: str | None
    read_at: str | None
    new_at: str | None
    next_at: str | None


class FeedsOut(Shown):
    feeds: list[FeedOut]


class FeedDetailsOut(FeedOut):
    """A feed; how many of its items became what, and why items were refused: of at most 50."""

    known: dict[str, int]
    refused_items: list[dict[str, Any]]


class PollOut(Shown):
    """What came of a poll. `put_off` items are taken at the next one."""

    outcome: Literal["read", "unchanged", "failed", "stopped", "not now"]
    why: str | None
    items: int
    published: int
    draft: int
    refused: int
    put_off: int


class FeedAddedOut(FeedOut):
    first_poll: PollOut


class FeedPreviewOut(Shown):
    """A feed as it is now, and its newest items: at most 50."""

    url: str
    title: str
    format: str
    total: int
    items: list[dict[str, Any]]


class DraftOut(Shown):
    """A draft: what waits, from where, since when and until when, and what its source adds."""

    draft: str
    headline: str
    source: str
    came_at: str
    ends_at: str
    regions: list[str]
    tags: list[str]
    severity: str | None


class DraftsOut(Shown):
    drafts: list[DraftOut]


class DraftDetailsOut(DraftOut):
    """A draft, and what its document says; `fault` is why it cannot be read any more."""

    readings: list[dict[str, Any]]
    fault: str | None


class DraftPublishedOut(Shown):
    draft: str
    updates: list[dict[str, Any]]
