"""The words of an update in other languages: an object by their tags. Refuses all that is wrong at once."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field
from pydantic_core import PydanticCustomError

from alerts.errors import did_you_mean
from alerts.ingest.cleaning import excerpt
from alerts.ingest.field_faults import FAULTS_SHOWN
from alerts.ingest.field_texts import (
    BODY_MAX,
    KEY_POINTS_MAX,
    LANGUAGE_MAX,
    LINE_MAX,
    as_body,
    as_language,
    as_line,
    as_lines,
    wrong,
)
from alerts.ingest.other_words import FIELDS
from alerts.model import HEADLINE_MAX, Translation

#: As many as the European Union has, and characters of all of them together: four of the longest bodies.
TRANSLATIONS_MAX, TRANSLATED_MAX = 24, 400_000

_EXAMPLE = 'Write it like {"uk": {"headline": "…", "key_points": ["…"], "body": "…", "note": "…"}}.'
_FIELDS: Mapping[str, Callable[[object], object]] = {
    "headline": as_line(HEADLINE_MAX),
    "key_points": as_lines(KEY_POINTS_MAX),
    "body": as_body,
    "note": as_line(LINE_MAX),
}


class TranslationIn(BaseModel):
    """The words of an update in another language; what is left out is read in the original."""

    headline: Annotated[str, Field(max_length=HEADLINE_MAX)]
    key_points: Annotated[list[str], Field(max_length=KEY_POINTS_MAX)] = []
    body: Annotated[str, Field(max_length=BODY_MAX)] = ""
    note: Annotated[str, Field(max_length=LINE_MAX)] = ""


def translated(value: object) -> tuple[Translation, ...]:
    """Each language once, in the order of their tags; what is empty of one has not been translated."""
    if not isinstance(value, Mapping):
        raise wrong("must be an object by language", _EXAMPLE)
    if len(value) > TRANSLATIONS_MAX:
        raise wrong(
            f"has {len(value):,} languages; the limit is {TRANSLATIONS_MAX}", "Keep those that are read."
        )
    found, faults = dict[str, Translation](), list[tuple[str, str]]()
    for written, words in value.items():
        tag, said = _one(str(written), words, faults)
        if tag in found:
            faults.append((f"has {excerpt(tag)} twice", "Keep one of them."))
        found[tag] = said
    if sum(map(_size, found.values())) > TRANSLATED_MAX:
        faults.append((f"has more than {TRANSLATED_MAX:,} characters together", "Shorten the bodies."))
    if faults:
        predicates = dict.fromkeys(predicate for predicate, _ in faults)
        raise wrong(
            "; ".join(list(predicates)[:FAULTS_SHOWN]), " ".join(dict.fromkeys(hint for _, hint in faults))
        )
    return tuple(said for _, said in sorted(found.items()))


def _one(written: str, words: object, faults: list[tuple[str, str]]) -> tuple[str, Translation]:
    """One language and its words; what is wrong with them is put with the faults."""
    before = len(faults)
    tag = str(_read(as_language, written, "", faults))
    if not tag and len(faults) == before:
        faults.append((f"cannot be in {excerpt(written)}", "Name one language: uk, pt-BR, zh-Hant."))
    tag = tag or written[:LANGUAGE_MAX]
    if not isinstance(words, Mapping):
        faults.append((f"{tag} must be an object", _EXAMPLE))
        return tag, Translation(tag, "")
    said: dict[str, Any] = {}
    for name, value in words.items():
        if name not in _FIELDS:
            near = FIELDS.get(str(name)[:80].lower(), "")
            known = f"A translation has {', '.join(_FIELDS)}: the rest is the same in every language."
            hint = f"{did_you_mean([near], '')} {known}" if near in _FIELDS else known
            faults.append((f"{tag} has no field {excerpt(str(name))}", hint))
        elif value not in (None, "", [], ()):
            said[name] = _read(_FIELDS[name], value, f"{tag} {name} ", faults)
    if "headline" not in said:
        faults.append((f"{tag} has no headline", "Translate that first: it is what everybody reads."))
    return tag, Translation(tag, **{"headline": "", **{name: value for name, value in said.items() if value}})


def _read(
    read: Callable[[object], object], value: object, place: str, faults: list[tuple[str, str]]
) -> object:
    try:
        return read(value)
    except PydanticCustomError as fault:
        context = fault.context or {}
        faults.append((f"{place}{context['predicate']}", str(context["hint"])))
        return ""


def _size(said: Translation) -> int:
    return len(said.headline) + len(said.body) + len(said.note) + sum(map(len, said.key_points))
