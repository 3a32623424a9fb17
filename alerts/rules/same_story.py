"""Do two headlines tell the same story, but for a typo or a word? Pure.

Asked of an operator, never decided for one: a pair that is wrongly taken for the same costs a question, one
that is wrongly taken for two tells everybody the same news twice.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

#: Of two words that are spelt alike: 0.8 is one letter of five, 0.75 would make Iran of Iraq.
SPELT_ALIKE = 0.8
#: Of the words of both headlines, how many have a counterpart in the other: one word more in every seven.
WORDS_ALIKE = 0.85

#: Words that may come and go without changing what is said.
_SMALL = frozenset(
    {"a", "an", "the", "and", "or", "as", "at", "by", "for", "from", "in", "into", "of", "on", "over", "to"}
    | {"with", "is", "are", "was", "were"}
)
#: Words that turn what is said into its contrary.
_TURNING = frozenset(("no", "not", "never", "nobody", "none", "without", "false", "denied", "denies"))
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")


def same_story(one: str, other: str) -> bool:
    """Whether two headlines differ by spelling, small words or a word that only one has, and by no number."""
    first, second = _plain(one), _plain(other)
    if sorted(_NUMBER.findall(first)) != sorted(_NUMBER.findall(second)):
        return False
    ours, theirs = _words(first), _words(second)
    if not ours or not theirs:
        return first == second
    if min(len(ours), len(theirs)) < WORDS_ALIKE / (2 - WORDS_ALIKE) * max(len(ours), len(theirs)):
        return False  # too many words more to be alike: not worth comparing
    pairs = _paired(ours, theirs)
    if 2 * len(pairs) < WORDS_ALIKE * (len(ours) + len(theirs)):
        return False
    more = [w for i, w in enumerate(ours) if i not in {p[0] for p in pairs}]
    fewer = [w for i, w in enumerate(theirs) if i not in {p[1] for p in pairs}]
    return not (more and fewer) and _TURNING.isdisjoint((*more, *fewer))


def _plain(text: str) -> str:
    """Without case, accents and forms of letters that look alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in _SMALL]


def _paired(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The places of words that correspond, in the same order in both: the longest such sequence."""
    length = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    alike = [[_alike(a, b) for b in theirs] for a in ours]
    for i in reversed(range(len(ours))):
        for j in reversed(range(len(theirs))):
            skipped = max(length[i + 1][j], length[i][j + 1])
            length[i][j] = max(skipped, length[i + 1][j + 1] + 1) if alike[i][j] else skipped
    found, i, j = [], 0, 0
    while i < len(ours) and j < len(theirs):
        if alike[i][j] and length[i][j] == length[i + 1][j + 1] + 1:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or len(one) < 4:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= SPELT_ALIKE and matcher.ratio() >= SPELT_ALIKE
