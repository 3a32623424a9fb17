"""Two versions of a text, sentence by sentence: which one became which, and the words that differ."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from alerts.locales import Locale
from alerts.rendering.cleaning import one_line, shortened
from alerts.rendering.directions import isolated

#: Sentences of each version that are compared: a text rewritten from end to end is read, not compared.
_COMPARED_MAX = 60
#: The longest sentence that is compared or shown, in characters.
_SENTENCE_MAX = 240
#: How much of the shorter sentence's words two sentences share, where one became the other.
_ALIKE = 0.5
#: The same of all words of both, the short ones too.
_NEARLY_SAME = 0.6
#: Words on each side of an arrow, and arrows in a sentence: with more of them nobody can read it.
_ARROW_WORDS, _ARROWS = 4, 3

_TOKEN = re.compile(r"\w+(?:[.,:'’/%-]\w+)*%?|[^\w\s]")
#: Longer words that say nothing of what a sentence is about. Those of three letters are left out anyway.
_FILLERS = frozenset(
    {"been", "from", "have", "into", "more", "most", "than", "that", "their", "them", "then", "there"}
    | {"they", "this", "were", "which", "will", "with", "your"}
)
_END = re.compile(r"(?<=[.!?؟])\s+(?![a-z])|(?<=[。！？])|\n")
#: Scripts written without spaces: a run of their letters is compared by its pairs.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the sentences of a text."""

    revised: tuple[tuple[str, str], ...]  #: the old and the new one
    new: tuple[str, ...]
    gone: tuple[str, ...]


def sentences(text: str) -> list[str]:
    """Cut plain text at the ends of its sentences and lines."""
    found = (one_line(part).removeprefix("• ") for part in _END.split(text))
    return [sentence for sentence in found if sentence]


def compared(before: Iterable[str], now: Sequence[str], beside: Sequence[str] = ()) -> Compared:
    """Pair each sentence with what it became, the most similar first.

    One counts as gone only if nothing in `now`, nor in what stands `beside` it, says much the same, and if no
    new one has a longer word of it, but for names: that may be the same advice in other words.
    """
    was, become = list(before), {_bare(sentence) for sentence in now}
    same = {_bare(sentence) for sentence in was} & become
    old = [s for s in was if _bare(s) not in same][:_COMPARED_MAX]
    new = [s for s in now if _bare(s) not in same][:_COMPARED_MAX]
    alike = sorted(
        (-likeness, at, to)
        for at, one in enumerate(old)
        for to, other in enumerate(new)
        if (likeness := _likeness(one, other)) >= _ALIKE
    )
    became, taken = dict[int, int](), set[int]()
    for _, at, to in alike:
        if at not in became and to not in taken:
            became[at] = to
            taken.add(to)
    rest = [one for at, one in enumerate(old) if at not in became]
    added = tuple(one for to, one in enumerate(new) if to not in taken)
    return Compared(
        tuple((old[at], new[to]) for at, to in sorted(became.items(), key=lambda pair: pair[1])),
        added,
        tuple(one for one in rest if not _said(one, (*now, *beside)) and not _touched(one, added)),
    )


def _touched(sentence: str, among: Iterable[str]) -> bool:
    """Whether one of these has a longer word of this sentence that is no name."""
    return any(_nameless(sentence) & _nameless(other) for other in among)


def _nameless(sentence: str) -> set[str]:
    """What a sentence is about, but for names; its first word has a capital whether it is one or not."""
    words = (word for at, word in enumerate(sentence.split()) if at == 0 or not word[0].isupper())
    return {stem for stem in _stems(" ".join(words)) if len(stem) > 3}


def _said(sentence: str, among: Iterable[str]) -> bool:
    """Whether one of these says much the same."""
    return any(_likeness(sentence, other) >= _ALIKE for other in among)


def covered(sentence: str, among: Iterable[str]) -> bool:
    """Whether one of these says all that this sentence says, its figures too."""
    own = _stems(sentence) | set(re.findall(r"\d+", sentence))
    return any(own <= _stems(other) | set(re.findall(r"\d+", other)) for other in among)


