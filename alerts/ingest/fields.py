"""The fields of an update as outsiders may write them, and the Draft they make. Refuses; never cuts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from alerts.errors import BadInput, did_you_mean
from alerts.ingest.cleaning import excerpt, one_line, prose
from alerts.ingest.dates import read_time, until
from alerts.model import HEADLINE_MAX, SLUG, Certainty, Draft, Kind, Severity, Status, Urgency
from alerts.texts import excess

BODY_MAX = 100_000
LINE_MAX = 500
URL_MAX = 2000
KEY_POINTS_MAX = 20
REGIONS_MAX = 50
TAGS_MAX = 50

#: This many faults are told at once; after that a file is something else than an update.
_FAULTS_SHOWN = 5

#: What others call a field.
_ELSEWHERE = {
    "title": "headline",
    "subject": "headline",
    "date": "published_at",
    "expires": "expires_at",
    "region": "regions",
    "tag": "tags",
    "text": "body",
    "link": "url",
}

_Word = TypeVar("_Word", bound=StrEnum)


def _fault(predicate: str, hint: str) -> PydanticCustomError:
    """What is wrong with a field, to be read after its name."""
    return PydanticCustomError("fault", "{predicate}", {"predicate": predicate, "hint": hint})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _fault("must be text", "Write it in quotes.")
    return value


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise _fault(
            f"is {len(text):,} characters long; the limit is {limit:,}",
            "Shorten it: nothing is ever cut on its way to a reader.",
        )
    return text


def _line(limit: int) -> Callable[[object], str]:
    return lambda value: _within(one_line(_text(value)), limit)


def _body(value: object) -> str:
    body = _within(prose(_text(value)), BODY_MAX)
    if predicate := excess(body):
        raise _fault(predicate, "Write it flatter, with fewer signs; a backslash makes a sign mean itself.")
    return body


def _lines(count: int) -> Callable[[object], tuple[str, ...]]:
    """A list of texts, or one text; the empty ones are left out."""

    def read(value: object) -> tuple[str, ...]:
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, Sequence) or isinstance(items, bytes):
            raise _fault("must be a list of texts", 'Write it like ["one", "two"].')
        if len(items) > count:
            raise _fault(
                f"has {len(items):,} entries; the limit is {count}", "Keep the ones that matter most."
            )
        return tuple(filter(None, _each(_line(LINE_MAX), items)))

    return read


def _tags(value: object) -> tuple[str, ...]:
    return tuple(sorted(set(_each(_tag, _lines(TAGS_MAX)(value)))))


def _each(read: Callable[[Any], str], items: Sequence[object]) -> list[str]:
    """Every item as it is read. Raises one fault for all that cannot be."""
    found, faults = [], []
    for item in items:
        try:
            found.append(read(item))
        except PydanticCustomError as fault:
            faults.append(fault.context or {})
    if faults:
        predicates = dict.fromkeys(str(fault["predicate"]) for fault in faults)
        hints = dict.fromkeys(str(fault["hint"]) for fault in faults)
        raise _fault("; ".join(list(predicates)[:_FAULTS_SHOWN]), " ".join(hints))
    return found


def _tag(text: str) -> str:
    tag = text.lower().replace(" ", "-")
    if not SLUG.fullmatch(tag):
        raise _fault(
            f"cannot hold {excerpt(text)}",
            "A tag is made of the letters a-z, digits and hyphens, at most 64.",
        )
    return tag


def _id(value: object) -> str:
    text = one_line(_text(value))
    if text and not SLUG.fullmatch(text):
        raise _fault(
            f"cannot be {excerpt(text)}", "Use at most 64 of a-z, 0-9 and hyphens between them: ua-ru-talks."
        )
    return text


def _word(words: type[_Word]) -> Callable[[object], _Word]:
    """One of the words of an enumeration, in either case."""

    def read(value: object) -> _Word:
        text = one_line(_text(value)).lower()
        known = [word.value for word in words]
        if text in known:
            return words(text)
        near = get_close_matches(text[:80], known, 1)
        hint = f"It is one of {', '.join(known)}."
        raise _fault(f"cannot be {excerpt(text)}", f"{did_you_mean(near, '')} {hint}" if near else hint)

    return read


def _url(value: object) -> str:
    text = _within(one_line(_text(value)), URL_MAX)
    try:
        parts = urlsplit(text)
        usable = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text)
    except ValueError:  # an unfinished IPv6 address
        usable = False
    if not usable:
        raise _fault(f"cannot be {excerpt(text)}", "Give a whole address: https://example.org/page.")
    return text


def _time(value: object) -> date:
    """A time as written: without an hour a day, without an offset naive. `complete` knows the desk's zone."""
    text = one_line(_text(value))
    try:
        when = read_time(text)
    except BadInput as slip:
        raise _fault(f"contradicts itself: {slip.sentence.rstrip('.')}", slip.hint) from None
    if when is None:
        raise _fault(f"cannot be {excerpt(text)}", "Write a time like 2022-03-28T17:00:00Z or 2022-03-28.")
    return when


