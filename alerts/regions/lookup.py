"""From what people type to a region: codes, names and aliases, and what they may have meant."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice

from alerts.errors import UnknownRegion
from alerts.regions.mentions import countries
from alerts.regions.names import compact, fold
from alerts.regions.tables import Region, Tables

#: No name is longer; what lies beyond is not looked at, so a pasted document costs no more than a name.
LONGEST = 160

#: Who owns a name that several share: Georgia is the country, the state is asked for by its code.
_RANK = {"country": 0, "group": 1, "world": 2, "area": 2, "subdivision": 3}

#: How alike two names must be to be suggested. Below this, readers see no resemblance.
_ALIKE = 0.72

#: Nor is what falls so far behind the likest: beside “Czech Republic”, “Hellenic Republic” was not meant.
_BEHIND = 0.12


class Lookup:
    """The index of names. Reads nothing and changes nothing once made."""

    def __init__(self, tables: Tables) -> None:
        self._regions = tables.regions
        self._codes = tables.codes
        self._index: dict[str, list[str]] = {}
        self._words: dict[str, list[str]] = {}
        for region in tables.regions.values():
            self._add(region.code, region.name)
        for code, alias in tables.aliases:
            self._add(code, alias)

    def _add(self, code: str, name: str) -> None:
        words = fold(name)
        owners = self._index.setdefault(words.replace(" ", ""), [])
        if code not in owners:
            owners.append(code)
            self._words.setdefault(words, owners)

    def find(self, text: str) -> str:
        """Name the region that is called so. Raises UnknownRegion with the nearest, or with all it may be."""
        owners = self.owners(text)
        if len(owners) == 1:
            return owners[0]
        if owners:
            raise UnknownRegion(text.strip(), [self.label(code) for code in owners[:3]], several=True)
        raise UnknownRegion(text.strip(), self.near(text))

    def owners(self, text: str) -> list[str]:
        """List the regions a code or name may mean: one if it is clear, none if it is unknown."""
        typed = text[:LONGEST].strip()
        if exact := self.by_code(typed):
            return [exact]
        key = compact(typed)
        owners = self._index.get(key, [])
        first = min((_RANK[self._regions[code].kind] for code in owners), default=0)
        owners = [code for code in owners if _RANK[self._regions[code].kind] == first]
        shown = [code for code in owners if compact(self._regions[code].name) == key]
        return self._outermost(shown or owners)

    def by_code(self, typed: str) -> str | None:
        """The region with this code, in any case."""
        upper, lower = typed.upper(), typed.lower()
        if not typed.isascii():  # "ß" in capitals is "SS", and South Sudan is not meant
            return None
        if upper in self._regions:
            return upper
        return lower if lower in self._regions else self._codes.get(upper)

    def _outermost(self, codes: list[str]) -> list[str]:
        """Leave out what lies in another of them: Madrid is the community, not the province within."""
        return [c for c in codes if not any(p in codes for p in self._regions[c].parents)]

    def near(self, text: str) -> list[str]:
        """Name up to three regions that may be meant: `Ukraine (UA)`."""
        return [self.label(code) for code in islice(self._meant(text[:LONGEST]), 3)]

    def _meant(self, typed: str) -> Iterable[str]:
        """The country of a town, which is no region of its own; else what is written alike."""
        return countries(typed) or self._alike(compact(typed))

    def _alike(self, typed: str) -> Iterator[str]:
        """Yield codes from the likest on; subdivisions only when nothing greater resembles."""
        seen: set[str] = set()
        for keys in self._by_size:
            for key in _likest(typed, keys):
                fresh = [code for code in self._index[key] if code not in seen]
                seen.update(fresh)
                yield from fresh
            if seen:
                return

    @cached_property
    def _by_size(self) -> tuple[list[str], list[str]]:
        """The names of countries, areas and groups, then those of subdivisions only."""
        great: list[str] = []
        small: list[str] = []
        for key, owners in self._index.items():
            kinds = {self._regions[code].kind for code in owners}
            (small if kinds == {"subdivision"} else great).append(key)
        return great, small

    def search(self, text: str, limit: int) -> list[Region]:
        """List regions: exact first, then beginnings, then words in names; else what may be meant."""
        typed = text[:LONGEST].strip()
        words, squeezed = fold(typed), compact(typed)
        code = self.by_code(typed)
        found = dict.fromkeys([code] if code else [])
        if words:
            found.update(dict.fromkeys(self._ranked(self._index.get(squeezed, []))))
            for hits in (
                [k for k in self._words if k.startswith(words)],
                [k for k in self._words if f" {words}" in k],
            ):
                found.update(dict.fromkeys(self._ranked(c for key in hits for c in self._words[key])))
        if not found:
            found.update(dict.fromkeys(islice(self._meant(typed), limit)))
        return [self._regions[code] for code in islice(found, limit)]

    def _ranked(self, codes: Iterable[str]) -> list[str]:
        return sorted(
            codes, key=lambda code: (_RANK[self._regions[code].kind], len(self._regions[code].name))
        )

    def label(self, code: str) -> str:
        """Show a region with its code: `Ukraine (UA)`, `Kyiv, Ukraine (UA-30)`."""
        region = self._regions[code]
        if region.kind == "subdivision":
            return f"{region.name}, {self._regions[code.partition('-')[0]].name} ({code})"
        return f"{region.name} ({code})"


def _likest(typed: str, keys: Iterable[str]) -> list[str]:
    """The keys written much like what was typed, the likest first; slips seldom touch the first letter."""
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
