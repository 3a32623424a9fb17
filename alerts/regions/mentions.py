"""Find the gazetteer's words in a text. The longest name wins; persons and ordinary words are left alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from alerts.regions.names import WORD, token, tokens
from alerts.regions.tables import rows

#: A text is read up to here; a situation update has a thousandth of it.
LONGEST = 2_000_000

#: What may stand between the words of one name.
_GAPS = frozenset([" ", "\u00a0", "\n", "-", "‐", "‑", "'", "’", "ʼ"])

#: A heading is one line, and no longer; a word of four small letters is no heading's.
HEADING_MAX = 300
_SMALL_WORD = re.compile(r"(?<![^\W\d_])[a-z]{4,}")

_NO_WAY: dict[str, Any] = {}


class Mention(NamedTuple):
    """A place name in a text. `codes` are the countries it may mean, the likeliest first.

    `shy` ones count only if the text speaks of one of them elsewhere; `aside` ones weigh little.
    """

    kind: str
    codes: tuple[str, ...]
    text: str
    start: int
    shy: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words by their tokens: a step of the trie is a dict; what ends there has the empty key.

    Of the words around them: `persons` are places that persons are called after, `given` are given names;
    after `audience` words a people or an acronym is who is spoken to (“UK travellers”); `offices` and
    `events` are capitalised beside a country and no surname (“Jordan Valley”, “Kenya Floods”); who stands
    before `deeds` acts; what stands after `leading` words is a place.
    """

    trie: dict[str, Any] = field(default_factory=dict)
    around: dict[str, frozenset[str]] = field(default_factory=dict)


@cache
def _vocabulary() -> _Vocabulary:
    """Read the words, once per process and only when a text is searched."""
    known = _Vocabulary()
    for table in ("towns", "provinces", "words"):  # the later one wins
        for kind, codes, words in rows(table):
            if not codes and kind != "nowhere":
                known.around[kind] = frozenset(words.split("|"))
                continue
            entry = (kind, tuple(codes.split()))
            for word in words.split("|"):
                node = known.trie
                for part in word.split(" "):
                    node = node.setdefault(part, {})
                node[""] = entry
    return known


def countries(name: str) -> tuple[str, ...]:
    """The countries that a name in the gazetteer may point to: `("EG",)` for “Cairo”."""
    node = _vocabulary().trie
    for part in tokens(name):
        node = node.get(part, _NO_WAY)
    codes: tuple[str, ...] = node.get("", ("", ()))[1]
    return codes


def mentions(text: str) -> Iterator[Mention]:
    """Yield the place names of a text in order. Names of persons and of no place are skipped, not yielded."""
    known = _vocabulary()
    words = list(WORD.finditer(text, 0, LONGEST))
    persons: set[str] = set()
    position = 0
    while position < len(words):
        end, kind, codes = _longest(known, text, words, position)
        if end == position:
            position += 1
            continue
        run = _Run(text, words, position, end, known.around)
        position = end
        if kind == "nowhere" or not run.stands(kind):
            continue
        written = run.text
        name = token(written)
        person = name in known.around["persons"] and run.is_person()
        if person and not run.is_heading():
            persons.add(name)
            continue
        # Somebody called so is about: the bare name may be them too, but nobody is where “in” leads.
        shy = kind == "shy" or person or (name in persons and not run.is_where())
        aside = kind == "seat" or run.is_audience(kind) or _is_actor(known, run, kind)
        yield Mention(kind, codes, written, run.start, shy, aside)


def _is_actor(known: _Vocabulary, run: "_Run", kind: str) -> bool:
    """Whether it is who does what happens elsewhere: “Russian strikes”, “Israel bombs Beirut”."""
    if kind not in ("people", "name", "acronym") or run.following() not in known.around["deeds"]:
        return False
    target = (run.end + n for n in (1, 2) if run.end + n < len(run.words))  # “shells eastern Ukraine”
    return kind == "people" or any(_longest(known, run.whole, run.words, at)[0] > at for at in target)


