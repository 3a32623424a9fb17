"""The slots of one cadence in one zone, quiet hours and jumping clocks included.

A local time that is jumped over counts when the jump is done; one shown twice counts once, the first time;
a day that a zone leaves out has no slot. Full hours count whenever the local clock shows one.
"""

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from alerts.model import Cadence, Instant, QuietHours, Rhythm, Subscription
from alerts.rules.cadence.zones import DAY, first_shown, local_second, offset, rules, shift, stretches

#: A cadence with its quiet hours: what has slots of its own. Immediate without quiet hours has none.
Part = tuple[Cadence, QuietHours | None]

#: When what is beyond the daily cap of an immediate subscription is told, in local time: next morning, as a
#: daily digest would be. Quiet hours move it like any slot.
OVERFLOW = Cadence(Rhythm.DAILY, 8 * 60)

_DAY_MS = DAY * 1000

#: Days searched: a fortnight where a weekly slot's day was left out (Samoa, Friday 30 December 2011), and
#: what quiet hours add.
_LONGEST_PAUSE = 16


def parts_of(subscription: Subscription) -> Iterator[Part]:
    """The parts a subscription adds to its audience's clock: its own, and that of its overflow if capped."""
    yield subscription.cadence, subscription.quiet
    if subscription.cap is not None and subscription.cadence.rhythm is Rhythm.IMMEDIATE:
        yield OVERFLOW, subscription.quiet


def has_slots(part: Part) -> bool:
    """False for what is always sent at once."""
    cadence, quiet = part
    return cadence.rhythm is not Rhythm.IMMEDIATE or quiet is not None


def slot_for(cadence: Cadence, quiet: QuietHours | None, zone: str, accepted_ms: Instant) -> Instant | None:
    """The slot at which something accepted then is told; None: at once.

    Windows are half-open: what is accepted at the very instant of a slot waits for the next one.
    """
    if cadence.rhythm is Rhythm.IMMEDIATE and not (quiet and in_quiet(quiet, zone, accepted_ms)):
        return None
    return part_next((cadence, quiet), zone, accepted_ms)


def part_next(part: Part, zone: str, after_ms: Instant) -> Instant:
    """The part's first slot strictly after an instant."""
    first = after_ms // _DAY_MS
    days = (_slots_on(part, zone, day) for day in range(first, first + _LONGEST_PAUSE))
    slots = next(slots for slots in days if slots and slots[-1] > after_ms)
    return slots[bisect_right(slots, after_ms)]


def part_last(part: Part, zone: str, at_ms: Instant) -> Instant:
    """The part's latest slot at or before an instant."""
    first = at_ms // _DAY_MS
    days = (_slots_on(part, zone, day) for day in range(first, first - _LONGEST_PAUSE, -1))
    slots = next(slots for slots in days if slots and slots[0] <= at_ms)
    return slots[bisect_right(slots, at_ms) - 1]


def in_quiet(quiet: QuietHours, zone: str, at_ms: Instant) -> bool:
    """Whether the local clock shows a time within the quiet hours."""
    return _within(quiet, local_second(zone, at_ms // 1000))


@lru_cache(maxsize=8192)
def _slots_on(part: Part, zone: str, day: int) -> tuple[Instant, ...]:
    """The part's slots in one UTC day, in order. Cached: a slot opening asks about few days very often."""
    where, (_, quiet) = rules(zone), part
    moments = _moments(part, where, day)
    slots = {_quiet_over(quiet, where, moment) for moment in moments} if quiet else set(moments)
    return tuple(slot * 1000 for slot in sorted(slots) if slot // DAY == day)


def _moments(part: Part, where: ZoneInfo, day: int) -> Iterator[int]:
    """What the cadence asks for, from so early that quiet hours may still move it into this UTC day."""
    cadence, quiet = part
    start, end = (day - 1) * DAY, (day + 1) * DAY
    if cadence.rhythm is Rhythm.HOURLY:
        yield from _shown(where, start, end, 0, 3600)
    elif cadence.rhythm is Rhythm.IMMEDIATE and quiet:
        yield from _hushes(quiet, where, start, end)
    else:
        for local_day in range(day - 2, day + 2):
            wanted = cadence.rhythm is Rhythm.DAILY or _weekday(local_day) in cadence.days
            if wanted and first_shown(where, local_day, 0) < first_shown(where, local_day + 1, 0):
                yield first_shown(where, local_day, cadence.minute)


def _shown(where: ZoneInfo, start: int, end: int, second: int, every: int) -> Iterator[int]:
    """All instants at which the local clock shows this second of each `every` seconds."""
    for begin, stop, ahead in stretches(where, start, end):
        yield from range(begin + (second - begin - ahead) % every, stop, every)


def _hushes(quiet: QuietHours, where: ZoneInfo, start: int, end: int) -> Iterator[int]:
    """An instant of each quiet stretch: where the clock shows its beginning, or jumps into it."""
    yield from _shown(where, start, end, quiet.start * 60, DAY)
    for begin, _, ahead in stretches(where, start, end):
        if _within(quiet, begin + ahead):
            yield begin


def _quiet_over(quiet: QuietHours, where: ZoneInfo, at: int) -> int:
    """The first instant from `at` on that is outside the quiet hours."""
    while _within(quiet, local := at + (ahead := offset(where, at))):
        end = at + (quiet.end * 60 - local) % DAY
        if offset(where, end) == ahead:
            return end
        at = shift(where, at, end)
    return at


def _within(quiet: QuietHours, local: int) -> bool:
    second = local % DAY
    if quiet.start <= quiet.end:
        return quiet.start * 60 <= second < quiet.end * 60
    return second >= quiet.start * 60 or second < quiet.end * 60


def _weekday(day: int) -> int:
    """Monday is 0; the epoch began on a Thursday."""
    return (day + 3) % 7
