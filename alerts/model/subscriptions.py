"""Who wants what, and when: filters, cadences, subscriptions, and the audiences that share them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from alerts.errors import BadInput
from alerts.model.channels import Channel
from alerts.model.names import Instant, name_of
from alerts.model.updates import Severity
from alerts.texts import Text


@dataclass(frozen=True, slots=True)
class Filter:
    """What a subscription wants: an update in any of the regions that satisfies the tags and the severity."""

    regions: tuple[str, ...]
    any_tags: tuple[str, ...] = ()
    all_tags: tuple[str, ...] = ()
    none_tags: tuple[str, ...] = ()
    min_severity: Severity = Severity.MINOR


class Rhythm(StrEnum):
    IMMEDIATE = "immediate"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


_CADENCE = re.compile(
    r"(immediate|hourly)|daily (\d\d?):(\d\d)|weekly ([a-z]{3}(?: ?, ?[a-z]{3})*) (\d\d?):(\d\d)"
)
_TIME = re.compile("([0-9]{1,2}):([0-9]{2})")
#: With any spaces, and with the dash that a word processor makes of a hyphen.
_QUIET = re.compile(r"(\d\d?):(\d\d)\s*[-–]\s*(\d\d?):(\d\d)")


@dataclass(frozen=True, slots=True, order=True)
class Cadence:
    """When a subscription is served. `minute` counts from local midnight; `days` from Monday = 0."""

    rhythm: Rhythm = Rhythm.IMMEDIATE
    minute: int = 0
    days: tuple[int, ...] = ()

    @classmethod
    @lru_cache(maxsize=10_000)
    def parse(cls, text: str) -> "Cadence":
        """Read `immediate`, `hourly`, `daily 08:00`, `weekly mon,thu 08:00`. Raises BadInput."""
        found = _CADENCE.fullmatch(" ".join(text.lower().split()))
        if found:
            plain, hour, minute, days, week_hour, week_minute = found.groups()
            if plain:
                return cls(Rhythm(plain))
            if days is None:
                at = clock_minute(hour, minute)
                if at is not None:
                    return cls(Rhythm.DAILY, at)
            else:
                at, names = clock_minute(week_hour, week_minute), days.replace(" ", "").split(",")
                if at is not None and all(name in WEEKDAYS for name in names):
                    return cls(Rhythm.WEEKLY, at, tuple(sorted({WEEKDAYS.index(name) for name in names})))
        raise BadInput(
            Text("“%(cadence)s” is not a cadence.", cadence=text[:60]),
            Text("Write immediate, hourly, daily 08:00, or weekly mon 08:00 (several days: mon,thu)."),
        )

    def __str__(self) -> str:
        at = f"{self.minute // 60:02}:{self.minute % 60:02}"
        if self.rhythm is Rhythm.DAILY:
            return f"daily {at}"
        if self.rhythm is Rhythm.WEEKLY:
            return f"weekly {','.join(WEEKDAYS[d] for d in self.days)} {at}"
        return self.rhythm.value


@dataclass(frozen=True, slots=True, order=True)
class QuietHours:
    """A part of each local day, `[start, end)` in minutes from midnight, across midnight if start > end."""

    start: int
    end: int

    @classmethod
    @lru_cache(maxsize=10_000)
    def parse(cls, text: str) -> "QuietHours":
        """Read `22:00-07:00`. Raises BadInput."""
        found = _QUIET.fullmatch(text.strip())
        if found:
            start, end = clock_minute(*found.groups()[:2]), clock_minute(*found.groups()[2:])
            if start is not None and start == end:
                raise BadInput(
                    Text("The quiet hours “%(hours)s” begin and end at the same time.", hours=text[:40]),
                    Text("Write them like 22:00-07:00; to get nothing for a while, pause the alerts."),
                )
            if start is not None and end is not None:
                return cls(start, end)
        raise BadInput(
            Text("“%(hours)s” are not quiet hours.", hours=text[:40]), Text("Write them like 22:00-07:00.")
        )

    def __str__(self) -> str:
        return "-".join(f"{m // 60:02}:{m % 60:02}" for m in (self.start, self.end))


def minute_of(time: str) -> int | None:
    """Minutes from midnight of a time such as 8:00, or None for what no clock shows."""
    found = _TIME.fullmatch(time)
    return clock_minute(*found.groups()) if found else None


def clock_minute(hour: str, minute: str) -> int | None:
    """Minutes from midnight, or None for a time no clock shows."""
    at = int(hour) * 60 + int(minute)
    return at if int(hour) < 24 and int(minute) < 60 else None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A filter and a cadence. Inside an audience the name is empty: names do not make wishes differ.

    `cap`: this many a day are sent in full, what follows is folded. `all_quiet`: a daily or weekly slot with
    nothing to tell says so.
    """

    filter: Filter
    cadence: Cadence = Cadence()
    quiet: QuietHours | None = None
    bypass: Severity | None = None
    name: str = ""
    cap: int | None = None
    all_quiet: bool = False


