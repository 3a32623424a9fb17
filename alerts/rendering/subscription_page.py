"""The page of one subscription: what is typed, chosen from, wrong with it; what it would have brought."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Protocol

from alerts.errors import AlertsError
from alerts.locales import Locale
from alerts.model import Instant, minute_of
from alerts.rendering import moments
from alerts.rendering.page import ShownFault
from alerts.rendering.previewed import PreviewView, ShownPreview, previewed
from alerts.rendering.words import commas


class TypedSubscription(Protocol):
    """What is typed; the template reads the other fields, too."""

    @property
    def region(self) -> Sequence[str]: ...
    @property
    def zone(self) -> str: ...
    @property
    def hour(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def only_places(self) -> bool: ...


class OfferedChoices(Protocol):
    """What can be chosen from."""

    @property
    def chosen(self) -> Mapping[str, str]: ...
    @property
    def found(self) -> Mapping[str, str]: ...
    @property
    def unknown(self) -> Sequence[str]: ...
    @property
    def tags(self) -> Mapping[str, str]: ...
    @property
    def zones(self) -> Sequence[str]: ...


class ShownCountry(Protocol):
    """A country on the map."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def offered(self) -> bool: ...


class ShownPlaces(Protocol):
    """What can be chosen in one place; the part of the map is its upper left corner, width and height."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def outer(self) -> Mapping[str, str]: ...
    @property
    def box(self) -> tuple[int, int, int, int]: ...
    @property
    def mapped(self) -> Sequence[ShownCountry]: ...
    @property
    def offered(self) -> Mapping[str, str]: ...
    @property
    def deeper(self) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """What it shows. `faults` by the part that each is about; empty for what goes for all of it."""

    key: str
    typed: TypedSubscription
    choices: OfferedChoices
    faults: Mapping[str, ShownFault]
    preview: PreviewView | None
    clock: str  #: the time it is in their zone, and how far that is from UTC
    hour_there: str  #: the hour that is chosen, there and in UTC
    unchosen_zone: bool  #: nobody has chosen a zone: a browser may say which is theirs

    @classmethod
    def of(
        cls,
        key: str,
        typed: TypedSubscription,
        choices: OfferedChoices,
        faults: Mapping[str, AlertsError],
        preview: ShownPreview | None,
        *,
        now_ms: Instant,
        locale: Locale,
        unchosen_zone: bool = False,
    ) -> "SubscriptionPage":
        said = {part: ShownFault.of(fault, locale) for part, fault in faults.items()}
        clock = "" if "zone" in faults else _clock(typed.zone, now_ms, locale)
        hour = "" if "zone" in faults else hour_there(typed.hour, typed.zone, now_ms, locale)
        brought = previewed(preview, locale) if preview else None
        return cls(key, typed, choices, said, brought, clock, hour, unchosen_zone)

    @property
    def more(self) -> bool:
        """Whether there is more to be seen of it than places: something is chosen, or wrong."""
        return not self.typed.only_places or bool({*self.faults} - {"regions", "address"})


def _clock(zone: str, now_ms: Instant, locale: Locale) -> str:
    """18:40, UTC+02:00."""
    local = moments.utc(now_ms).astimezone(moments.zone(zone))
    return commas((locale.time(local), f"UTC{local.isoformat()[-6:]}"), locale)


def hour_there(hour: str, zone: str, now_ms: Instant, locale: Locale) -> str:
    """“08:00 in Kyiv, which is 06:00 UTC today.” Empty for what is no hour, and for a zone of no place."""
    minute = minute_of(hour)
    if minute is None or "/" not in zone or zone.startswith("Etc/"):
        return ""
    today = moments.utc(now_ms).astimezone(moments.zone(zone)).date()
    there = datetime.combine(today, time(*divmod(minute, 60)), moments.zone(zone))
    then = there.astimezone(UTC)
    given = {"time": locale.time(there), "city": locale.zone_city(zone), "utc": locale.time(then)}
    if then.date() < today:
        return locale.gettext("%(time)s in %(city)s, which is %(utc)s UTC the day before.", **given)
    if then.date() > today:
        return locale.gettext("%(time)s in %(city)s, which is %(utc)s UTC the day after.", **given)
    return locale.gettext("%(time)s in %(city)s, which is %(utc)s UTC today.", **given)
