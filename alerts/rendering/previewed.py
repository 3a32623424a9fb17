"""What subscriptions would have brought, in words and times for a page."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from alerts.locales import Locale
from alerts.model import Instant
from alerts.rendering import moments
from alerts.rendering.editions import HeadlineView, shown_headline
from alerts.rules.cadence import describe

#: Of a list that nobody reads to its end, the latest.
LISTED_MOST = 60


class ShownAlert(Protocol):
    """One update in such a message."""

    @property
    def headline(self) -> str: ...
    @property
    def language(self) -> str: ...


class ShownMessage(Protocol):
    """One message that would have come."""

    @property
    def at_ms(self) -> Instant: ...
    @property
    def digest(self) -> bool: ...
    @property
    def alerts(self) -> Sequence[ShownAlert]: ...


class ShownShare(Protocol):
    """How much of it one subscription brings, and how much no other one does."""

    @property
    def name(self) -> str: ...
    @property
    def alerts(self) -> int: ...
    @property
    def covered(self) -> bool: ...


class ShownPreview(Protocol):
    """What subscriptions would have brought lately."""

    @property
    def zone(self) -> str: ...
    @property
    def days(self) -> int: ...
    @property
    def alerts(self) -> int: ...
    @property
    def twice(self) -> int: ...
    @property
    def messages(self) -> Sequence[ShownMessage]: ...
    @property
    def shares(self) -> Sequence[ShownShare]: ...
    @property
    def next_ms(self) -> Instant | None: ...


class PreviewedMessageView(NamedTuple):
    """One of its messages as a page shows it; without a headline, it says that all is quiet."""

    when: str
    digest: bool
    headlines: tuple[HeadlineView, ...]


class PreviewView(NamedTuple):
    """The same as a page shows it; the latest message first, and how many of them are not listed."""

    days: int
    alerts: int
    emails: int
    twice: int
    covered: tuple[str, ...]  #: subscriptions that brought nothing which another one did not bring
    next: str  #: empty where all goes at once
    messages: tuple[PreviewedMessageView, ...]
    more: int


def previewed(preview: ShownPreview, locale: Locale) -> PreviewView:
    """Put it into words, in the zone of its reader."""
    zone, latest = preview.zone, list(reversed(preview.messages))
    return PreviewView(
        preview.days,
        preview.alerts,
        len(preview.messages),
        preview.twice,
        tuple(share.name for share in preview.shares if share.covered),
        describe(preview.next_ms, zone, locale=locale) if preview.next_ms is not None else "",
        tuple(_message(one, zone, locale) for one in latest[:LISTED_MOST]),
        max(0, len(latest) - LISTED_MOST),
    )


def _message(one: ShownMessage, zone: str, locale: Locale) -> PreviewedMessageView:
    headlines = tuple(shown_headline(alert.headline, alert.language, locale) for alert in one.alerts)
    return PreviewedMessageView(moments.brief(one.at_ms, zone, locale), one.digest, headlines)
