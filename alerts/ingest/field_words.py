"""From which words of a file each field of an update was taken: the same shape for every format."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from alerts.ingest.cleaning import brief

#: Values of a field that say nothing.
_NOTHING: tuple[object, ...] = (None, "", [], ())


class FieldWords(NamedTuple):
    """A field, where in the file its words stand, and how they begin."""

    field: str
    where: str  #: a line, a key, an element, a paragraph: as people count them in that format
    words: str


class SaidFields(NamedTuple):
    """The fields of one update as a file has them, and the words that each was taken from."""

    fields: dict[str, object]
    words: Sequence[FieldWords]


def words_of(field: str, where: str, value: object) -> FieldWords:
    """How a value begins, as it is written; of a list, all of it on one line, of a table its keys."""
    listed = list(value) if isinstance(value, Mapping | Sequence) and not isinstance(value, str) else [value]
    return FieldWords(field, where, brief(", ".join(map(_written, listed[:_LISTED]))))


def by_key(fields: Mapping[str, object]) -> tuple[FieldWords, ...]:
    """For a format whose keys are the names of the fields."""
    return tuple(words_of(name, f"key {name}", value) for name, value in fields.items() if is_said(value))


def _written(item: object) -> str:
    return item if isinstance(item, str) else json.dumps(item, default=str)


def is_said(value: object) -> bool:
    return not any(value is nothing or value == nothing for nothing in _NOTHING)


#: Of a list, as many are looked at: more are not shown.
_LISTED = 20
