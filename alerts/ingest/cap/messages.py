"""One message as it says it: names, times and words read tolerantly, everything else left as it is.

Raises for what nobody can guess (who says it, when, whether it is meant); notes what it took in spite of the
schema.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar
from xml.etree import ElementTree as ET

from alerts.errors import BadInput, Faults
from alerts.ingest.cap import elements
from alerts.ingest.cap.envelopes import Envelope
from alerts.ingest.cap.references import Reference, references
from alerts.ingest.cleaning import excerpt, one_line
from alerts.model import Certainty, Severity, Urgency

_Word = TypeVar("_Word", bound=StrEnum)

#: As many blocks, and areas in each, as the largest real messages have ten times over.
_INFOS_MAX, _AREAS_MAX = 50, 1000
#: The Buddhist era, in which Thailand counts, is this far ahead; CAP is younger than any year beyond.
_BUDDHIST_YEARS, _BUDDHIST_FROM = 543, 2443
_YEAR = re.compile(r"[0-9]{4}(?=-)")
#: CAP 1.0 had one more degree of certainty.
_OLD_WORDS = {"very likely": "likely"}


class MessageType(StrEnum):
    """What a message is to those before it (CAP 1.2 §3.2.1)."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"
    ACK = "ack"
    ERROR = "error"


class CapStatus(StrEnum):
    """Whether a message is meant (CAP 1.2 §3.2.1)."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    SYSTEM = "system"
    TEST = "test"
    DRAFT = "draft"


class CapScope(StrEnum):
    """For whom a message is (CAP 1.2 §3.2.1)."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class CapArea:
    description: str
    geocodes: Sequence[tuple[str, str]]
    polygons: Sequence[str]
    circles: Sequence[str]


@dataclass(frozen=True, slots=True)
class CapInfo:
    """A block: what is said in one language, or to one audience."""

    language: str
    categories: Sequence[str]
    event: str
    responses: Sequence[str]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    onset: datetime | None
    expires: datetime | None
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    areas: Sequence[CapArea]


@dataclass(frozen=True, slots=True)
class CapAlert:
    """A message. `notes` say what was taken in spite of the schema, or is not as one expects."""

    sender: str
    identifier: str
    sent: datetime
    status: CapStatus
    type: MessageType
    scope: CapScope
    note: str
    references: Sequence[Reference]
    incidents: Sequence[str]
    infos: Sequence[CapInfo]
    resources: int
    signed: bool
    notes: list[str] = field(default_factory=list)


def read_message(envelope: Envelope) -> CapAlert:
    """Read a message. Raises BadInput naming all that it lacks."""
    alert, notes, faults = envelope.alert, list[str](), Faults()
    if not envelope.version:
        notes.append("is in no namespace: taken as CAP 1.2")
    needed = partial(_needed, alert)
    sender = faults.of(lambda: one_line(needed("sender")), "")
    identifier = faults.of(lambda: one_line(needed("identifier")), "")
    sent = faults.of(lambda: _sent(needed("sent"), notes), datetime.min.replace(tzinfo=UTC))
    status = faults.of(lambda: _required(CapStatus, "status", needed("status")), CapStatus.ACTUAL)
    kind = faults.of(lambda: _required(MessageType, "msgType", needed("msgType")), MessageType.ALERT)
    scope = faults.of(lambda: _scope(envelope, notes), CapScope.PUBLIC)
    status = faults.of(lambda: _stricter(status, envelope.status, notes), status)
    blocks = elements.children(alert, "info")
    if len(blocks) > _INFOS_MAX:
        faults.found.append(BadInput(f"It has more than {_INFOS_MAX} info blocks.", "Split it."))
    infos = [faults.of(partial(_info, block, notes), None) for block in blocks[:_INFOS_MAX]]
    faults.complain()
    return CapAlert(
        sender,
        identifier,
        sent,
        status,
        kind,
        scope,
        one_line(elements.text(alert, "note")),
        references(elements.text(alert, "references"), sender, identifier, notes),
        tuple(one_line(incident) for incident in _incidents(elements.text(alert, "incidents"))),
        tuple(info for info in infos if info),
        sum(len(elements.children(block, "resource")) for block in blocks),
        any(elements.local(child) == "Signature" for child in alert),
        list(dict.fromkeys(notes)),
    )


