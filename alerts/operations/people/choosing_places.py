"""What somebody chooses from on a page: places found by a word or in the tree, tags, time zones."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from alerts.errors import NotFound
from alerts.locales import Locale
from alerts.regions import PlaceFinder, Tree
from alerts.regions.shapes import HEIGHT, WIDTH, MapPart, around, within
from alerts.rules.cadence import places_with_zones
from alerts.services import Services

#: The code of the whole world.
WORLD = "001"
#: What one word is answered with at most.
FOUND_MOST = 8


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """What some words were found to mean: codes of those that are certain, of those that may be meant."""

    certain: tuple[str, ...]
    likely: tuple[str, ...]
    left: tuple[str, ...]  #: the words of the latter, which are still to be chosen from
    unknown: tuple[str, ...]  #: words that nothing is called like


def find_places(finder: PlaceFinder, words: Sequence[str]) -> FoundPlaces:
    """Look words up as they are typed. What several places bear is taken for none of them."""
    certain, likely = dict[str, None](), dict[str, None]()
    left, unknown = list[str](), list[str]()
    for word in words:
        if code := finder.called(word):
            certain[code] = None
            continue
        found = [region.code for region in finder.search(word, FOUND_MOST)]
        likely.update(dict.fromkeys(found))
        (left if found else unknown).append(word)
    return FoundPlaces(tuple(certain), tuple(likely), (*left, *unknown), tuple(unknown))


def open_words(finder: PlaceFinder, words: Sequence[str], chosen: Set[str]) -> list[str]:
    """The words of which nothing is chosen yet: who typed “mol” and ticked Moldova is done with it."""
    if not chosen:
        return list(words)
    return [w for w in words if chosen.isdisjoint(region.code for region in finder.search(w, FOUND_MOST))]


#: Before anything is looked for.
NOTHING_FOUND = FoundPlaces((), (), (), ())


@dataclass(frozen=True, slots=True)
class FormChoices:
    """What a form offers. Places by their codes, each with its name; tags with what they mean."""

    chosen: Mapping[str, str]
    found: Mapping[str, str]
    unknown: tuple[str, ...]  #: words that nothing is called like
    tags: Mapping[str, str]
    zones: Sequence[str]


def choices_of(services: Services, chosen: Sequence[str], found: FoundPlaces, locale: Locale) -> FormChoices:
    """What is offered to somebody who has chosen these places, and was looking for others."""
    tree = services.tree
    known = {code: tree.located(code, locale) if code in tree else code for code in chosen}
    likely = {code: tree.located(code, locale) for code in found.likely if code not in known}
    return FormChoices(known, likely, found.unknown, services.tags.all(), places_with_zones())


@dataclass(frozen=True, slots=True)
class MappedCountry:
    """A country on the map, or a neighbour of what is looked at, which is not offered there."""

    code: str
    name: str
    path: str
    offered: bool


@dataclass(frozen=True, slots=True)
class PlacesWithin:
    """What can be chosen in one place: on a map, and in a list for whom a map is of no use."""

    code: str
    name: str
    outer: Mapping[str, str]  #: what lies around it, from the world on
    box: MapPart
    mapped: tuple[MappedCountry, ...]
    offered: Mapping[str, str]  #: the place itself, and what lies in it
    deeper: frozenset[str]  #: those of them of which parts can be looked at

    @property
    def all(self) -> list[str]:
        """What can be chosen, on the map or in the list."""
        return [*self.offered, *(one.code for one in self.mapped if one.code not in self.offered)]


def places_within(tree: Tree, code: str, locale: Locale) -> PlacesWithin:
    """What lies in a place, the parts of the world before their countries. Raises NotFound for no place."""
    if code not in tree:
        raise NotFound("There is no such place.", "Look for it by its name.")

    def name(one: str) -> str:
        return tree.name(one, locale)

    def sorted_by_name(codes: Iterable[str]) -> list[str]:
        return sorted(codes, key=lambda one: locale.in_alphabet(name(one)))

    region, countries = tree.region(code), sorted_by_name(tree.countries(code))
    parts = sorted_by_name(tree.parts(code))
    inner = parts if region.kind in ("world", "country", "subdivision") else [*parts, *countries]
    if region.kind == "world":
        inner += sorted_by_name(r.code for r in tree if r.kind == "group")
    box = around(countries) if code != WORLD else None
    box = box or MapPart(0, 0, WIDTH, HEIGHT)
    drawn = within(box)
    mapped = tuple(
        MappedCountry(one, name(one), drawn[one], one in countries) for one in sorted_by_name(drawn)
    )
    offered = dict.fromkeys([code, *inner])
    outer = [one for one in reversed(tree.ancestors(code)) if one != code]
    return PlacesWithin(
        code,
        name(code),
        {one: name(one) for one in ([WORLD, *outer] if region.kind == "group" else outer)},
        box,
        mapped,
        {one: tree.located(one, locale) for one in offered},
        frozenset(one for one in offered if one != code and tree.parts(one)),
    )