def arrows(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The words that took the place of others; empty where the two differ in more than single words."""
    return tuple((before, now) for before, now in _runs(old, new) or () if before != now)


def revision(old: str, new: str, locale: Locale) -> str:
    """`21 → 24 confirmed cases`; where that cannot be read aloud, `Now: …` and what stood there before."""
    return marked(old, new) or locale.gettext("Now: %(now)s (before: %(before)s)", **both(old, new))


def marked(old: str, new: str) -> str:
    """`21 → 24 confirmed cases`; nothing where that cannot be read aloud."""
    runs = _runs(old, new) or []
    return isolated(_short(" ".join(now if was == now else f"{was} → {now}" for was, now in runs)))


def both(old: str, new: str) -> dict[str, str]:
    """Both as they stand in a sentence of ours."""
    return {"now": isolated(_short(new)), "before": isolated(_short(old))}


def _runs(old: str, new: str) -> list[tuple[str, str]] | None:
    """Runs of words, each as it was and is; None where anything was put in, left out or much rewritten.

    Of several arrows each is between single words: `Stay indoors and away → indoors; a curfew holds from
    windows → 18:00` is read by nobody.
    """
    if max(len(old), len(new)) > _SENTENCE_MAX:
        return None
    was, now = old.split(), new.split()
    matcher = SequenceMatcher(None, [w.casefold() for w in was], [w.casefold() for w in now], autojunk=False)
    found, changed = list[tuple[str, str]](), 0
    for kind, a, b, c, d in matcher.get_opcodes():
        before, after = " ".join(was[a:b]), " ".join(now[c:d])
        if kind == "equal":
            found.append((after, after))
            continue
        changed += 1
        if kind != "replace" or max(b - a, d - c) > _ARROW_WORDS or changed > _ARROWS:
            return None
        if _extends(before, after) or _extends(after, before):
            return None
        found.append(_less_ends(before, after))
    long = any(" " in before or " " in after for before, after in found if before != after)
    return None if changed > 1 and long else found


def _extends(one: str, other: str) -> bool:
    """Whether the other run of words is this one and more."""
    return f" {_bare(other)} ".find(f" {_bare(one)} ") >= 0


def _less_ends(before: str, after: str) -> tuple[str, str]:
    """The same without the mark that both end with: `21 → 24,`, not `21, → 24,`."""
    mark = after[-1:]
    return (before.removesuffix(mark), after) if re.fullmatch(r"[^\w\s%]", mark) else (before, after)


def _short(text: str) -> str:
    return shortened(text, _SENTENCE_MAX)


@lru_cache(maxsize=4096)
def _bare(sentence: str) -> str:
    """A sentence without what nobody calls a change: case, spaces, the full stop."""
    return " ".join(_TOKEN.findall(sentence.casefold().rstrip(" .;,")))


@lru_cache(maxsize=4096)
def _stems(sentence: str) -> frozenset[str]:
    """What a sentence is about: the beginnings of its longer words, whatever the language."""
    text = sentence[:_SENTENCE_MAX].casefold()
    pairs = {run[at : at + 2] for run in _UNSPACED.findall(text) for at in range(len(run) - 1)}
    words = re.findall(r"\w+", _UNSPACED.sub(" ", text))
    letters = [word for word in words if not word.isdigit() and word not in _FILLERS]
    return frozenset(pairs | {word[:5] for word in letters if len(word) > 3}) or frozenset(letters or words)


def _likeness(one: str, other: str) -> float:
    """How much of the shorter sentence's words both have; one word in common is a coincidence."""
    first, second = _stems(one), _stems(other)
    short, long = sorted((len(first), len(second)))
    common = len(first & second)
    if common > 1 or (common and long == 1):
        return common / short
    words = set(_bare(one).split()), set(_bare(other).split())
    share = 2 * len(words[0] & words[1]) / max(1, len(words[0]) + len(words[1]))
    return share if share >= _NEARLY_SAME else 0
