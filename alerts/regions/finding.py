"""A place as it is typed by who reads a language: by its names in it, in English, in any that we speak."""

from collections.abc import Iterable
from functools import cache
from itertools import zip_longest

from alerts.errors import UnknownRegion
from alerts.locales import CATALOGS, Locale, catalog_for, locale_for
from alerts.regions.lookup import LONGEST, code_behind
from alerts.regions.names import compact
from alerts.regions.spoken import SpokenNames
from alerts.regions.tables import Region
from alerts.regions.tree import Tree

#: As many as a sentence can list.
_LABELLED = 8


class PlaceFinder:
    """Finds places for one reader. Their language and English come before the others; nothing is guessed.

    It remembers what it has looked for: a form is settled, read, and drawn with what was found.
    """

    def __init__(self, tree: Tree, locale: Locale) -> None:
        self._tree = tree
        self._locale = locale
        own = catalog_for(locale.tag)
        self._own = [_names(tree, tag) for tag in CATALOGS if tag == own]
        self._others = [_names(tree, tag) for tag in CATALOGS if tag != own]
        self._found: dict[str, list[str]] = {}

    def called(self, text: str) -> str | None:
        """The one region that is called so, or has that label; None where there are several, or none."""
        typed = text[:LONGEST].strip()
        if (code := code_behind(typed)) in self._tree and self._is_label(typed, code):
            return code
        bearers = self._tree.bearers(typed)
        if own := _called(self._own, typed):
            part = self._is_part(own[0])  # what is greater is meant before a town, as in the tree
            return self._only([*own, *(bearer.code for bearer in bearers if bearer.named or part)])
        if bearers:
            return self._tree.called(typed)
        return self._only(_called(self._others, typed))

    def search(self, text: str, limit: int = 10) -> list[Region]:
        """List what may be meant, the surest first: by beginnings of names, else what is written alike."""
        typed = text[:LONGEST].strip()
        if typed not in self._found:
            self._found[typed] = list(dict.fromkeys(self._hits(typed) or self._alike(typed)))
        return [self._tree.region(code) for code in self._found[typed][:limit]]

    def labels(self, text: str) -> list[str]:
        """List labels of what may be meant, in the language of the reader: each is found when it is typed."""
        return [self._tree.label(region.code, self._locale) for region in self.search(text, _LABELLED)]

    def find(self, text: str) -> str:
        """Turn what is typed into a code. Raises UnknownRegion, whose hint is in the words of the reader."""
        if code := self.called(text):
            return code
        if (successors := self._tree.successors(text)) and not self._tree.bearers(text):
            raise UnknownRegion.former(text, [self._tree.label(code, self._locale) for code in successors])
        if not self._tree.hits(text) and (labels := self.labels(text)):
            raise UnknownRegion(text, labels)
        return self._tree.find(text)

    def _hits(self, typed: str) -> list[str]:
        exact = [*_called(self._own, typed), *(bearer.code for bearer in self._tree.bearers(typed))]
        return [*exact, *_beginning(self._own, typed), *self._tree.hits(typed)] or [
            *_called(self._others, typed),
            *_beginning(self._others, typed),
        ]

    def _alike(self, typed: str) -> list[str]:
        """What is written alike in the reader's language and in English, in turn; else in another one."""
        english = [region.code for region in self._tree.search(typed)]
        first = zip_longest(*(names.alike(typed) for names in self._own), english)
        near = [code for codes in first for code in codes if code is not None]
        others = (list(names.alike(typed)) for names in self._others)
        return near or next(filter(None, others), [])

    def _only(self, codes: Iterable[str]) -> str | None:
        """The one of them, or the part of a country that all the others lie in."""
        named = set(codes)
        parts = set(filter(self._is_part, named))
        outermost = named - {code for code in parts if not parts.isdisjoint(self._tree.ancestors(code))}
        return outermost.pop() if len(outermost) == 1 else None

    def _is_label(self, typed: str, code: str) -> bool:
        return compact(typed) == compact(self._tree.label(code, self._locale))

    def _is_part(self, code: str) -> bool:
        return self._tree.region(code).kind == "subdivision"


@cache
def _names(tree: Tree, tag: str) -> SpokenNames:
    return SpokenNames(tree, locale_for(tag))


def _called(names: Iterable[SpokenNames], typed: str) -> list[str]:
    return [code for one in names for code in one.called(typed)]


def _beginning(names: Iterable[SpokenNames], typed: str) -> list[str]:
    return [code for one in names for code in one.beginning(typed)]