@dataclass(frozen=True)
class Audience:
    """All subscribers of one channel whose subscriptions are equal. Its id *is* its definition, hashed."""

    channel: Channel
    zone: str
    subscriptions: tuple[Subscription, ...]

    @classmethod
    def of(cls, channel: Channel, zone: str, subscriptions: Iterable[Subscription]) -> "Audience":
        """The audience of these wishes: unnamed, in one order, without a zone where no clock reads it."""
        unnamed = {replace(subscription, name="") for subscription in subscriptions}
        ordered = tuple(sorted(unnamed, key=lambda s: name_of(subscription_to_dict(s))))
        timeless = all(
            s.cadence.rhythm is Rhythm.IMMEDIATE and s.quiet is None and s.cap is None for s in ordered
        )
        return cls(channel, "" if timeless else zone, ordered)

    @cached_property
    def id(self) -> str:
        return name_of(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "zone": self.zone,
            "subscriptions": [subscription_to_dict(s) for s in self.subscriptions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Audience":
        return cls(
            Channel(data["channel"]),
            data["zone"],
            tuple(subscription_from_dict(s) for s in data["subscriptions"]),
        )


def subscription_to_dict(subscription: Subscription) -> dict[str, Any]:
    """The subscription as it is kept and as `-o json` has it: defaults left out, names of the interface."""
    wanted = subscription.filter
    full = {
        "name": subscription.name,
        "regions": list(wanted.regions),
        "tags": list(wanted.any_tags),
        "all_tags": list(wanted.all_tags),
        "none_tags": list(wanted.none_tags),
        "min_severity": "" if wanted.min_severity is Severity.MINOR else wanted.min_severity.value,
        "cadence": str(subscription.cadence),
        "quiet_hours": str(subscription.quiet or ""),
        "bypass": subscription.bypass.value if subscription.bypass else "",
        "daily_cap": subscription.cap,
        "all_quiet": subscription.all_quiet,
    }
    return {key: value for key, value in full.items() if value}


def subscription_from_dict(data: Mapping[str, Any]) -> Subscription:
    """Read back what `subscription_to_dict` wrote."""
    return Subscription(
        Filter(
            tuple(data["regions"]),
            tuple(data.get("tags", ())),
            tuple(data.get("all_tags", ())),
            tuple(data.get("none_tags", ())),
            Severity(data.get("min_severity", "minor")),
        ),
        Cadence.parse(data["cadence"]),
        QuietHours.parse(data["quiet_hours"]) if "quiet_hours" in data else None,
        Severity(data["bypass"]) if "bypass" in data else None,
        data.get("name", ""),
        data.get("daily_cap"),
        data.get("all_quiet", False),
    )


class Standing(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One destination that receives. `address` is in the form of its channel.

    `joined_ms` is when the present wishes began: what was accepted earlier is not owed under them. `scope`
    is the label of the list they came by, empty for who was added by hand. `declined` are subscriptions that
    they ended themselves, by their link: in no audience, and brought back by no file.
    """

    sid: int
    channel: Channel
    address: str
    zone: str
    subscriptions: tuple[Subscription, ...]
    joined_ms: Instant
    name: str = ""
    standing: Standing = Standing.ACTIVE
    paused_until_ms: Instant | None = None
    scope: str = ""
    declined: tuple[Subscription, ...] = ()
    owner: str = ""  #: the address that is told when nothing reaches this one any more; empty: the operators
    language: str = ""  #: in which they read, as BCP 47 writes it; empty: the one of the installation

    @property
    def audience(self) -> Audience:
        return _audience(self.channel, self.zone, self.subscriptions)


@lru_cache(maxsize=10_000)
def _audience(channel: Channel, zone: str, subscriptions: tuple[Subscription, ...]) -> Audience:
    """Many people share one: its id and its order are worked out once."""
    return Audience.of(channel, zone, subscriptions)
