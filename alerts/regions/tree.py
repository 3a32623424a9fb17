"""The tree World › M49 area › country › subdivision, and groups across it: what lies where, what overlaps."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from alerts.errors import UnknownRegion
from alerts.locales import ENGLISH, Locale
from alerts.regions import prose
from alerts.regions.bearers import Bearer
from alerts.regions.codes import country_of
from alerts.regions.lookup import LONGEST, Lookup
from alerts.regions.tables import Region, Tables, read

#: Answers about several regions that are remembered: what a desk is about is often the same, and each is some
#: hundred codes, which thousands of revisions share.
UNIONS_MOST = 2_000
#: Sentences about two regions that are remembered: somebody's history asks for the same ones again and again.
RELATIONS_MOST = 10_000


@cache
def load() -> "Tree":
    """Read the tree, once per process."""
    return Tree(read())


class Tree:
    """All regions by code. Immutable, but for what it remembers of its own answers."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._regions = tables.regions
        self._children: dict[str, list[str]] = {}
        self._groups_with: dict[str, list[str]] = {}
        for region in tables.regions.values():
            if region.kind == "group":
                for member in region.members:
                    self._groups_with.setdefault(member, []).append(region.code)
            else:
                for parent in region.parents:
                    self._children.setdefault(parent, []).append(region.code)
        #: Other codes of a whole territory: who names a part of it names a part of them.
        self._twins: dict[str, list[str]] = {}
        for region in tables.regions.values():
            if region.second == "same":
                self._twins.setdefault(region.parents[-1], []).append(region.code)
        self._lineages: dict[str, frozenset[str]] = {}
        self._related: dict[str, frozenset[str]] = {}
        self._unions: dict[tuple[str, ...], frozenset[str]] = {}
        self._relations: dict[tuple[str, str], str | None] = {}

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(self._tables)

    def __contains__(self, code: object) -> bool:
        return code in self._regions

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def region(self, code: str) -> Region:
        """Look a region up by its exact code. Raises UnknownRegion."""
        try:
            return self._regions[code]
        except KeyError:
            raise UnknownRegion(code, self._lookup.near(code)) from None

    def name(self, code: str, locale: Locale = ENGLISH) -> str:
        """Say what a region is commonly called: “Russia”, not “Russian Federation”. Raises UnknownRegion."""
        return locale.region(code, self.region(code).name)

    def label(self, code: str, locale: Locale = ENGLISH) -> str:
        """Show a region so that a mistake is seen: `Kyiv, Ukraine (UA-30)`. Raises UnknownRegion."""
        names = [self.name(code, locale)]
        if self.region(code).kind == "subdivision":
            names.append(self.name(country_of(code), locale))
        return f"{locale.pgettext('between names', ', ').join(names)} ({code})"

    def located(self, code: str, locale: Locale = ENGLISH) -> str:
        """Name a region: a subdivision by its label, all else by its name. Raises UnknownRegion."""
        part = self.region(code).kind == "subdivision"
        return self.label(code, locale) if part else self.name(code, locale)

    def find(self, text: str) -> str:
        """Turn a code in capitals, a name however written, or a label into a code: the one rule of all doors.

        A name that several places bear is taken for none of them on a guess (docs/regions.md has the rule).
        Raises UnknownRegion, whose hint names all it may mean, the likeliest first, or what is written alike.
        """
        return self._lookup.find(text)

    def called(self, text: str) -> str | None:
        """The same for programs that try many names, and need not be told why one is none: None for those."""
        return self._lookup.called(text)

    def bearers(self, text: str) -> list[Bearer]:
        """List what a name may mean, the likeliest first; of a code or a name that is one's, that one."""
        if found := self.called(text):
            return [Bearer(found, named=True)]
        return self._lookup.bearers(text[:LONGEST].strip())

    def successors(self, text: str) -> Sequence[str]:
        """List what a country that is no more has become; nothing for any other name."""
        return self._lookup.successors(text[:LONGEST].strip())

    def hits(self, text: str) -> list[str]:
        """List all that `search` finds by code or part of a name, but nothing that is only written alike."""
        return self._lookup.hits(text[:LONGEST].strip())

    def search(self, text: str, limit: int = 10) -> list[Region]:
        """List regions by code or part of a name, the surest first: for people who look, not for programs."""
        return self._lookup.search(text, limit)

    def parts(self, code: str) -> list[str]:
        """List what lies directly in a region, by name; of a group, its members. Raises UnknownRegion."""
        inner = self.region(code).members or self._children.get(code, ())
        return sorted(inner, key=self.name)

    def countries(self, code: str) -> list[str]:
        """List the countries in a part of the world, by name; of a country, itself. Raises UnknownRegion."""
        inside = {code, *self.region(code).members}
        inside |= {inner for outer in tuple(inside) for inner in self._within(outer)}
        return sorted((c for c in inside if self._regions[c].kind == "country"), key=self.name)

    def ancestors(self, code: str) -> list[str]:
        """List what lies around a region, level by level outwards."""
        found: dict[str, None] = {}
        level = list(self.region(code).parents)
        while level:
            found.update(dict.fromkeys(level))
            level = [parent for inner in level for parent in self._regions[inner].parents]
        return list(found)

    def lineage(self, code: str) -> frozenset[str]:
        """Collect a region, all around it and all within it. Of a group: those of its members, and itself."""
        if (known := self._lineages.get(code)) is None:
            region = self.region(code)
            if region.kind == "group":
                known = frozenset({code}).union(*map(self.lineage, region.members))
            else:
                same = region.parents[-1:] if region.second == "same" else ()
                within = (c for outer in (code, *same) for c in self._within(outer))
                known = frozenset([*self._around(code), *within])
            self._lineages[code] = known
        return known

    def _around(self, code: str) -> list[str]:
        """A region, what lies around it, and the other codes of that."""
        found = [code, *self.ancestors(code)]
        return [*found, *(twin for outer in found[1:] for twin in self._twins.get(outer, ()) if twin != code)]

    def _within(self, code: str) -> Iterator[str]:
        for child in self._children.get(code, ()):
            yield child
            yield from self._within(child)

    def related(self, codes: Iterable[str]) -> frozenset[str]:
        """Collect every region and group that overlaps one of these. Symmetric. Raises UnknownRegion."""
        named = tuple(codes)
        if len(named) == 1:
            return self._related_to(named[0])
        if (known := self._unions.get(named)) is None:
            if len(self._unions) >= UNIONS_MOST:
                self._unions.clear()
            known = self._unions[named] = frozenset().union(*map(self._related_to, named))
        return known

    def _related_to(self, code: str) -> frozenset[str]:
        if (known := self._related.get(code)) is None:
            lineage = self.lineage(code)
            groups = (group for node in lineage for group in self._groups_with.get(node, ()))
            known = self._related[code] = lineage.union(groups)
        return known

    def relation(self, wanted: str, named: str) -> str | None:
        """Say in a sentence how what an update names touches what somebody wants, or None if it does not.

        `it is about Ukraine`, `Kyiv is in Ukraine`: no capital and no full stop. Raises UnknownRegion.
        """
        relations, asked = self._relations, (wanted, named)
        if asked not in relations:
            if len(relations) >= RELATIONS_MOST:
                relations = self._relations = {}  # others may be reading the old ones
            relations[asked] = self._relation(self.region(wanted), self.region(named))
        return relations[asked]

    def _relation(self, one: Region, other: Region) -> str | None:
        if one == other:
            return prose.about(one)
        for inner, outer in ((other, one), (one, other)):
            if self._covers(outer, inner):
                return prose.inside(inner, outer, self._through(inner, outer), self._how(inner, outer))
        common = self._common(one, other)
        return prose.shared(one, other, common) if common else None

    def near(self, one: str, other: str) -> Region | None:
        """What two regions lie in side by side: the country of two parts, the part of the world of countries.

        None where they are not neighbours in the tree, or one lies in the other.
        """
        if other in self._related_to(one):
            return None
        shared = [code for code in self.region(one).parents if code in self.region(other).parents]
        return self.region(shared[0]) if shared else None

    def _covers(self, outer: Region, inner: Region) -> bool:
        """Whether all of one lies in the other, as far as members tell."""
        pieces = outer.members or (outer.code,)
        return all(
            any(node in pieces for node in self._around(code)) for code in inner.members or (inner.code,)
        )

    def _how(self, inner: Region, outer: Region) -> str:
        """How one lies in the other: in it if one way up says so, else as the link that does not says."""
        pieces, hows = outer.members or (outer.code,), []
        for parent in inner.parents:
            if any(node in pieces for node in self._around(parent)):
                wholly = parent in inner.wholly_in
                above = "in" if parent in pieces else self._how(self._regions[parent], outer)
                hows.append(above if wholly else inner.second)
        return hows[0] if hows and "in" not in hows else "in"

    def _through(self, inner: Region, group: Region) -> Region | None:
        """The country by which a subdivision belongs to a group."""
        if inner.kind != "subdivision" or inner.code in group.members:
            return None
        return next((self._regions[c] for c in self.ancestors(inner.code) if c in group.members), None)

    def _common(self, one: Region, other: Region) -> list[Region]:
        """What two overlapping regions share: of each pair of pieces that overlap, the smaller."""
        theirs = other.members or (other.code,)
        found: dict[str, None] = {}
        for code in one.members or (one.code,):
            around = set(self._around(code))
            found.update(dict.fromkeys(c for c in theirs if c in self.lineage(code) and c not in around))
            if not around.isdisjoint(theirs):
                found[code] = None
        return [self._regions[code] for code in found]
