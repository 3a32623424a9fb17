"""Why somebody gets a digest, as a message shows it: whatever they named their subscription."""

import re
from functools import lru_cache

from alerts.rendering.cleaning import many_lines
from alerts.rendering.directions import isolated

#: The name that somebody gave a subscription, in a sentence of ours.
_QUOTED = re.compile("([“«])([^”»]*)([”»])")


@lru_cache(maxsize=4096)  # the people of one audience have one reason
def shown_reason(reason: str) -> str:
    """Clean a reason for a message; a name in it that runs right to left orders nothing but itself."""
    clean = reason if reason.isprintable() else many_lines(reason)
    return (
        clean
        if clean.isascii()
        else _QUOTED.sub(lambda name: f"{name[1]}{isolated(name[2])}{name[3]}", clean)
    )
