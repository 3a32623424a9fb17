"""JSON: one update, an array of them, or one after the other (JSON lines)."""

import json
import re
from functools import partial

from alerts.errors import BadInput, Faults
from alerts.ingest.cleaning import excerpt, one_line
from alerts.ingest.field_words import SaidFields, by_key

#: More belong into several files: each is published by itself, and a mistake should not cost a thousand.
UPDATES_MAX = 1000

# A square bracket also begins texts ("[BREAKING] …"), so it must be followed by what an array may hold.
_BEGINNING = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")
#: How the key of a remark begins: JSON has no comments, and a skeleton needs some.
COMMENT = "#"
_NOT_BLANK = re.compile(r"\S")


def recognises(text: str, suffix: str) -> bool:
    """Whether it begins like an object or an array, or its file is named as JSON."""
    return suffix in (".json", ".jsonl") or _BEGINNING.match(text) is not None


def read(text: str) -> list[SaidFields]:
    """Read every update. Raises BadInput, also for repeated keys, NaN, and endless numbers or nesting."""
    found: list[object] = []
    at = _after_blank(text, 0)
    while at < len(text):
        value, at = _value(text, at)
        found += value if isinstance(value, list) else [value]
        at = _after_blank(text, at)
        if len(found) > UPDATES_MAX:
            raise BadInput(f"It holds more than {UPDATES_MAX:,} updates.", "Split it into several files.")
    if not found:
        raise BadInput("It holds no update.", "Give an object with a headline and regions.")
    faults = Faults()
    nothing: dict[str, object] = {}
    updates = [faults.of(partial(_update, value, place), nothing) for place, value in enumerate(found, 1)]
    faults.complain()
    return [SaidFields(fields, by_key(fields)) for fields in updates]


def _value(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as fault:
        what, hint = _slip(text, fault)
        raise BadInput(
            f"It is not valid JSON: line {fault.lineno}, column {fault.colno}: {what}.", hint
        ) from None
    except RecursionError:
        raise BadInput("It is nested too deeply.", "An update is one flat object.") from None
    except ValueError:  # Python reads integers of up to 4,300 digits
        raise BadInput("It holds a number of absurd length.", "No field of an update is a number.") from None


def _slip(text: str, fault: json.JSONDecodeError) -> tuple[str, str]:
    """What is wrong there, and what to do: Python's own words say what it expected, not what a person did."""
    before, after = text[: fault.pos].rstrip(), text[fault.pos :].lstrip()
    if after.startswith(","):  # where a newer Python sees it
        before, after = ",", after[1:].lstrip()
    if before.endswith(",") and after[:1] in ("}", "]"):
        return (
            f"a comma stands before {after[0]}",
            "Remove that comma, and any other that stands before } or ].",
        )
    if after[:1] in ("'", "‘", "“", "”") or after[:1].isalpha():
        example = '{"headline": "…", "regions": ["…"]}'
        return "a text without straight double quotes", f"Write names and texts like {example}."
    return fault.msg, "Correct it there, or save a plain text with another ending than .json."


def _after_blank(text: str, at: int) -> int:
    found = _NOT_BLANK.search(text, at)
    return found.start() if found else len(text)


def _update(value: object, place: int) -> dict[str, object]:
    if not isinstance(value, dict):
        raise BadInput(f"Item {place} is not an update.", 'An update is an object: {"headline": …}.')
    if _is_message(value) or any(_is_message(value.get(key)) for key in ("alert", "cap")):
        raise BadInput(
            "It is a message of a warning system, as JSON: each system spells those in its own way.",
            "Give the same message as XML (CAP 1.2), or its text as an update: headline, regions and body.",
        )
    return value


def _is_message(value: object) -> bool:
    """Whether it has the names that a message of CAP must have, and that no update has."""
    return isinstance(value, dict) and {"identifier", "sender", "sent"} <= value.keys()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        name = one_line(key)
        if name.startswith(COMMENT):
            continue
        if name in found:
            raise BadInput(f"The key {excerpt(name)} stands twice in one object.", "Keep one of them.")
        found[name] = value
    return found


def _constant(name: str) -> object:
    raise BadInput(f"{name} is not a value of JSON.", "Leave the field out, or write null.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
