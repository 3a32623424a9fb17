"""What a field may hold, whatever it is about: text, in bounds, one or several. Refuses; never cuts."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt, one_line, prose
from alerts.ingest.field_faults import FAULTS_SHOWN
from alerts.languages import canonical
from alerts.texts import excess

BODY_MAX = 100_000
LINE_MAX = 500
LANGUAGE_MAX = 80
KEY_POINTS_MAX = 20


def wrong(predicate: str, hint: str) -> PydanticCustomError:
    """What is wrong with a field, to be read after its name."""
    return PydanticCustomError("fault", "{predicate}", {"predicate": predicate, "hint": hint})


def as_text(value: object) -> str:
    if not isinstance(value, str):
        raise wrong("must be text", "Write it in quotes.")
    return value


def within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise wrong(
            f"is {len(text):,} characters long; the limit is {limit:,}",
            "Shorten it: nothing is ever cut on its way to a reader.",
        )
    return text


def each(read: Callable[[Any], str], items: Sequence[object]) -> list[str]:
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
        raise wrong("; ".join(list(predicates)[:FAULTS_SHOWN]), " ".join(hints))
    return found


def as_line(limit: int) -> Callable[[object], str]:
    return lambda value: within(one_line(as_text(value)), limit)


def as_body(value: object) -> str:
    body = within(prose(as_text(value)), BODY_MAX)
    if predicate := excess(body):
        raise wrong(predicate, "Write it flatter, with fewer signs; a backslash makes a sign mean itself.")
    return body


def as_lines(count: int) -> Callable[[object], tuple[str, ...]]:
    """A list of texts, or one text; the empty ones are left out."""

    def read(value: object) -> tuple[str, ...]:
        items = (value,) if isinstance(value, str) else value
        if not isinstance(items, Sequence) or isinstance(items, bytes):
            raise wrong("must be a list of texts", 'Write it like ["one", "two"].')
        if len(items) > count:
            raise wrong(
                f"has {len(items):,} entries; the limit is {count}", "Keep the ones that matter most."
            )
        return tuple(filter(None, each(as_line(LINE_MAX), items)))

    return read


def as_language(value: object) -> str:
    text = within(one_line(as_text(value)), LANGUAGE_MAX)
    try:
        return canonical(text)
    except BadInput as fault:
        raise wrong(f"cannot be {excerpt(text)}", fault.hint) from None
