"""What is written much like what was typed."""

from collections.abc import Iterable
from difflib import SequenceMatcher

#: How alike two names must be to be suggested. Below this, readers see no resemblance.
_ALIKE = 0.72

#: Nor is what falls so far behind the likest: beside “Czech Republic”, “Hellenic Republic” was not meant.
_BEHIND = 0.12


def likest(typed: str, keys: Iterable[str]) -> list[str]:
    """List the keys written much like what was typed; slips seldom touch the first letter."""
    matcher = SequenceMatcher(autojunk=False, b=typed)
    scores: dict[str, float] = {}
    for key in keys:
        if abs(len(key) - len(typed)) > 1 + 0.4 * len(typed):
            continue
        matcher.set_seq1(key)
        if matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE:
            scores[key] = matcher.ratio() + 0.1 * (key[:1] == typed[:1])
    least = max(_ALIKE, max(scores.values(), default=0) - _BEHIND)
    return sorted((key for key in scores if scores[key] > least), key=lambda key: (-scores[key], key))
