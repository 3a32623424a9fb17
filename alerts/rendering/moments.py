"""Instants as people read them. Everything is UTC except what belongs to a clock, which has its own zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts.model import Instant


def utc(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC)


def full(moment: datetime) -> str:
    """28 March 2022, 17:00 UTC."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def brief(instant: Instant, clock: str) -> str:
    """08:00 Wed 28 Mar, in the zone of the clock."""
    moment = utc(instant).astimezone(zone(clock))
    return f"{moment:%H:%M %a} {moment.day} {moment:%b}"


def since_then(instant: Instant, horizon: Instant) -> str:
    """14:02 UTC, with the day where it is not the horizon's."""
    moment = utc(instant)
    day = "" if moment.date() == utc(horizon).date() else f" on {moment.day} {moment:%B}"
    return f"{moment:%H:%M} UTC{day}"


def zone(clock: str) -> tzinfo:
    """The zone a clock names last (`daily 08:00 Europe/Kyiv`), UTC where it names none."""
    try:
        return ZoneInfo(clock.rpartition(" ")[2] or "UTC")
    except (KeyError, ValueError, OSError):  # an unknown name, an unfit one, a folder of zones
        return UTC


def zone_name(clock: str) -> str:
    return str(zone(clock))
