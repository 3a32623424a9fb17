"""Instants as the interface writes them, and as people give them."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts import ingest
from alerts.errors import BadInput
from alerts.model import Instant
from alerts.texts import Worded

#: How long ago: up to six digits, far more than anything is kept for.
_AGO = re.compile(r"([0-9]{1,6})([mhd])")
_UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


def utc_text(instant: Instant | None) -> str | None:
    """`2022-03-28T17:00:00Z`; None stays None."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def worded_moment(instant: Instant, zone: str) -> Worded:
    """The same within a text that is said later: to its reader, in their zone and language."""
    local = datetime.fromtimestamp(instant // 1000, ZoneInfo(zone))
    return Worded(str(utc_text(instant)), lambda locale: locale.moment(local))


def local_text(instant: Instant | None, zone: tzinfo) -> str:
    """The same for people: with the desk's own time beside it, where that is not UTC; empty for None.

    `2022-03-28T17:00:00Z (20:00 EEST)`, with the day where it is another one there.
    """
    if instant is None:
        return ""
    utc = datetime.fromtimestamp(instant // 1000, UTC)
    local = utc.astimezone(zone)
    if not local.utcoffset():
        return str(utc_text(instant))
    day = f"{local:%a} " if local.date() != utc.date() else ""
    return f"{utc_text(instant)} ({day}{local:%H:%M %Z})"


def with_local(text: str, zone: tzinfo) -> str:
    """What `utc_text` wrote, as `local_text` has it."""
    return local_text(int(datetime.fromisoformat(text).timestamp() * 1000), zone)


def future(text: str, now_ms: Instant, zone: tzinfo) -> Instant:
    """Read a time to come; one without an offset is in the zone. Raises BadInput, also for a day alone."""
    at_ms = _instant(text, zone)
    if at_ms <= now_ms:
        raise BadInput(f"“{text[:40]}” is over.", "Give a time to come, or leave it out.")
    return at_ms


def past(text: str, now_ms: Instant, zone: tzinfo) -> Instant:
    """Read a time that is over, like `future`, or how long ago: `90m`, `24h`, `7d`. Raises BadInput."""
    if ago := _AGO.fullmatch(text.strip().lower()):
        return max(0, now_ms - int(ago[1]) * _UNITS_MS[ago[2]])
    at_ms = _instant(text, zone)
    if at_ms > now_ms:
        raise BadInput(f"“{text[:40]}” is still to come.", "Give a time that is over, or 24h or 7d for ago.")
    return max(0, at_ms)


def _instant(text: str, zone: tzinfo) -> Instant:
    when = ingest.read_time(text.strip())
    if when is None:
        raise BadInput(f"“{text[:40]}” is not a time.", "Write it like 2022-03-28T17:00:00Z.")
    if not isinstance(when, datetime):
        raise BadInput(f"“{text[:40]}” does not say at what hour.", "Write it like 2022-03-28T17:00:00Z.")
    return int(ingest.placed(when, zone).timestamp() * 1000)
