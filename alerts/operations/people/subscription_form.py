"""The form of a subscription: what is typed, as a query that any link can carry, and what it asks for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from alerts.errors import BadInput, FaultsOfParts
from alerts.model import WEEKDAYS, minute_of
from alerts.operations.subscribing.requested import Requested
from alerts.texts import Text

#: Places of one form. Each that nobody knows is compared with every name there is, some milliseconds.
PLACES_MOST = 60
#: Characters of a query: some hundred places by their codes, and every tag.
RAW_MAX = 16 * 1024
#: Fields of one: a box each that is ticked.
FIELDS_MAX = 600
#: What the usual day begins with, for who chooses a time of day.
USUAL_HOUR = "08:00"
_RHYTHMS = ("immediate", "hourly", "daily", "weekly")
#: What stands between two places: a semicolon, or the Arabic one, the only one on an Arabic keyboard.
_BETWEEN_PLACES = re.compile("[;؛]")


def too_many_places() -> BadInput:
    """What is wrong with a form that names more than `PLACES_MOST`."""
    return BadInput(
        Text.counted(
            "More than %(num)s places are named.", "More than %(num)s places are named.", PLACES_MOST
        ),
        Text("Name larger ones, such as Europe."),
    )


Pairs = Sequence[tuple[str, str]]


def pairs_of(raw: str) -> Pairs:
    """The fields of a query or a sent form in their order; none of what no form of ours can have sent."""
    try:
        return parse_qsl(raw, errors="strict", max_num_fields=FIELDS_MAX) if len(raw) <= RAW_MAX else []
    except ValueError:
        return []


def places_in(typed: str) -> tuple[str, ...]:
    """The places that somebody has typed with a semicolon between them, as they typed each."""
    return tuple(part for part in map(str.strip, _BETWEEN_PLACES.split(typed)) if part)


@dataclass(frozen=True, slots=True)
class SubscriptionForm:
    """What is typed, by the names of the fields; a list is a row of boxes that are ticked."""

    region: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    all_tag: tuple[str, ...] = ()
    none_tag: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    q: str = ""  #: places that are typed and not yet looked up, with a semicolon between them
    name: str = ""
    severity: str = ""
    rhythm: str = "immediate"
    hour: str = USUAL_HOUR
    zone: str = ""
    quiet_from: str = ""
    quiet_to: str = ""
    bypass: str = ""
    cap: str = ""
    all_quiet: str = ""

    @classmethod
    def of(cls, asked: Requested, zone: str) -> "SubscriptionForm":
        """The form filled in with what somebody has."""
        rhythm, *when = asked.cadence.split() or ["immediate"]
        quiet_from, _, quiet_to = asked.quiet_hours.partition("-")
        return cls(
            asked.regions,
            asked.tags,
            asked.all_tags,
            asked.none_tags,
            tuple(when[0].split(",")) if rhythm == "weekly" else (),
            "",
            asked.name,
            asked.min_severity,
            rhythm,
            when[-1] if when else USUAL_HOUR,
            zone,
            quiet_from,
            quiet_to,
            asked.bypass,
            asked.daily_cap,
            asked.all_quiet,
        )

    @classmethod
    def read(cls, pairs: Pairs) -> "SubscriptionForm":
        """What a query or a sent form says of it."""
        found: dict[str, list[str]] = {}
        for field, value in pairs:
            found.setdefault(field, []).append(value.strip())
        given = {
            one.name: tuple(dict.fromkeys(found[one.name])) if one.name in LISTS else found[one.name][-1]
            for one in fields(cls)
            if one.name in found
        }
        return cls(**given)  # type: ignore[arg-type]  # lists where they are lists, else text

    @property
    def query(self) -> str:
        """The same as a query, for links; what is as in an empty form is left out but for the rhythm."""
        empty = SubscriptionForm()
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        kept = {n: v for n, v in given.items() if n == "rhythm" or v != getattr(empty, n)}
        return urlencode(kept, doseq=True)

    @property
    def only_places(self) -> bool:
        """Whether nothing is chosen but places; the zone alone is nothing."""
        return replace(self, region=(), q="", zone="") == SubscriptionForm()

    @property
    def typed_places(self) -> tuple[str, ...]:
        return places_in(self.q)

    def toggled(self, code: str) -> "SubscriptionForm":
        """With a place chosen, or not any more."""
        return self.without(code) if code in self.region else self.beside(code)

    def without(self, code: str) -> "SubscriptionForm":
        return replace(self, region=tuple(one for one in self.region if one != code))

    def beside(self, *codes: str) -> "SubscriptionForm":
        return replace(self, region=tuple(dict.fromkeys([*self.region, *codes])))

    def requested(self) -> tuple[Requested, Mapping[str, BadInput]]:
        """The subscription in words, and what the form itself knows to be wrong, by the part it is about."""
        faults = FaultsOfParts()
        asked = Requested(
            faults.of("regions", self._places, self.region),
            self.tag,
            self.all_tag,
            self.none_tag,
            self.severity,
            faults.of("cadence", self._cadence, ""),
            faults.of("quiet_hours", self._quiet_hours, ""),
            self.bypass,
            self.cap,
            self.all_quiet,
            self.name,
        )
        return asked, faults.found

    def _places(self) -> tuple[str, ...]:
        if len(self.typed_places) > PLACES_MOST:
            raise too_many_places()
        return (*self.region, *self.typed_places)

    def _cadence(self) -> str:
        if self.rhythm not in _RHYTHMS:
            raise BadInput(Text("This is not one of the cadences."), Text("Choose one from the list."))
        if self.rhythm == "weekly":
            if not self.day or not set(WEEKDAYS).issuperset(self.day):
                raise BadInput(Text("No day of the week is chosen."), Text("Choose one or more."))
            return f"weekly {','.join(self.day)} {self._hour()}"
        return f"daily {self._hour()}" if self.rhythm == "daily" else self.rhythm

    def _hour(self) -> str:
        if minute_of(self.hour) is None:
            raise BadInput(
                Text("“%(time)s” is not a time of day.", time=self.hour[:20]), Text("Write it like 08:00.")
            )
        return self.hour

    def _quiet_hours(self) -> str:
        if bool(self.quiet_from) != bool(self.quiet_to):
            raise BadInput(Text("Only one end of the quiet hours is given."), Text("Give both, or neither."))
        return f"{self.quiet_from}-{self.quiet_to}" if self.quiet_from else ""


#: The fields that may be there several times.
LISTS = tuple(one.name for one in fields(SubscriptionForm) if one.default == ())