def _expiry(value: object) -> datetime:
    return until(_time(value))


class UpdateIn(BaseModel):
    """An update as the public interface writes it; every field may be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headline: Annotated[str, BeforeValidator(_line(HEADLINE_MAX))] = ""
    regions: Annotated[tuple[str, ...], BeforeValidator(_lines(REGIONS_MAX))] = ()
    id: Annotated[str, BeforeValidator(_id)] = ""
    kind: Annotated[Kind | None, BeforeValidator(_word(Kind))] = None
    key_points: Annotated[tuple[str, ...], BeforeValidator(_lines(KEY_POINTS_MAX))] = ()
    body: Annotated[str, BeforeValidator(_body)] = ""
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()
    severity: Annotated[Severity, BeforeValidator(_word(Severity))] = Severity.UNKNOWN
    urgency: Annotated[Urgency, BeforeValidator(_word(Urgency))] = Urgency.UNKNOWN
    certainty: Annotated[Certainty, BeforeValidator(_word(Certainty))] = Certainty.UNKNOWN
    status: Annotated[Status, BeforeValidator(_word(Status))] = Status.ACTUAL
    note: Annotated[str, BeforeValidator(_line(LINE_MAX))] = ""
    author: Annotated[str, BeforeValidator(_line(LINE_MAX))] = ""
    source: Annotated[str, BeforeValidator(_line(LINE_MAX))] = ""
    url: Annotated[str, BeforeValidator(_url)] = ""
    published_at: Annotated[datetime | date | None, BeforeValidator(_time)] = None
    expires_at: Annotated[datetime | None, BeforeValidator(_expiry)] = None


def draft_of(fields: Mapping[str, object]) -> Draft:
    """Make a draft of the fields; null and empty ones count as missing. Raises BadInput naming each fault.

    The draft may still lack a headline or a region, and its regions are texts, not codes.
    """
    given = {name: value for name, value in fields.items() if value not in (None, "", [], ())}
    strangers = [name for name in given if name not in UpdateIn.model_fields]
    if strangers:
        raise _unknown(strangers)
    try:
        return Draft(**UpdateIn.model_validate(given).model_dump())
    except ValidationError as invalid:
        raise _refusal(
            [(error["loc"], error["ctx"]) for error in invalid.errors(include_input=False)]
        ) from None


def _unknown(names: Sequence[str]) -> BadInput:
    listed = ", ".join(map(excerpt, names[:_FAULTS_SHOWN]))
    hints = dict.fromkeys(map(_near_field, names[:_FAULTS_SHOWN]))
    return BadInput(f"An update has no field {listed}.", " ".join(hints))


def _near_field(name: str) -> str:
    plain = name[:80].lower().replace("-", "_").replace(" ", "_")
    near = (
        [_ELSEWHERE[plain]]
        if plain in _ELSEWHERE
        else get_close_matches(plain, UpdateIn.model_fields, 1, 0.7)
    )
    return did_you_mean(near, "") if near else f"An update has {', '.join(UpdateIn.model_fields)}."


def _refusal(faults: list[tuple[tuple[int | str, ...], dict[str, Any]]]) -> BadInput:
    shown = [" ".join([*map(str, loc), ctx["predicate"]]) for loc, ctx in faults[:_FAULTS_SHOWN]]
    hints = dict.fromkeys(ctx["hint"] for _, ctx in faults[:_FAULTS_SHOWN])
    return BadInput("; ".join(shown) + ".", " ".join(hints))
