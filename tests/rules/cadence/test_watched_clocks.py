"""The same slots as somebody finds who looks at a local clock once a minute and knows nothing of offsets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from reading import part_of, slots_between

from alerts.model import Instant


@cache
def clock_face(zone: str, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Each minute, and what the clock on the wall shows then."""
    minutes = [begin + timedelta(minutes=m) for m in range(int((end - begin) / timedelta(minutes=1)))]
    return [(minute, minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for minute in minutes]


def watched(text: str, zone: str, begin: datetime, end: datetime) -> Iterator[Instant]:
    """The slots that show when the clock is watched from `begin` to `end`."""
    cadence, quiet = part_of(text)
    shown = clock_face(zone, begin, end)
    dates = sorted({local.date() for _, local in shown})
    if cadence.rhythm in ("daily", "weekly"):
        dates = [day for day in dates if cadence.rhythm == "daily" or day.weekday() in cadence.days]
    asked = [datetime.combine(day, datetime.min.time()) + timedelta(minutes=cadence.minute) for day in dates]
    waiting = False
    for minute, local in shown:
        of_day = local.hour * 60 + local.minute
        hushed = quiet is not None and (
            quiet.start <= of_day < quiet.end
            if quiet.start < quiet.end
            else not quiet.end <= of_day < quiet.start
        )
        if cadence.rhythm == "hourly":
            waiting |= local.minute == 0
        elif cadence.rhythm == "immediate":
            waiting |= hushed
        elif asked and local >= asked[0]:
            asked.pop(0)
            waiting = True
        if waiting and not hushed:
            waiting = False
            yield int(minute.timestamp() * 1000)


WEEKS = [
    ("Europe/London", "2024-03-31"),
    ("Europe/London", "2024-10-27"),
    ("Australia/Lord_Howe", "2024-04-06"),
    ("Australia/Lord_Howe", "2024-10-05"),
    ("America/New_York", "2024-11-03"),
    ("America/Havana", "2024-11-03"),
    ("Antarctica/Troll", "2024-03-31"),
    ("Africa/Casablanca", "2024-03-10"),
    ("Pacific/Apia", "2011-12-30"),
    ("America/St_Johns", "2010-11-07"),
    ("Asia/Pyongyang", "2018-05-04"),
]
CADENCES = ["hourly", "daily 00:00", "daily 01:45", "weekly mon,fri,sun 02:15", "immediate"]
QUIETS = ["", " quiet 22:00-07:00", " quiet 01:10-01:50", " quiet 02:00-01:00", " quiet 23:30-02:20"]


@pytest.mark.parametrize(("zone", "day"), WEEKS)
def test_slots_are_those_that_somebody_watching_the_clock_would_find(zone, day):
    middle = datetime.fromisoformat(day).replace(tzinfo=UTC)
    begin, end = middle - timedelta(days=4), middle + timedelta(days=4)
    settled = (int((begin + timedelta(days=2)).timestamp() * 1000), int(end.timestamp() * 1000))
    for cadence in (c + q for c in CADENCES for q in QUIETS if c + q != "immediate"):
        expected = [at for at in watched(cadence, zone, begin, end) if settled[0] <= at < settled[1]]
        assert slots_between(cadence, zone, *settled) == expected, cadence
