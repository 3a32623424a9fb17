"""The fields of an update as outsiders may write them, and the Draft they make. Refuses; never cuts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Annotated, NamedTuple, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from alerts.errors import BadInput, did_you_mean
from alerts.ingest.cleaning import excerpt, one_line
from alerts.ingest.dates import read_time, until
from alerts.ingest.field_faults import FAULTS_SHOWN, FieldFault, refusal
from alerts.ingest.field_texts import (
    KEY_POINTS_MAX,
    LINE_MAX,
    as_body,
    as_language,
    as_line,
    as_lines,
    as_text,
    each,
    within,
    wrong,
)
from alerts.ingest.other_words import FIELDS, WORDS
from alerts.ingest.shape_fields import drawn
from alerts.ingest.translated import TranslationIn, translated
from alerts.model import HEADLINE_MAX, SLUG, Certainty, Draft, Kind, Severity, Status, Translation, Urgency

URL_MAX = 2000
REGIONS_MAX = 50
TAGS_MAX = 50

_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}

_Word = TypeVar("_Word", bound=StrEnum)


def _tags(value: object) -> tuple[str, ...]:
    return tuple(sorted(set(each(_tag, as_lines(TAGS_MAX)(value)))))


def _tag(text: str) -> str:
    tag = text.lower().replace(" ", "-")
    if not SLUG.fullmatch(tag):
        raise wrong(
            f"cannot hold {excerpt(text)}",
            "A tag is made of the letters a-z, digits and hyphens, at most 64; `alerts tags list` has all.",
        )
    return tag


def _id(value: object) -> str:
    text = one_line(as_text(value))
    if text and not SLUG.fullmatch(text):
        raise wrong(
            f"cannot be {excerpt(text)}", "Use at most 64 of a-z, 0-9 and hyphens between them: ua-ru-talks."
        )
    return text


def _word(words: type[_Word]) -> Callable[[object], _Word]:
    """One of the words of an enumeration, in either case."""

    def read(value: object) -> _Word:
        text = one_line(as_text(value)).lower()
        known = [word.value for word in words]
        if text in known:
            return words(text)
        near = [w for w in (WORDS.get(text),) if w in known] or get_close_matches(text[:80], known, 1)
        hint = f"It is one of {', '.join(known)}."
        raise wrong(f"cannot be {excerpt(text)}", f"{did_you_mean(near, '')} {hint}" if near else hint)

    return read


def _url(value: object) -> str:
    text = within(one_line(as_text(value)), URL_MAX)
    try:
        parts = urlsplit(text)
        usable = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text)
    except ValueError:  # an unfinished IPv6 address
        usable = False
    if not usable:
        raise wrong(f"cannot be {excerpt(text)}", "Give a whole address: https://example.org/page.")
    return text


def _time(value: object) -> date:
    """A time as written: without an hour a day, without an offset naive. `complete` knows the desk's zone."""
    text = one_line(as_text(value))
    try:
        when = read_time(text)
    except BadInput as slip:
        raise wrong(f"contradicts itself: {slip.sentence.rstrip('.')}", slip.hint) from None
    if when is None:
        raise wrong(f"cannot be {excerpt(text)}", "Write a time like 2022-03-28T17:00:00Z or 2022-03-28.")
    return when


def _expiry(value: object) -> datetime:
    return until(_time(value))


def _yes_or_no(value: object) -> bool:
    """A truth, or the word for one: front matter has texts only."""
    text = one_line(str(value)).lower()
    if text not in _TRUTHS:
        raise wrong(f"cannot be {excerpt(text)}", "It is true or false.")
    return _TRUTHS[text]


