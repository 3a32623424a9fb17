"""What a field may hold, whatever it is about: text, in bounds, one or several. Refuses; never cuts."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from alerts.ingest.field_faults import FAULTS_SHOWN


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
