"""The clock of an audience: the slots of all its cadences as one, so that no instant brings two digests."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from alerts.errors import BadInput
from alerts.model import Audience, Cadence, Instant, QuietHours
from alerts.rules.cadence.slots import Part, has_slots, part_last, part_next, parts_of
from alerts.rules.cadence.zones import zone as zone_named


@dataclass(frozen=True)
class Clock:
    """The slots of one audience, shared by all audiences that keep the same time."""

    zone: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, zone: str, parts: Iterable[Part]) -> "Clock":
        """The clock of those parts that have slots, in the one order in which they are written."""
        return cls(zone, tuple(sorted({part for part in parts if has_slots(part)}, key=_written)))

    @classmethod
    def parse(cls, key: str) -> "Clock":
        """Read back what `key` wrote. Raises BadInput."""
        parts, _, zone = key.rpartition(" ")
        clock = cls.of(zone_named(zone), map(_read, parts.split(" + ")))
        if not clock.parts:
            raise BadInput(
                f"“{key[:80]}” has no slots.", "What is immediate needs a clock for quiet hours only."
            )
        return clock

    @cached_property
    def key(self) -> str:
        """Such as `daily 08:00 + weekly mon 09:00 Europe/Kyiv`, `hourly quiet 22:00-07:00 Asia/Tokyo`."""
        return f"{' + '.join(map(_written, self.parts))} {self.zone}"

    def __str__(self) -> str:
        return self.key


def clock_of(audience: Audience) -> Clock | None:
    """The audience's one clock; None if whatever it wants is sent at once, whatever the hour."""
    clock = Clock.of(
        audience.zone, (part for subscription in audience.subscriptions for part in parts_of(subscription))
    )
    return clock if clock.parts else None


def next_slot(clock: Clock, after_ms: Instant) -> Instant:
    """The first slot strictly after an instant."""
    return min(part_next(part, clock.zone, after_ms) for part in clock.parts)


def last_slot(clock: Clock, at_ms: Instant) -> Instant:
    """The latest slot at or before an instant."""
    return max(part_last(part, clock.zone, at_ms) for part in clock.parts)


def window_start(clock: Clock, opened_ms: Instant) -> Instant:
    """The earliest acceptance that can be told at a slot later than `opened_ms`, the last one opened.

    Earlier than `last_slot` where a rarer cadence is part of the clock: its window is still open.
    """
    return min(part_last(part, clock.zone, opened_ms) for part in clock.parts)


def _written(part: Part) -> str:
    cadence, quiet = part
    return f"{cadence} quiet {quiet}" if quiet else str(cadence)


def _read(text: str) -> Part:
    cadence, _, quiet = text.partition(" quiet ")
    return Cadence.parse(cadence), QuietHours.parse(quiet) if quiet else None