def _longest(
    known: _Vocabulary, text: str, words: Sequence[re.Match[str]], first: int
) -> tuple[int, str, tuple[str, ...]]:
    """The longest name that begins here: where it ends, its kind and countries. None ends where it began."""
    end, kind = first, ""
    codes: tuple[str, ...] = ()
    if not text[words[first].start()].isupper():
        return end, kind, codes
    node = known.trie
    for position in range(first, len(words)):
        if position > first and not _joined(text, words[position - 1], words[position]):
            break
        node = node.get(token(words[position].group()), _NO_WAY)
        if not node:
            break
        if "" in node:
            end, (kind, codes) = position + 1, node[""]
    return end, kind, codes


def _joined(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    gap = text[left.end() : right.start()] if right.start() - left.end() <= 2 else ""
    return gap in _GAPS or (gap == ". " and left.end() - left.start() == 2)  # “St. Petersburg”


@dataclass(slots=True)
class _Run:
    """The words of one name in its surroundings."""

    whole: str
    words: Sequence[re.Match[str]]
    first: int
    end: int
    around: dict[str, frozenset[str]]

    @property
    def start(self) -> int:
        return self.words[self.first].start()

    @property
    def text(self) -> str:
        return self.whole[self.start : self.words[self.end - 1].end()]

    def stands(self, kind: str) -> bool:
        """Whether it is written as a word of its kind must be."""
        if kind == "acronym":
            around = self.whole[max(0, self.start - 40) : self.start + 40]
            return self.text.replace(".", "").isupper() and not around.isupper()
        if kind in ("town", "shy"):
            last = self.words[self.end - 1].group()
            return last[0].isupper() and not last.isupper() and not (self.before() or self.after())
        return True

    def before(self) -> str:
        """The capitalised word right before, if any."""
        return self._capitalised(self.first - 1, self.first)

    def after(self) -> str:
        """The capitalised word right after, if any."""
        return self._capitalised(self.end, self.end - 1)

    def _capitalised(self, other: int, own: int) -> str:
        if not 0 <= other < len(self.words):
            return ""
        left, right = sorted((other, own))
        word = self.words[other].group()
        gap = self.whole[self.words[left].end() : self.words[right].start()] if right - left == 1 else ""
        return word if gap == " " and word[0].isupper() else ""

    def is_person(self) -> bool:
        """Whether a name that persons have, too, has a given name before it or a surname after it.

        A capitalised word is no surname where the next one is capitalised too: headlines are written so.
        """
        if token(self.before()) in self.around["given"]:
            return True
        surname = self.after()
        known = self.around["offices"] | self.around["events"] | self.around["deeds"]
        if not surname or surname.isupper() or token(surname) in known:
            return False
        return not self._capitalised(self.end + 1, self.end)

    def is_heading(self) -> bool:
        """Whether its line writes every longer word with a capital, and so tells no surnames."""
        begin = self.whole.rfind("\n", max(0, self.start - HEADING_MAX), self.start) + 1
        line = self.whole[begin : begin + HEADING_MAX].partition("\n")[0]
        return not line.rstrip().endswith(".") and not _SMALL_WORD.search(line)

    def is_where(self) -> bool:
        """Whether a word before it leads to a place: “in Jordan”."""
        return self.first > 0 and token(self.words[self.first - 1].group()) in self.around["leading"]

    def following(self) -> str:
        """The token right after it, in either case."""
        if self.end >= len(self.words) or not _joined(
            self.whole, self.words[self.end - 1], self.words[self.end]
        ):
            return ""
        return token(self.words[self.end].group())

    def is_audience(self, kind: str) -> bool:
        """Whether it is said of those who read or travel: “UK travellers”, “the British embassy”."""
        return kind in ("people", "acronym") and self.following() in self.around["audience"]
