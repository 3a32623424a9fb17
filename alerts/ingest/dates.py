"""Times as people write them: ISO 8601, days in English words, and 23.11.2026 as half of Europe writes it."""

import re
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
#: With dots the day comes first, in whatever country. With strokes nobody can tell.
_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})(?:,?\s([0-9]{1,2}:[0-9]{2}))?")
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{4})"
)


#: The last moment of a day, as people mean it who write that something lasts until then.
_DAY_ENDS = time(23, 59, 59)


def read_time(text: str) -> date | datetime | None:
    """Read what is written: a day alone, a time in UTC, or one without an offset (naive); None for neither.

    Raises BadInput for a weekday that is not the date's: one of the two is a slip, and nobody can tell which.
    """
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
        return _in_words(text)


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


def _in_words(text: str) -> date | None:
    found = _DAY_FIRST.fullmatch(text.lower()) or _MONTH_FIRST.fullmatch(text.lower())
    month = _place(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    try:
        day = date(int(found["year"]), month + 1, int(found["day"]))
    except ValueError:
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
