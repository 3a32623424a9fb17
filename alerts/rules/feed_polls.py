"""When a feed is polled next, and what stops it. Pure: time and chance are passed in."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from alerts.model import Instant

#: How often a feed may be polled at most, and must be at least (s).
EVERY_LEAST_S, EVERY_MOST_S = 60, 24 * 3600
#: What a server may ask for beyond what was asked of us (s): how long a document is fresh, how long to wait.
FRESH_MOST_S, WAIT_MOST_S = 3600, 24 * 3600
#: The pause after failures is doubled up to this (s), and spread by a tenth: no feeds fall in step.
BACK_OFF_MOST_S, SPREAD = 6 * 3600, 0.1
#: Since when a feed fails once operators are notified, and once it is stopped (ms).
FAILING_MS, GIVEN_UP_MS = 3_600_000, 7 * 24 * 3_600_000
#: How long nothing new is in a feed before operators are notified (ms).
SILENT_MS = 30 * 24 * 3_600_000
#: More new items than this in one poll are no news.
NEW_MOST = 500
#: As many items at least must be there, then and now, before all of them can be said to have new ids.
SHAPE_LEAST = 5
#: Polls in a row that must have been sent on to an address for good before it is the feed's.
MOVES_LEAST = 3

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?([0-9]{1,9})", re.I)
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class ItemCount:
    """Of the items of a document: how many there are, are known, and are by other names alone."""

    items: int
    known: int
    renamed: int  #: their ids are not known, but their links or contents are

    @property
    def new(self) -> int:
        return self.items - self.known


def objection(before: str, now: str, items_before: int, count: ItemCount) -> str:
    """Why a feed is not what it was, and nothing of it is taken; else empty. `before` is its format."""
    if before and now != before:
        return f"it was {before} and is {now} now"
    enough = min(items_before, count.items) >= SHAPE_LEAST
    if enough and not count.known and count.renamed * 2 > count.items:
        return "all its items have new ids: whatever was in it before would be published again"
    if enough and not count.known:
        return "none of its items was in it before: it may be another feed now"
    if count.new > NEW_MOST:
        return f"{count.new:,} new items are in it at once"
    return ""


def after_success_ms(every_s: int, headers: Mapping[str, str], spread: float) -> int:
    """How long to wait after a poll that was answered (ms); `spread` is a chance from -1 to 1."""
    fresh = _MAX_AGE.search(headers.get("cache-control", ""))
    left_s = int(fresh[1]) - _number(headers.get("age", "")) if fresh else 0
    wait_s = max(every_s, min(left_s, FRESH_MOST_S))
    return int(wait_s * (1 + SPREAD * spread) * 1000)


def after_failure_ms(
    every_s: int, failures: int, headers: Mapping[str, str], now_ms: Instant, spread: float
) -> int:
    """How long to wait after this many failures in a row (ms)."""
    wait_s = min(every_s * 2 ** min(failures, 20), max(BACK_OFF_MOST_S, every_s))
    asked_s = min(_retry_after_s(headers.get("retry-after", ""), now_ms), WAIT_MOST_S)
    return int(max(wait_s * (1 + SPREAD * spread), asked_s) * 1000)


def confirmed(target: str, before: str, moves: int) -> int:
    """How many polls in a row were sent on there, with this one; 0 where this one was not."""
    return 0 if not target else moves + 1 if target == before else 1


def newest(keys: Collection[str], most: int) -> set[str]:
    """The last `most` of keys that come oldest first."""
    return set(list(keys)[-most:]) if most else set()


def _retry_after_s(text: str, now_ms: Instant) -> int:
    if _SECONDS.fullmatch(text.strip()):
        return int(text)
    try:
        return max(0, int(parsedate_to_datetime(text).timestamp()) - now_ms // 1000)
    except (ValueError, TypeError, OverflowError):
        return 0


def _number(text: str) -> int:
    return int(text) if _SECONDS.fullmatch(text.strip()) else 0
