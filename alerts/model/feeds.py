"""Feeds that are polled: what is asked of each, and how it is with each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from alerts.model.names import Instant


class FeedState(StrEnum):
    """Whether a feed is polled."""

    ACTIVE = "active"
    PAUSED = "paused"  #: by an operator
    STOPPED = "stopped"  #: by itself: it is not what it was, or not there any more


@dataclass(frozen=True, slots=True)
class Feed:
    """What an operator asked for: where, how often, and what its items are taken for."""

    name: str
    url: str
    every_s: int
    regions: tuple[str, ...] = ()  #: codes, of items that name none
    tags: tuple[str, ...] = ()  #: of every item, beside its own
    severity: str = ""  #: of items that do not say
    review: bool = False  #: whether what comes waits as a draft
    added_ms: Instant = 0
    added_by: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Feed":
        """Read back what `to_dict` wrote."""
        feed = cls(**data)
        return replace(feed, regions=tuple(feed.regions), tags=tuple(feed.tags))


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """How it is with a feed: what the last polls found, and what the next one needs."""

    state: FeedState = FeedState.ACTIVE
    why: str = ""  #: of a feed that was stopped
    begun: bool = False  #: whether what was there before it was followed is known
    backlog: int = 0  #: how many of that are taken all the same, the newest
    format: str = ""
    title: str = ""
    items: int = 0  #: how many were in the last document
    etag: str = ""
    modified: str = ""
    moved: str = ""  #: where it says to be asked from now on
    moves: int = 0  #: how many polls in a row said so
    failures: int = 0  #: polls in a row that failed
    fault: str = ""  #: why the last one did
    failing_ms: Instant = 0  #: since when they fail; 0 if they do not
    polled_ms: Instant = 0
    read_ms: Instant = 0  #: when it was read last, or was as it had been read
    new_ms: Instant = 0  #: when something new was in it last
    notified: str = ""  #: what operators were notified of, and still holds: `failing`, `silent`
    published: int = 0
    drafts: int = 0
    refused: int = 0

    def to_dict(self) -> dict[str, str]:
        """Each field as a text of its own: so they are kept."""
        return {f.name: _text(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, str]) -> "FeedProgress":
        """Read back what `to_dict` wrote."""
        given = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        read: dict[str, Any] = {n: _read(type(getattr(NOT_YET_POLLED, n)), text) for n, text in given.items()}
        return cls(**read)


NOT_YET_POLLED = FeedProgress()


def _read(kind: Any, text: str) -> Any:
    return text == "1" if kind is bool else kind(text)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


class ItemState(StrEnum):
    """What became of an item of a feed."""

    OLD = "old"  #: it was there before the feed was followed
    PUBLISHED = "published"
    DRAFT = "draft"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What is kept of an item: enough to know it again, and to say what became of it."""

    meaning: str
    state: ItemState
    seen_day: int  #: the last day (UTC, since the epoch) on which it was in the document
    update: str = ""
    headline: str = ""  #: of one that was refused
    why: str = ""  #: likewise, with its hint
    #: Names of its link and its content: by these an item is known whose id was changed.
    also: tuple[str, ...] = ()
