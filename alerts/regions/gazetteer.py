"""Which countries a text speaks of: their names, peoples, provinces and towns. Suggests; decides nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.regions.mentions import Mention, mentions
from alerts.regions.tree import Tree

#: What a mention weighs by where it stands: in the headline, in the lead, anywhere below.
_HEADLINE, _LEAD, _BODY = 8.0, 3.0, 1.0
#: This many characters at most are headline and lead, however long the first lines are.
_HEADLINE_LENGTH, _LEAD_LINES, _LEAD_LENGTH = 200, 3, 1_200

#: An actor (“the Kremlin”) or an audience (“UK travellers”) says less about where it happens.
_ASIDE = 0.25

#: As many of the words seen are shown with a suggestion.
_WORDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A country that a text speaks of: how often, and in which words, as written."""

    code: str
    name: str
    count: int
    words: tuple[str, ...]


def suggest(text: str, tree: Tree) -> list[Suggestion]:
    """List the countries a text speaks of, the one it is most about first.

    Provinces, towns and peoples count for their country. A name that several countries share counts for the
    one the rest of the text speaks of. Mentions weigh by position. English only; linear in the text's length.
    """
    headline, lead = _top(text)
    score: dict[str, float] = {}
    words: dict[str, Counter[str]] = {}
    for code, mention in _settled(list(mentions(text))):
        place = _HEADLINE if mention.start < headline else _LEAD if mention.start < lead else _BODY
        score[code] = score.get(code, 0.0) + place * (_ASIDE if mention.aside else 1.0)
        words.setdefault(code, Counter())[mention.text] += 1
    return [
        Suggestion(
            code,
            tree.name(code),
            words[code].total(),
            tuple(word for word, _ in words[code].most_common(_WORDS_SHOWN)),
        )
        for code in sorted(score, key=score.__getitem__, reverse=True)
    ]


def _top(text: str) -> tuple[int, int]:
    """Where the headline and the lead end: the first line with text in it, and the few after that."""
    ends = [0] * (_LEAD_LINES + 1)
    seen = end = 0
    for line in text[: _HEADLINE_LENGTH + _LEAD_LENGTH].splitlines(keepends=True):
        end += len(line)
        if line.strip():
            ends[seen:] = [end] * (len(ends) - seen)
            seen += 1
            if seen == len(ends):
                break
    headline = min(ends[0], _HEADLINE_LENGTH)
    return headline, min(ends[-1], headline + _LEAD_LENGTH)


def _settled(found: Sequence[Mention]) -> Iterator[tuple[str, Mention]]:
    """Decide which country each mention counts for; drop those that nothing else in the text vouches for."""
    all_words: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for mention in found:
        if not mention.shy and len(mention.codes) == 1:
            all_words[mention.codes[0]] += 1
            places[mention.codes[0]] += mention.kind in ("place", "town")
    for mention in found:
        # A country's own name gives way only to places: texts about Georgia name the US, but not Atlanta.
        evidence = places if mention.kind == "name" else all_words
        code = max(mention.codes, key=evidence.__getitem__)
        if not mention.shy or all_words[code]:
            yield code, mention
