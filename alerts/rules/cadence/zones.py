"""Local time: zone names and the instants at which local clocks jump. Knows nothing of cadences.

Inside the room instants are whole seconds since the epoch: no zone jumps between two seconds.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from alerts.errors import BadInput, did_you_mean
from alerts.locales import ENGLISH, Locale
from alerts.model import Instant
from alerts.texts import Sayable, Text

DAY = 86_400

#: The longest name in the database has 32 characters; nothing longer is compared with all of them.
_NAME_MAX = 64
#: Zones of one offset are never suggested: nobody means them, and east of Greenwich they have a minus.
_OFFSET = re.compile(r"(etc/)?gmt[+-]?\d+")
#: What the names begin with that a city is part of.
_CONTINENTS = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
}
#: What people call an offset: UTC+2, GMT-05:30, +02:00.
_AHEAD = re.compile(r"(utc|gmt|z)?_?[+−–-]_?\d{1,2}(:?\d\d)?")


def zone(text: str) -> str:
    """The IANA name meant by `text`, in any case. Raises BadInput with the nearest names."""
    names = _names()
    usual = {key: name for key, name in names.items() if not _OFFSET.fullmatch(key)}
    wanted = "_".join(text[:_NAME_MAX].lower().split())
    if wanted in names and len(text) <= _NAME_MAX:
        return names[wanted]
    if _AHEAD.fullmatch(wanted):
        raise BadInput(
            Text(
                "“%(zone)s” is an offset, not a time zone: in summer most clocks have another.",
                zone=text[:40],
            ),
            Text("Name a place in the zone, such as Europe/Kyiv."),
        )
    by_city = {name.rpartition("/")[2]: name for name in usual}
    near = get_close_matches(wanted, {*usual, *by_city}, n=3, cutoff=0.75)
    hint: Sayable = Text("Write an IANA name such as Europe/Kyiv, America/New_York or UTC.")
    if near:
        hint = did_you_mean(list(dict.fromkeys(names[by_city.get(name, name)] for name in near)), "")
    raise BadInput(Text("“%(zone)s” is not a time zone.", zone=text[:40]), hint)


def describe(at_ms: Instant, name: str, now_ms: Instant | None = None, *, locale: Locale = ENGLISH) -> str:
    """An instant as people read it: `Thu 29 Mar 08:00 Europe/Kyiv (05:00 UTC)`. No zone means UTC.

    Where `now_ms` is given, with its year if that is another one.
    """
    universal = datetime.fromtimestamp(at_ms // 1000, UTC)
    local = universal.astimezone(rules(name or "UTC"))
    here = local if now_ms is None else datetime.fromtimestamp(now_ms // 1000, local.tzinfo)
    year = "" if here.year == local.year else f" {local.year}"
    text = locale.gettext(
        "%(weekday)s %(day)s %(time)s %(zone)s",
        weekday=locale.short_weekday(local),
        day=locale.short_day(local) + year,
        time=locale.time(local),
        zone=name or "UTC",
    )
    if name in ("", "UTC"):
        return text
    weekday = "" if universal.date() == local.date() else f"{locale.short_weekday(universal)} "
    return locale.gettext("%(moment)s (%(utc)s UTC)", moment=text, utc=weekday + locale.time(universal))


@lru_cache(maxsize=1024)
def rules(name: str) -> ZoneInfo:
    """The zone's rules from the tzdata package. Raises BadInput for a name that is not in it.

    `ZoneInfo(name)` would prefer the machine's own, perhaps older, and two workers could differ.
    """
    with resources.files("tzdata.zoneinfo").joinpath(*zone(name).split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def offset(where: ZoneInfo, at: int) -> int:
    """Seconds by which local time is ahead of UTC at an instant."""
    return _seconds(datetime.fromtimestamp(at, where))


def shift(where: ZoneInfo, before: int, after: int) -> int:
    """The first second with another offset than `before`, where `after` is known to have one."""
    old = offset(where, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset(where, middle) == old:
            before = middle
        else:
            after = middle
    return after


def stretches(where: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Cut `[start, end)` where the local clock jumps: `(start, end, offset)` of each piece.

    For spans of days: since 2001 no zone has jumped twice within a week (tzdata 2026).
    """
    while (ahead := offset(where, start)) != offset(where, end - 1):
        jump = shift(where, start, end - 1)
        yield start, jump, ahead
        start = jump
    yield start, end, ahead


def local_second(name: str, at: int) -> int:
    """What the local clock shows at an instant, in seconds since it showed the epoch.

    The same as adding `offset`; the jumps of each day are remembered, for those who ask thousands of times.
    """
    for _, end, ahead in _day(name, at // DAY):
        if at < end:
            return at + ahead
    raise AssertionError((name, at))


@lru_cache(maxsize=4096)
def _day(name: str, day: int) -> tuple[tuple[int, int, int], ...]:
    """The stretches of one UTC day."""
    return tuple(stretches(rules(name), day * DAY, (day + 1) * DAY))


def day_start(name: str, at_ms: Instant) -> Instant:
    """The first instant of the local day an instant belongs to."""
    return _midnight(name, local_second(name, at_ms // 1000) // DAY) * 1000


@lru_cache(maxsize=4096)
def _midnight(name: str, day: int) -> int:
    """Where a day begins. Cached: a match asks about one day for every capped audience."""
    return first_shown(rules(name), day, 0)


def first_shown(where: ZoneInfo, day: int, minute: int) -> int:
    """When local clocks first show this minute of this day (days since the epoch), or jump over it."""
    wall = datetime(1970, 1, 1, tzinfo=where) + timedelta(days=day, minutes=minute)
    local = day * DAY + minute * 60
    at = local - _seconds(wall)
    if offset(where, at) == local - at:
        return at
    return shift(where, local - _seconds(wall.replace(fold=1)), at)


def _seconds(wall: datetime) -> int:
    ahead = wall.utcoffset() or timedelta()
    return ahead.days * DAY + ahead.seconds


@cache
def places_with_zones() -> tuple[str, ...]:
    """The names that people choose from: a city of each zone, and UTC; no abbreviations, no offsets."""
    return ("UTC", *sorted(name for name in _names().values() if name.partition("/")[0] in _CONTINENTS))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every zone and link by its lower-case name; `Factory` means that nobody has set a zone."""
    listed = resources.files("tzdata").joinpath("zones").read_text("ascii").split()
    return {name.lower(): name for name in listed if name != "Factory"}
