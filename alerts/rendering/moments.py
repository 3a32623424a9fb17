"""Instants as people read them: in the zone of the clock where what they stand in has one, else in UTC."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts.model import Instant


def utc(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC)


def full(moment: datetime, clock: str = "") -> str:
    """28 March 2022, 17:00 UTC; 28 March 2022, 20:00 Europe/Kyiv."""
    moment = moment.astimezone(zone(clock))
    return f"{day(moment)}, {moment:%H:%M} {zone_name(clock)}"


def day(moment: date) -> str:
    """28 March 2022."""
    return f"{moment.day} {moment:%B %Y}"


def weekday(moment: date, clock: str) -> str:
    """Wednesday 28 March, in the zone of the clock where an hour is known."""
    local = moment.astimezone(zone(clock)) if isinstance(moment, datetime) else moment
    return f"{local:%A} {local.day} {local:%B}"


def brief(instant: Instant, clock: str) -> str:
    """08:00 Wed 28 Mar, in the zone of the clock."""
    moment = utc(instant).astimezone(zone(clock))
    return f"{moment:%H:%M %a} {moment.day} {moment:%b}"


def since_then(instant: Instant, horizon: Instant, clock: str = "") -> str:
    """14:02 UTC, with the day where it is not the horizon's, in the zone of the clock."""
    moment, then = (utc(at).astimezone(zone(clock)) for at in (instant, horizon))
    on = "" if moment.date() == then.date() else f" on {moment.day} {moment:%B}"
    return f"{moment:%H:%M} {zone_name(clock)}{on}"


def zone(clock: str) -> tzinfo:
    """The zone a clock names last (`daily 08:00 Europe/Kyiv`), UTC where it names none."""
    try:
        return ZoneInfo(clock.rpartition(" ")[2] or "UTC")
    except (KeyError, ValueError, OSError):  # an unknown name, an unfit one, a folder of zones
        return UTC


def zone_name(clock: str) -> str:
    return str(zone(clock))
