"""When an update was published and until when it holds, in the words of a zone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from alerts.locales import Locale
from alerts.model import Instant, Revision
from alerts.rendering import moments


class Seen(Protocol):
    """When somebody sees something, and in which zone: a digest knows both."""

    @property
    def horizon_ms(self) -> Instant: ...

    @property
    def clock(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SeenAt:
    """An instant, and what names a zone last: `Europe/Kyiv`."""

    horizon_ms: Instant
    clock: str


def published(revision: Revision, seen: Seen) -> date:
    """The instant its author gave, or the day; else when it was accepted, which nobody is told anew."""
    return revision.draft.published_at or moments.utc(revision.accepted_ms or seen.horizon_ms)


def when(written: date, clock: str, locale: Locale) -> str:
    """`28 March 2022, 20:00 Europe/Kyiv`, in the zone of a clock or of a name; a day stays a day."""
    return moments.full(written, clock, locale) if isinstance(written, datetime) else locale.full_day(written)


def expiry(expires_at: datetime | None, horizon_ms: Instant, clock: str, locale: Locale) -> str:
    """`expires 30 March 2022, 09:00 Europe/Kyiv`, empty for never.

    What has waited for its digest may be over by then, and says so.
    """
    if expires_at is None:
        return ""
    return expiry_word(expires_at, horizon_ms, locale) + moments.full(expires_at, clock, locale)


def expiry_word(expires_at: datetime, horizon_ms: Instant, locale: Locale) -> str:
    """What leads to the moment: each language has that last."""
    if expires_at <= moments.utc(horizon_ms):
        return locale.gettext("expired %(moment)s", moment="")
    return locale.gettext("expires %(moment)s", moment="")
