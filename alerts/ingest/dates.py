"""Times as people write them: ISO 8601, and days in English words."""

import re
from datetime import UTC, datetime

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
    _WEEKDAY + r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\s(?P<month>[a-z]{3,9})\.?,?\s(?P<year>[0-9]{4})"
)
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{4})"
)


def read_time(text: str) -> datetime | None:
    """Read a time in UTC, or None. A day alone is its midnight; a time without an offset is in UTC.

    Raises BadInput for a weekday that is not the date's: one of the two is a slip, and nobody can tell which.
    """
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # an offset can lead out of the years 1 to 9999
        return _in_words(text)


def _in_words(text: str) -> datetime | None:
    found = _DAY_FIRST.fullmatch(text.lower()) or _MONTH_FIRST.fullmatch(text.lower())
    month = _place(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    try:
        day = datetime(int(found["year"]), month + 1, int(found["day"]), tzinfo=UTC)
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
