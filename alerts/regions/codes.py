"""What a code says by itself, without the tree."""

import re

_SUBDIVISION = re.compile(r"([A-Z]{2})-\w+")


def country_of(code: str) -> str:
    """The country of a subdivision (ISO 3166-2), any other region as it is."""
    found = _SUBDIVISION.fullmatch(code)
    return found[1] if found else code
