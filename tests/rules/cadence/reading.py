"""Cadences and instants as the tables of these tests write them."""

from datetime import UTC, datetime

from alerts.model import Cadence, Instant, QuietHours
from alerts.rules.cadence import part_next


def utc(text: str) -> Instant:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def part_of(text: str) -> tuple[Cadence, QuietHours | None]:
    cadence, _, quiet = text.partition(" quiet ")
    return Cadence.parse(cadence), QuietHours.parse(quiet) if quiet else None


def slots_between(text: str, zone: str, begin: Instant, end: Instant) -> list[Instant]:
    """The slots in `[begin, end)`."""
    found, at = [], part_next(part_of(text), zone, begin - 1)
    while at < end:
        found.append(at)
        at = part_next(part_of(text), zone, at)
    return found
