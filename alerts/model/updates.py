"""Updates and their revisions: one situation, told in numbered steps."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from alerts.model.names import Instant, name_of

#: Headlines become mail subjects; longer ones are refused, so that no reader ever sees half of one.
HEADLINE_MAX = 250


class Kind(StrEnum):
    """What a revision does to the situation (CAP 1.2 msgType, in a desk's words)."""

    NEW = "new"
    UPDATE = "update"
    CORRECTION = "correction"
    CANCEL = "cancel"  #: it is over (CAP: Cancel, AllClear)
    RETRACTION = "retraction"  #: it never was so (CAP: Error)

    ends: bool  #: whether there is nothing further to tell of the situation, for either reason
    corrective: bool  #: whether it goes to everybody it was delivered to before, whatever they subscribe to

    def __init__(self, word: str) -> None:
        # Attributes: matching, and looking back on a month, ask for them a hundred thousand times.
        self.ends = word in ("cancel", "retraction")
        self.corrective = self.ends or word == "correction"


_UPWARDS = ("minor", "unknown", "moderate", "severe", "extreme")


class Severity(StrEnum):
    """CAP 1.2 §3.2.3. For ordering, `unknown` stands between minor and moderate."""

    EXTREME = "extreme"
    SEVERE = "severe"
    MODERATE = "moderate"
    UNKNOWN = "unknown"
    MINOR = "minor"

    rank: int  #: from 1 up
    urgent: bool  #: whether what is this severe, and real, goes before all else

    def __init__(self, word: str) -> None:
        self.rank = _UPWARDS.index(word) + 1
        self.urgent = word in ("severe", "extreme")


class Urgency(StrEnum):
    IMMEDIATE = "immediate"
    EXPECTED = "expected"
    FUTURE = "future"
    PAST = "past"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """CAP 1.2 status: only `actual` is meant for action."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Translation:
    """The words of an update in another language; what is empty has not been translated."""

    language: str  #: as BCP 47 writes it
    headline: str
    key_points: tuple[str, ...] = ()
    body: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One revision of an update as its author wrote it: not yet numbered, not yet accepted."""

    headline: str
    regions: tuple[str, ...]  #: in their author's order: the first is where it stands in a digest
    id: str = ""
    kind: Kind | None = None
    key_points: tuple[str, ...] = ()
    body: str = ""
    tags: tuple[str, ...] = ()
    severity: Severity = Severity.UNKNOWN
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    status: Status = Status.ACTUAL
    note: str = ""
    author: str = ""
    source: str = ""
    url: str = ""
    published_at: date | None = None  #: a time, or a day where nobody wrote an hour
    expires_at: datetime | None = None
    language: str = ""  #: of its words, as BCP 47 writes it; empty where its author does not say
    public: bool | None = None  #: whether everybody may read it; None: what is real, and no exercise
    shapes: tuple[str, ...] = ()  #: where it is, as `model.shapes` writes polygons and circles
    translations: tuple[Translation, ...] = ()  #: one a language, in the order of their tags

    def to_dict(self) -> dict[str, Any]:
        """The update as JSON, in the shape of the public interface."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in fields(Draft)}
        return plain | {"translations": {one.language: _words(one) for one in self.translations}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Draft":
        """Read back what `to_dict` wrote. Input from outside goes through `ingest` instead."""
        return cls(
            headline=data["headline"],
            regions=tuple(data["regions"]),
            id=data["id"],
            kind=Kind(data["kind"]) if data["kind"] else None,
            key_points=tuple(data["key_points"]),
            body=data["body"],
            tags=tuple(data["tags"]),
            severity=Severity(data["severity"]),
            urgency=Urgency(data["urgency"]),
            certainty=Certainty(data["certainty"]),
            status=Status(data["status"]),
            note=data["note"],
            author=data["author"],
            source=data["source"],
            url=data["url"],
            published_at=_when(data["published_at"]),
            expires_at=_instant(data["expires_at"]),
            language=data.get("language", ""),
            public=data.get("public"),  # what was kept before there was such a field says nothing of it
            shapes=tuple(data.get("shapes", ())),
            translations=tuple(
                Translation(tag, words["headline"], tuple(words["key_points"]), words["body"], words["note"])
                for tag, words in data.get("translations", {}).items()
            ),
        )

    @property
    def urgent(self) -> bool:
        """Whether it is real and severe enough to go before all else. No exercise and no test is."""
        return self.status is Status.ACTUAL and self.severity.urgent

    @property
    def for_everybody(self) -> bool:
        """Whether everybody may read it, where there are pages for everybody."""
        return self.status is Status.ACTUAL if self.public is None else self.public

    @property
    def fingerprint(self) -> str:
        """Equal for equal content, whatever the id and the order of regions: how repeats are known.

        Fields that came later and say nothing are left out: they must not make old content news.
        """
        content = {k: v for k, v in self.to_dict().items() if k != "id"}
        if not self.language:
            del content["language"]
        if self.public is None:
            del content["public"]
        if not self.shapes:
            del content["shapes"]
        if not self.translations:
            del content["translations"]
        return name_of(content | {"regions": sorted(self.regions)})


class Ref(str):
    """A revision by name: `ua-ru-talks.r2` is revision 2 of `ua-ru-talks`."""

    __slots__ = ()

    @classmethod
    def of(cls, update: str, number: int) -> "Ref":
        return cls(f"{update}.r{number}")

    @classmethod
    def between(cls, update: str, after: int, last: int) -> list["Ref"]:
        """The revisions of an update after number `after`, up to and with number `last`."""
        return [cls.of(update, number) for number in range(after + 1, last + 1)]

    @property
    def update(self) -> str:
        return self.rpartition(".r")[0]

    @property
    def number(self) -> int:
        return int(self.rpartition(".r")[2])


@dataclass(frozen=True, slots=True)
class Revision:
    """A numbered revision of an update. `accepted_ms` is its place in the log; None while it is held."""

    update: str
    number: int
    draft: Draft
    accepted_ms: Instant | None = None

    @property
    def ref(self) -> Ref:
        return Ref.of(self.update, self.number)

    @property
    def kind(self) -> Kind:
        return self.draft.kind or (Kind.NEW if self.number == 1 else Kind.UPDATE)

    @property
    def urgent(self) -> bool:
        """Whether every step of it takes the `urgent` lane."""
        return self.draft.urgent


def _words(translation: Translation) -> dict[str, Any]:
    words = {f.name: _plain(getattr(translation, f.name)) for f in fields(Translation)}
    return {name: value for name, value in words.items() if name != "language"}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _when(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and "T" not in text else _instant(text)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
