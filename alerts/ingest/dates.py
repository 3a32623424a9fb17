"""Times as people write them: ISO 8601, English words with or without an hour, 23.11.2026, 281700Z MAR 22."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, tzinfo

from alerts.errors import BadInput

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s)?"
_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?\s(?P<month>[a-z]{3,9})\.?,?\s(?P<year>[0-9]{4})"
)
#: With dots the day comes first, in whatever country. With strokes nobody can tell, unless one is above 12.
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})(?:,?\s([0-9]{1,2}:[0-9]{2}))?")
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{4})"
)
_STROKES = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_HYPHENS = re.compile(r"([0-9]{1,2})-([a-z]{3,9})-([0-9]{4})")
_SMALL_WORDS = re.compile(r"\b(?:the|of|on)\b")
#: Day, hour and minute in UTC as soldiers and sailors write them: 281700Z MAR 22.
_DATE_TIME_GROUP = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})z\s?([a-z]{3})\s?(?:20)?([0-9]{2})")
_UTC = re.compile(r"(.*[0-9:])\s?(?:utc|gmt)")

_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?:[:.]?(?P<minute>[0-9]{2}))?\s?(?P<half>[ap]\.?m\.?)?"
    r"(?:\s?(?:hrs?|hours|h))?(?:\s?\(?(?P<zone>utc|gmt|z)\)?)?"
)
_CLOCK_LAST = re.compile(rf"(?P<day>.*?[0-9]{{4}})(?:\s?[,–—-]\s?|\s(?:at\s)?){_CLOCK}")
_CLOCK_FIRST = re.compile(rf"(?:at\s)?{_CLOCK}(?:\s?[,–—-]\s?|\s)(?P<day>.*[0-9]{{4}})")
_LONGEST = 80

#: The last moment of a day, as people mean it who write that something lasts until then.
_DAY_ENDS = time(23, 59, 59)


def read_time(text: str) -> date | datetime | None:
    """Read what is written: a day alone, a time in UTC, or one without an offset (naive); None for neither.

    Raises BadInput for a weekday that is not the date's: one of the two is a slip, and nobody can tell which.
    """
    if len(text) > _LONGEST:
        return None
    if dotted := _DOTTED.fullmatch(text):
        day, month, year, hour = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}" + (f" {hour:0>5}" if hour else "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else when
    except (ValueError, OverflowError):  # an offset can lead out of the years 1 to 9999
        return _otherwise(text.lower())


def placed(when: datetime, zone: tzinfo) -> datetime:
    """A time in UTC; one without an offset is taken in this zone.

    Raises BadInput for one that the zone's clocks skip, or show twice: nobody can tell which is meant.
    """
    if when.tzinfo is not None:
        return when.astimezone(UTC)
    try:
        first, second = (when.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise BadInput(f"{when} is out of all time.", "Write a year from 2 to 9998.") from None
    if first != second:
        how = "skip" if first > second else "show twice"
        raise BadInput(
            f"{when:%-d %B %Y, %H:%M} is a time that the clocks of {zone} {how}.",
            "Add the offset that is meant, such as +02:00.",
        )
    return first


def until(when: date) -> datetime:
    """When something ends that lasts until then: what lasts until a day, lasts until that day is over."""
    return when if isinstance(when, datetime) else datetime.combine(when, _DAY_ENDS)


def _otherwise(text: str) -> date | datetime | None:
    """Read what is not ISO 8601: a day, with an hour before or after it, or none."""
    if group := _DATE_TIME_GROUP.fullmatch(text):
        day, hour, minute, month, year = group.groups()
        return _at(_in_words(f"{int(day)} {month} 20{year}"), int(hour), int(minute), UTC)
    if marked := _UTC.fullmatch(text):
        with suppress(ValueError):
            when = datetime.fromisoformat(marked[1])
            return when.replace(tzinfo=UTC) if when.tzinfo is None else None
    clock = _CLOCK_LAST.fullmatch(text) or _CLOCK_FIRST.fullmatch(text)
    if clock is None or not (clock["minute"] or clock["half"]):
        return _day(text)
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * clock["half"].startswith("p")
    return _at(
        _day(clock["day"].rstrip(" ,")), hour, int(clock["minute"] or 0), UTC if clock["zone"] else None
    )


def _at(day: date | None, hour: int, minute: int, zone: tzinfo | None) -> datetime | None:
    try:
        return datetime.combine(day, time(hour, minute), zone) if day else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    """A day in words, or in numbers of which one can only be the day."""
    if year_first := _YEAR_FIRST.fullmatch(text):
        return _of_numbers(*map(int, year_first.groups()))
    if strokes := _STROKES.fullmatch(text):
        first, second, year = map(int, strokes.groups())
        if first > 12 or first == second:
            return _of_numbers(year, second, first)
        return _of_numbers(year, first, second) if second > 12 else None
    return _in_words(" ".join(_SMALL_WORDS.sub(" ", _HYPHENS.sub(r"\1 \2 \3", text)).split()))


def _of_numbers(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_words(text: str) -> date | None:
    found = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    month = _place(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    day = _of_numbers(int(found["year"]), month + 1, int(found["day"]))
    if day is None:
        return None
    if found["weekday"] is None:
        return day
    weekday = _place(found["weekday"], _WEEKDAYS)
    if weekday is None:
        return None
    if weekday != day.weekday():
        raise BadInput(
            f"{day:%-d %B %Y} is a {_WEEKDAYS[day.weekday()].capitalize()}.",
            "Correct the weekday, or the date.",
        )
    return day


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """The place of what a word of three letters and more abbreviates."""
    return next((place for place, name in enumerate(names) if name.startswith(word)), None)