class UpdateIn(BaseModel):
    """An update as the public interface writes it; every field may be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headline: Annotated[str, BeforeValidator(as_line(HEADLINE_MAX))] = ""
    regions: Annotated[tuple[str, ...], BeforeValidator(as_lines(REGIONS_MAX))] = ()
    id: Annotated[str, BeforeValidator(_id)] = ""
    kind: Annotated[Kind | None, BeforeValidator(_word(Kind))] = None
    key_points: Annotated[tuple[str, ...], BeforeValidator(as_lines(KEY_POINTS_MAX))] = ()
    body: Annotated[str, BeforeValidator(as_body)] = ""
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()
    severity: Annotated[Severity, BeforeValidator(_word(Severity))] = Severity.UNKNOWN
    urgency: Annotated[Urgency, BeforeValidator(_word(Urgency))] = Urgency.UNKNOWN
    certainty: Annotated[Certainty, BeforeValidator(_word(Certainty))] = Certainty.UNKNOWN
    status: Annotated[Status, BeforeValidator(_word(Status))] = Status.ACTUAL
    note: Annotated[str, BeforeValidator(as_line(LINE_MAX))] = ""
    author: Annotated[str, BeforeValidator(as_line(LINE_MAX))] = ""
    source: Annotated[str, BeforeValidator(as_line(LINE_MAX))] = ""
    url: Annotated[str, BeforeValidator(_url)] = ""
    published_at: Annotated[datetime | date | None, BeforeValidator(_time)] = None
    expires_at: Annotated[datetime | None, BeforeValidator(_expiry)] = None
    language: Annotated[str, BeforeValidator(as_language)] = ""
    public: Annotated[bool | None, BeforeValidator(_yes_or_no)] = None
    shapes: Annotated[tuple[str, ...], BeforeValidator(drawn)] = ()
    translations: Annotated[
        tuple[Translation, ...],
        BeforeValidator(translated, json_schema_input_type=dict[str, TranslationIn]),
        Field(json_schema_extra={"default": {}}),
    ] = ()


class FieldsRead(NamedTuple):
    """What fields say, as far as that can be read; what cannot, `unread`, counts as missing in the draft."""

    draft: Draft
    faults: tuple[FieldFault, ...]
    unread: frozenset[str]


def draft_of(fields: Mapping[str, object]) -> Draft:
    """Make a draft of the fields; null and empty ones count as missing. Raises BadInput naming each fault.

    The draft may still lack a headline or a region, and its regions are texts, not codes.
    """
    found = attempt(fields)
    if found.faults:
        raise refusal(found.faults)
    return found.draft


def attempt(fields: Mapping[str, object]) -> FieldsRead:
    """The same for whoever looks for more that is wrong: what is faulty is named, the rest is read."""
    given = {name: value for name, value in fields.items() if value not in (None, "", [], ())}
    strangers = [name for name in given if name not in UpdateIn.model_fields]
    meant = _meant(strangers, given)
    known = {name: value for name, value in given.items() if name in UpdateIn.model_fields}
    faults = [_unknown(strangers, meant, given)] if strangers else []
    written, whole = (
        {name: stranger for stranger, name in meant.items()},
        known | {meant[n]: given[n] for n in meant},
    )
    unread: set[str] = set()
    try:
        read = UpdateIn.model_validate(whole)
    except ValidationError as invalid:
        errors = invalid.errors(include_input=False)
        several = len(faults) + len(errors) > 1
        faults += [_invalid(error, written, several) for error in errors]
        unread = {str(error["loc"][0]) for error in errors}
        read = UpdateIn.model_validate({name: whole[name] for name in whole if name not in unread})
    faults += _translated_twice(read)
    return FieldsRead(Draft(**dict(read)), tuple(faults), frozenset(unread))


def _translated_twice(read: UpdateIn) -> Iterator[FieldFault]:
    """That it is translated into the language it is written in."""
    if read.language and read.language in (words.language for words in read.translations):
        yield FieldFault(
            f"translations has {read.language}, the language it is written in",
            "Leave that one out, or correct `language`.",
        )


def _meant(strangers: Iterable[str], given: Mapping[str, object]) -> dict[str, str]:
    """Which field each of the first strangers may be meant for: one that nothing else is given for."""
    found: dict[str, str] = {}
    for name in islice(strangers, FAULTS_SHOWN):
        near = _near_field(name)
        if near and near not in given and near not in found.values():
            found[name] = near
    return found


def _near_field(name: str) -> str:
    plain = name[:80].lower().replace("-", "_").replace(" ", "_")
    near = get_close_matches(plain, UpdateIn.model_fields, 1, 0.7)
    return FIELDS.get(plain) or (near[0] if near else "")


def _unknown(names: Sequence[str], meant: Mapping[str, str], given: Mapping[str, object]) -> FieldFault:
    shown, more = names[:FAULTS_SHOWN], len(names) - FAULTS_SHOWN
    listed = ", ".join(map(excerpt, shown)) + (f" and {more} more" if more > 0 else "")
    return FieldFault(f"An update has no field {listed}.", " ".join(_hints_for(shown, meant, given)))


def _hints_for(names: Sequence[str], meant: Mapping[str, str], given: Mapping[str, object]) -> Iterator[str]:
    taken = [near for name in names if name not in meant and (near := _near_field(name))]
    if len(names) == 1 and (meant or taken):
        taken_already = " It is given already: keep one." * bool(taken)
        yield f"{did_you_mean([*meant.values(), *taken], '')}{taken_already}"
        return
    if meant:
        yield f"Write {', '.join(f'{field} for {excerpt(name)}' for name, field in meant.items())}."
    if held := next((name for name in names if _holds_updates(given[name])), ""):
        yield f"Give the list in {excerpt(held)} alone: a file of updates begins with [."
    elif rest := [excerpt(name) for name in names if name not in meant]:
        yield f"An update has {', '.join(UpdateIn.model_fields)}: leave out {', '.join(rest)}."


def _holds_updates(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _invalid(error: ErrorDetails, written: Mapping[str, str], several: bool) -> FieldFault:
    """What is wrong with a value, under the name it was given by; with `several` its hint is, too."""
    field, *inside = map(str, error["loc"])
    place, hint = excerpt(written[field]) if field in written else field, error["ctx"]["hint"]
    said = " ".join([place, *inside, error["ctx"]["predicate"]])
    return FieldFault(said, f"{place}: {hint}" if several else hint)
