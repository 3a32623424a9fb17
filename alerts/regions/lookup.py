"""From what people type to a region: codes in capitals, names and aliases, and what they may have meant."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from alerts.errors import UnknownRegion
from alerts.regions import forms
from alerts.regions.bearers import Bearer, dominant
from alerts.regions.likeness import likest
from alerts.regions.mentions import countries
from alerts.regions.names import compact, fold
from alerts.regions.tables import Region, Tables
from alerts.regions.towns import Town, towns

#: No name is longer; what lies beyond is not looked at, so a pasted document costs no more than a name.
LONGEST = 160

#: Who owns a name that several share: Georgia is the country, the state is asked for by its code.
RANK = {"country": 0, "group": 1, "world": 2, "area": 2, "subdivision": 3}

#: Of what is written alike, this many are suggested; all that bear the very name are.
_SUGGESTED = 3

_CODE_BEHIND = re.compile(r".*\((?P<code>[^()]+)\)")


def code_behind(typed: str) -> str:
    """The code at the end of what may be a label; empty where there is none."""
    behind = _CODE_BEHIND.fullmatch(typed)
    return behind["code"] if behind else ""


class Lookup:
    """The index of names. Reads nothing and changes nothing once made."""

    def __init__(self, tables: Tables) -> None:
        self._regions = tables.regions
        self._codes = tables.codes
        self._label = tables.label
        self._successors = tables.successors
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
        if found := self.called(text):
            return found
        typed = text[:LONGEST].strip()
        bearers = self.bearers(typed)
        labels = [self._label(bearer.code) for bearer in bearers]
        successors = [self._label(code) for code in self.successors(typed)]
        if any(bearer.named for bearer in bearers):
            raise UnknownRegion.several(typed, labels)
        if successors and not bearers:
            raise UnknownRegion.former(typed, successors)
        if typed.isascii() and (code := self.by_code(typed.upper())):
            raise UnknownRegion.in_small_letters(typed, self._label(code))
        if len(bearers) == 1:  # a town: what it lies in may be all that is wanted
            labels += [self._label(code) for code in self._around(bearers[0].code) if self._is_country(code)]
        raise UnknownRegion(typed, list(dict.fromkeys([*labels, *successors])) or self.near(typed))

    def successors(self, typed: str) -> Sequence[str]:
        """What a country that is no more has become; nothing for any other name."""
        return self._successors.get(compact(typed), ())

    def called(self, text: str) -> str | None:
        """The region that is called so; None where `find` would say why not, which takes far longer."""
        typed = text[:LONGEST].strip()
        if exact := self.by_code(typed) or self._labelled(typed):
            return exact
        bearers = self.bearers(typed)
        if taken := dominant(bearers):
            return taken
        return None if any(bearer.named for bearer in bearers) else self._qualified(typed)

    def by_code(self, typed: str) -> str | None:
        """The region with this code. In capitals: in small letters “est” is a name, “EST” is Estonia."""
        return typed if typed in self._regions else self._codes.get(typed)

    def _labelled(self, typed: str) -> str | None:
        """The region of a label as `Tables.label` writes it."""
        code = self.by_code(code_behind(typed))
        return code if code and compact(typed) == compact(self._label(code)) else None

    def bearers(self, typed: str) -> list[Bearer]:
        """List what bears a name, the likeliest first: regions, and regions for the towns in them."""
        return next(filter(None, map(self._bearing, forms.keys(typed))), [])

    def _bearing(self, key: str) -> list[Bearer]:
        named = self._called(key)
        if len(named) == 1 and self._owns(named[0], key):
            return [Bearer(named[0], named=True)]
        found = {code: Bearer(code, self._thousands(code), named=True) for code in named}
        for town in towns().called(key):
            for code in [code for code in named if self._stands_for(code, town)] or [town.region]:
                found[code] = found.get(code, Bearer(code)).with_town(town)
        return sorted(found.values(), key=lambda b: b.likelihood, reverse=True)

    def _called(self, key: str) -> list[str]:
        """The regions with this name; of one country's, those shown with it before those that also have it.

        An owner keeps what is lower from being asked about: nobody who writes Mexico means the state.
        """
        codes = self._index.get(key, [])
        if best := [code for code in self._first(codes) if self._regions[code].kind != "subdivision"]:
            best = self._shown(best, key)
            if len(best) > 1 or self._owns(best[0], key):
                return best
            codes = [*best, *(code for code in codes if self._is_shown(code, key))]
        by_country: dict[str, list[str]] = {}
        for code in codes:
            by_country.setdefault(code.partition("-")[0], []).append(code)
        return self._outermost([c for inner in by_country.values() for c in self._shown(inner, key)])

    def _first(self, codes: list[str]) -> list[str]:
        """Those of the rank that owns a name before the others."""
        ranks = [RANK[self._regions[code].kind] for code in codes]
        return [code for code, rank in zip(codes, ranks, strict=True) if rank == min(ranks)]

    def _owns(self, code: str, key: str) -> bool:
        """Whether a name is the region's whoever else bears it: a country's present one, and all of ours."""
        kind = self._regions[code].kind
        return kind != "subdivision" and (kind != "country" or self._is_shown(code, key))

    def _is_country(self, code: str) -> bool:
        return self._regions[code].kind == "country"

    def _is_shown(self, code: str, key: str) -> bool:
        return compact(self._regions[code].name) == key

    def _shown(self, codes: list[str], key: str) -> list[str]:
        return [code for code in codes if self._is_shown(code, key)] or codes

    def _stands_for(self, code: str, town: Town) -> bool:
        """Whether who means the town is served by the region of its name: it holds it, as far as is known.

        In one country the region is meant before a lesser town elsewhere; before its capital it is not.
        """
        if code in self._around(town.region) or town.region in self._around(code):
            return True
        if code.partition("-")[0] != town.region.partition("-")[0]:
            return False
        people = self._people.get(code, 0)
        return not people or (not town.capital and town.thousands <= people)

    def _around(self, code: str) -> Iterator[str]:
        """Yield a region and what lies around it, up to its country."""
        yield code
        region = self._regions[code]
        if region.kind == "subdivision":
            for parent in region.wholly_in:
                yield from self._around(parent)

    def _thousands(self, code: str) -> int:
        """How many live in its towns; where none are known to lie in it, in the town it is called after."""
        own = (
            t.thousands
            for t in towns().called(compact(self._regions[code].name))
            if self._stands_for(code, t)
        )
        return self._people.get(code, 0) or max(own, default=0)

    @cached_property
    def _people(self) -> dict[str, int]:
        """The thousands who live in the towns of each country and subdivision."""
        people: dict[str, int] = {}
        for code, thousands in towns().people.items():
            for around in set(self._around(code)):
                people[around] = people.get(around, 0) + thousands
        return people

    def _qualified(self, typed: str) -> str | None:
        """The region of a name with what it lies in behind it: `Guadalajara, Mexico`."""
        parts = forms.split(typed)
        outer = self.called(parts[1]) if parts else None
        if outer is None:
            return None
        for key in forms.keys(parts[0]) if parts else ():
            within = [code for code in self._index.get(key, []) if self._lies_in(code, outer)]
            named = self._first(within)
            called = [town.region for town in towns().called(key) if self._lies_in(town.region, outer)]
            codes = set(self._outermost(self._shown(named, key)) or called)
            if codes:
                return codes.pop() if len(codes) == 1 else None
        return None

    def _lies_in(self, code: str, outer: str) -> bool:
        members = self._regions[code].members or (code,)
        return all(outer in self._around(member) for member in members)

    def _outermost(self, codes: list[str]) -> list[str]:
        """Leave out what lies in another of them: Madrid is the community, not the province within."""
        return [c for c in codes if not any(p in codes for p in self._regions[c].wholly_in)]

    def near(self, text: str) -> list[str]:
        """Name up to three regions that may be meant: `Ukraine (UA)`."""
        return [self._label(code) for code in islice(self._meant(text[:LONGEST]), _SUGGESTED)]

    def _meant(self, typed: str) -> Iterable[str]:
        """The country of a town, which is no region of its own; else what is written alike.

        Words for a state are no likeness, and ask for one: the Republic of Georgia is not that of Serbia.
        """
        core = forms.core(typed)
        return countries(typed) or (self._alike(compact(core), 1) if core else self._alike(compact(typed)))

    def _alike(self, typed: str, sizes: int = 2) -> Iterator[str]:
        """Yield codes from the likest on; subdivisions only when nothing greater resembles."""
        seen: set[str] = set()
        for keys in self._by_size[:sizes]:
            for key in likest(typed, keys):
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
        found = self.hits(typed) or list(islice(self._meant(typed), limit))
        return [self._regions[code] for code in found[:limit]]

    def hits(self, typed: str) -> list[str]:
        """List what has a code or name that begins so, or a name with a word that does; the surest first."""
        words, squeezed = fold(typed), compact(typed)
        code = self.by_code(typed) or (self.by_code(typed.upper()) if typed.isascii() else None)
        found = dict.fromkeys([code] if code else [])
        if words:
            found.update(dict.fromkeys(self._ranked(self._index.get(squeezed, []))))
            found.update(dict.fromkeys(bearer.code for bearer in self.bearers(typed)))
            for hits in (
                [k for k in self._words if k.startswith(words)],
                [k for k in self._words if f" {words}" in k],
            ):
                found.update(dict.fromkeys(self._ranked(c for key in hits for c in self._words[key])))
        return list(found)

    def _ranked(self, codes: Iterable[str]) -> list[str]:
        return sorted(codes, key=lambda code: (RANK[self._regions[code].kind], len(self._regions[code].name)))
