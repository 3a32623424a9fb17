"""What regions are called in the languages that we speak, for people who type in theirs.

An index beside that of the tree, made when somebody first looks for a place on a page. What an update or a
list names is looked up without it, so that it means the same whatever languages there are.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from alerts.locales import Locale
from alerts.regions.likeness import likest
from alerts.regions.lookup import RANK
from alerts.regions.names import fold
from alerts.regions.tables import Region

#: A word that more names have tells no place: “oblast”, “province”, “West”.
_RARE_MOST = 3
#: Shorter words are like too many others.
_LETTERS_LEAST = 4


class SpokenNames:
    """The names of all regions in one language. Reads nothing and changes nothing once made."""

    def __init__(self, regions: Iterable[Region], locale: Locale) -> None:
        self._kinds: dict[str, int] = {}
        #: Folded, in words.
        self._names: dict[str, list[str]] = {}
        for region in regions:
            self._kinds[region.code] = RANK[region.kind]
            name = fold(locale.region(region.code, region.name))
            self._names.setdefault(name, []).append(region.code)
        self._squeezed: dict[str, list[str]] = {}
        for name, codes in self._names.items():
            self._squeezed.setdefault(name.replace(" ", ""), []).extend(codes)
        self._by_rare_word: dict[str, list[str]] = {}

    def called(self, typed: str) -> list[str]:
        """List what is called so. The greater owns its name, as in the tree: the country, not the state."""
        codes = self._squeezed.get(fold(typed).replace(" ", ""), [])
        greatest = min((self._kinds[code] for code in codes), default=0)
        own = [code for code in codes if self._kinds[code] == greatest]
        return own if greatest < RANK["subdivision"] else codes

    def beginning(self, typed: str) -> list[str]:
        """List what has a name, or a word in one, that begins so: whole names first, great regions first."""
        words = fold(typed)
        if not words:
            return []
        hits = [name for name in self._names if name.startswith(words)]
        within = [name for name in self._names if f" {words}" in name]
        return [code for names in (hits, within) for code in self._ranked(names)]

    def _ranked(self, names: Iterable[str]) -> list[str]:
        listed = sorted((len(name), code) for name in names for code in self._names[name])
        return [code for _, code in sorted(listed, key=lambda one: self._kinds[one[1]])]

    def alike(self, typed: str) -> Iterator[str]:
        """Yield what is written much like it, in whole or in the word that tells it from others."""
        squeezed = fold(typed).replace(" ", "")
        if written_alike(typed, next(iter(self._names))):
            self._by_rare_word = self._by_rare_word or self._rare_words()
            for key in likest(squeezed, self._by_rare_word):
                yield from sorted(self._by_rare_word[key], key=self._kinds.__getitem__)

    def _rare_words(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, codes in self._names.items():
            for word in name.split():
                if len(word) >= _LETTERS_LEAST:
                    found.setdefault(word, []).extend(codes)
        rare = {word: codes for word, codes in found.items() if len(codes) <= _RARE_MOST}
        return rare | self._squeezed


def written_alike(one: str, other: str) -> bool:
    """Whether two texts are in one script, as far as their first letters say."""
    return _script(one) == _script(other)


def _script(text: str) -> str:
    letter = next(filter(str.isalpha, text), None)
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""
