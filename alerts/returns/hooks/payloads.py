"""JSON that a provider posts: opened strictly, since two readers must not differ over it; read leniently.

Providers add fields whenever they like. What is not there, or of another type than it was, is as if empty.
"""

import json
from collections.abc import Mapping, Sequence

from alerts.errors import BadInput

Fields = Mapping[str, object]

#: Characters of one value that are looked at.
VALUE_MAX = 8_000


def opened(octets: bytes) -> object:
    """The value that a payload is. Raises BadInput for what is not JSON, or says one thing twice."""
    try:
        value: object = json.loads(
            octets.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_constant
        )
    except RecursionError:
        raise BadInput("The payload is nested too deeply.", "No event of a provider is.") from None
    except ValueError:  # no UTF-8, no JSON, a number without end
        raise BadInput(
            "The payload is not JSON in UTF-8.", "Post it as the provider has sent it, with nothing changed."
        ) from None
    return value


def fields(value: object) -> Fields:
    """An object of the payload; without any field where it is none."""
    return value if isinstance(value, dict) else {}


def items(value: object, most: int) -> Sequence[object]:
    """The first items of a list; none where it is none."""
    return value[:most] if isinstance(value, list) else ()


def text(value: object) -> str:
    """A text or number of the payload as text that can be stored; empty where it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Half of a surrogate pair can be written in JSON, and nowhere else.
    return str(value)[:VALUE_MAX].encode("utf-8", "replace").decode("utf-8")


def octets_of(*values: object) -> list[bytes]:
    """Each of these texts as octets, to look for tokens in."""
    return [text(value).encode("utf-8") for value in values]


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadInput("The payload has the same name twice in one object.", "Nobody could say which holds.")
    return found


def _constant(name: str) -> object:
    raise BadInput(f"{name} is not a value of JSON.", "No event of a provider has it.")