def _needed(alert: ET.Element, name: str) -> str:
    said = elements.text(alert, name)
    if not said:
        raise BadInput(f"The message has no `{name}`.", "CAP requires it, and it cannot be guessed.")
    return said


def _scope(envelope: Envelope, notes: list[str]) -> CapScope:
    said = elements.text(envelope.alert, "scope")
    if not said and envelope.version == "1.0":
        notes.append("has no scope, which CAP 1.0 allows: taken as Public")
        return CapScope.PUBLIC
    return _required(CapScope, "scope", _needed(envelope.alert, "scope"))


def _stricter(status: CapStatus, envelope: str, notes: list[str]) -> CapStatus:
    """The status of the distribution, where that is not meant though its message is. Raises BadInput."""
    if not envelope or status is not CapStatus.ACTUAL:
        return status
    around = _required(CapStatus, "distributionStatus", envelope)
    if around is not status:
        notes.append(
            f"came in a distribution of status {around}: taken as such, though it says {status} itself"
        )
    return around


def _required(words: type[_Word], name: str, said: str) -> _Word:
    word = one_line(said).lower()
    if word in [known.value for known in words]:
        return words(word)
    raise BadInput(
        f"Its `{name}` cannot be {excerpt(said)}.",
        f"It is one of {', '.join(known.value.capitalize() for known in words)}.",
    )


def _word(words: type[_Word], name: str, said: str, notes: list[str]) -> _Word:
    """A degree; unknown for none and for one that CAP does not have."""
    word = _OLD_WORDS.get(one_line(said).lower(), one_line(said).lower())
    if word in [known.value for known in words]:
        return words(word)
    notes.append(
        f"has a {name} that CAP does not know, {excerpt(said)}: taken as unknown"
        if word
        else f"says no {name}"
    )
    return words("unknown")


def _info(block: ET.Element, notes: list[str]) -> CapInfo:
    areas = elements.children(block, "area")
    if len(areas) > _AREAS_MAX:
        raise BadInput(f"It has more than {_AREAS_MAX:,} areas.", "Split it.")
    text = partial(elements.text, block)
    return CapInfo(
        one_line(text("language")),
        tuple(elements.texts(block, "category")),
        one_line(text("event")),
        tuple(response.lower() for response in elements.texts(block, "responseType")),
        _word(Urgency, "urgency", text("urgency"), notes),
        _word(Severity, "severity", text("severity"), notes),
        _word(Certainty, "certainty", text("certainty"), notes),
        _when("onset", text("onset"), notes),
        _when("expires", text("expires"), notes),
        one_line(text("senderName")),
        one_line(text("headline")),
        text("description"),
        text("instruction"),
        one_line(text("web")),
        text("contact"),
        tuple(
            CapArea(
                one_line(elements.text(area, "areaDesc")),
                elements.valued(area, "geocode"),
                elements.texts(area, "polygon"),
                elements.texts(area, "circle"),
            )
            for area in areas
        ),
    )


def _sent(said: str, notes: list[str]) -> datetime:
    when = _time(said, notes)
    if when is None:
        raise BadInput(
            f"Its `sent` is no time: {excerpt(said)}.", "CAP writes it like 2026-11-26T17:00:00+01:00."
        )
    if when.tzinfo is None:
        notes.append("says when it was sent without an offset: taken in the desk's time zone")
    return when


def _when(name: str, said: str, notes: list[str]) -> datetime | None:
    when = _time(said, notes) if said else None
    if said and when is None:
        notes.append(f"has {excerpt(said)} as {name}, which is no time: left out")
    return when


def _time(said: str, notes: list[str]) -> datetime | None:
    """A time as ISO 8601 has it. Years of the Buddhist era are put into ours."""
    text = one_line(said)
    year = _YEAR.match(text)
    if year and int(year[0]) >= _BUDDHIST_FROM:
        notes.append(
            f"counts years of the Buddhist era: {year[0]} is taken as {int(year[0]) - _BUDDHIST_YEARS}"
        )
        text = f"{int(year[0]) - _BUDDHIST_YEARS}{text[4:]}"
    try:
        return datetime.fromisoformat(text) if "T" in text or " " in text else None
    except ValueError:
        return None


def _incidents(said: str) -> list[str]:
    """They are parted by spaces; what holds spaces stands in quotes (§3.2.1)."""
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]+)"|(\S+)', said)]
