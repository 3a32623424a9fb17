"""Times as people write them: ISO 8601, and days in English words."""

import re
from datetime import UTC, datetime

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
_WEEKDAY = r"(?:[a-z]{3,6}day,?\s)?"
_DAY_FIRST = re.compile(
    _WEEKDAY + r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\s(?P<month>[a-z]{3,9})\.?,?\s(?P<year>[0-9]{4})"
)
_MONTH_FIRST = re.compile(
    _WEEKDAY + r"(?P<month>[a-z]{3,9})\.?\s(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s(?P<year>[0-9]{4})"
)


def read_time(text: str) -> datetime | None:
    """Read a time in UTC, or None. A day alone is its midnight; a time without an offset is in UTC."""
    try:
        when = datetime.fromisoformat(text)
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # an offset can lead out of the years 1 to 9999
        return _in_words(text)


def _in_words(text: str) -> datetime | None:
    found = _DAY_FIRST.fullmatch(text.lower()) or _MONTH_FIRST.fullmatch(text.lower())
    if found:
        for month, name in enumerate(_MONTHS, 1):
            if name.startswith(found["month"]):
                try:
                    return datetime(int(found["year"]), month, int(found["day"]), tzinfo=UTC)
                except ValueError:
                    return None
    return None
