"""What is wrong with the fields of an update, said together."""

from collections.abc import Sequence
from typing import NamedTuple

from alerts.errors import BadInput

#: This many faults are told at once; after that a file is something else than an update.
FAULTS_SHOWN = 20


class FieldFault(NamedTuple):
    """What is wrong with a field, and what to do about it."""

    predicate: str
    hint: str


def refusal(faults: Sequence[FieldFault]) -> BadInput:
    """All of them, each with its hint."""
    shown = [predicate.rstrip(".") for predicate, _ in faults[:FAULTS_SHOWN]]
    return BadInput("; ".join(shown) + ".", " ".join(dict.fromkeys(hint for _, hint in faults)))
