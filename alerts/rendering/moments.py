"""Instants as people read them: in the zone of the clock where what they stand in has one, else in UTC."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from alerts.locales import Locale
from alerts.model import Instant


def utc(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant / 1000, UTC)


def full(moment: datetime, clock: str, locale: Locale) -> str:
    """28 March 2022, 17:00 UTC; 28 March 2022, 20:00 Europe/Kyiv."""
    return locale.moment(moment.astimezone(zone(clock)))


def weekday(moment: date, clock: str, locale: Locale) -> str:
    """Wednesday 28 March, in the zone of the clock where an hour is known."""
    local = moment.astimezone(zone(clock)) if isinstance(moment, datetime) else moment
    return locale.gettext("%(weekday)s %(day)s", weekday=locale.weekday(local), day=locale.day(local))


def brief(instant: Instant, clock: str, locale: Locale) -> str:
    """08:00 Wed 28 Mar, in the zone of the clock."""
    moment = utc(instant).astimezone(zone(clock))
    return locale.gettext(
        "%(time)s %(weekday)s %(day)s",
        time=locale.time(moment),
        weekday=locale.short_weekday(moment),
        day=locale.short_day(moment),
    )


def brief_in_zone(instant: Instant, clock: str, locale: Locale) -> str:
    """08:00 Wed 28 Mar Europe/Kyiv."""
    return locale.gettext("%(moment)s %(zone)s", moment=brief(instant, clock, locale), zone=zone_name(clock))


def since_then(instant: Instant, horizon: Instant, clock: str, locale: Locale) -> str:
    """14:02 UTC, with the day where it is not the horizon's, in the zone of the clock."""
    moment, then = (utc(at).astimezone(zone(clock)) for at in (instant, horizon))
    time, name = locale.time(moment), zone_name(clock)
    if moment.date() == then.date():
        return locale.gettext("%(time)s %(zone)s", time=time, zone=name)
    return locale.gettext("%(time)s %(zone)s on %(day)s", time=time, zone=name, day=locale.day(moment))


def zone(clock: str) -> tzinfo:
    """The zone a clock names last (`daily 08:00 Europe/Kyiv`), UTC where it names none."""
    try:
        return ZoneInfo(clock.rpartition(" ")[2] or "UTC")
    except (KeyError, ValueError, OSError):  # an unknown name, an unfit one, a folder of zones
        return UTC


def zone_name(clock: str) -> str:
    return str(zone(clock))
