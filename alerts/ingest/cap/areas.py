"""Which regions a message is about, and what says so: codes, words, shapes, at last its sender's country."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from alerts.ingest.cap.descriptions import Words
from alerts.ingest.cap.geocodes import region_of, shortfall
from alerts.ingest.cap.messages import CapAlert, CapArea, CapInfo
from alerts.ingest.cap.origins import Origin, origin
from alerts.ingest.cleaning import excerpt
from alerts.ingest.fields import REGIONS_MAX
from alerts.ingest.shape_fields import SHAPES_CHARACTERS, SHAPES_MAX
from alerts.model.shapes import Circle, Point, Polygon, Shape, write_shape
from alerts.regions import Tree
from alerts.regions.codes import country_of
from alerts.regions.positions import TownPosition, towns_near, towns_within
from alerts.texts import number_of

#: As many corners are looked at; the largest real message has 8,300.
_CORNERS_MOST = 40_000
_SHOWN = 6
_PAIR = re.compile(r"([-+0-9.]+),([-+0-9.]+)")
#: A place in a suburb, and not half-way to the next country.
_VERY_NEAR_KM = 15
#: What is named, and further away than this from what is drawn, is not meant.
_FAR_KM = 300


class Sourced(NamedTuple):
    """A region, and what says that it is meant."""

    code: str
    why: str


def regions_of(message: CapAlert, infos: Sequence[CapInfo], tree: Tree) -> list[Sourced]:
    """The regions that a message is about, in its own order; none where nothing tells."""
    home = origin(message, tree)
    areas = [area for info in infos for area in info.areas]
    found: dict[str, str] = {}
    words = Words(tree)
    for area in dict.fromkeys(map(_key, areas)):
        for code, why in _of_area(area, home, tree, words):
            found.setdefault(code, why)
    if not found and home and message.infos:
        found = {home.code: f"{home.why}, is from there, and nothing nearer is known of where it is"}
    return [Sourced(code, why) for code, why in _not_too_many(found).items()]


def shapes_of(infos: Sequence[CapInfo], notes: list[str]) -> tuple[str, ...]:
    """The polygons and circles that are kept of a message; with notes for those that are not."""
    read: dict[str, None] = {}
    bad = corners = 0
    for text, kind in _drawn(infos):
        corners += text.count(",")
        if corners > _CORNERS_MOST:
            notes.append(f"has more than {_CORNERS_MOST:,} corners of polygons: the others are left out")
            break
        if shape := _parsed(kind, text, notes):
            read[write_shape(shape)] = None
        else:
            bad += 1
    if bad:
        left_out = number_of(bad, "polygon or circle", "polygons or circles")
        notes.append(f"has {left_out} that cannot be drawn: left out")
    if len(read) > SHAPES_MAX or sum(map(len, read)) > SHAPES_CHARACTERS:
        notes.append("draws more than is kept: it says which regions it is about, and is left out")
        return ()
    return tuple(read)


def notes_of(found: Sequence[Sourced], tree: Tree) -> Iterator[str]:
    """Each reason once, with the regions it is the reason for."""
    for why in dict.fromkeys(region.why for region in found):
        labels = [tree.label(region.code) for region in found if region.why == why]
        more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
        yield f"is about {', '.join(labels[:_SHOWN])}{more}: {why}"


def shortfalls(infos: Sequence[CapInfo], tree: Tree) -> Iterator[str]:
    """Which codes say nothing, or less than they could, and why: each scheme once."""
    told: dict[tuple[str, str], None] = {}
    for scheme, value in dict.fromkeys(
        code for info in infos for area in info.areas for code in area.geocodes
    ):
        known = (scheme, why := shortfall(scheme, value, tree))
        if why and known not in told and len(told) < _SHOWN:
            told[known] = None
            yield f"has the code {excerpt(f'{scheme} {value}')}, which is {why}"


class _Area(NamedTuple):
    """An area by what says where it is; those of two languages are often the same."""

    description: str
    geocodes: tuple[tuple[str, str], ...]
    polygons: tuple[str, ...]
    circles: tuple[str, ...]


def _key(area: CapArea) -> _Area:
    return _Area(area.description, tuple(area.geocodes), tuple(area.polygons), tuple(area.circles))


def _of_area(area: _Area, home: Origin | None, tree: Tree, words: Words) -> Iterator[Sourced]:
    """The regions of one area. A code of a country alone is narrowed by words, else by shapes."""
    coded = dict[str, str]()
    for scheme, value in area.geocodes:
        if code := region_of(scheme, value, tree):
            coded.setdefault(code, f"the code {scheme[-40:]} {value[:40]}")
    nearer = [code for code in coded if tree.region(code).kind != "country"]
    if nearer:
        schemes = ", ".join(dict.fromkeys(scheme[-40:] for scheme, _ in area.geocodes))
        yield from (Sourced(code, f"its codes ({schemes[:80]})") for code in nearer)
        return
    found = [*_in_country(area, next(iter(coded), home.code if home else ""), words)]
    if not found and not coded and home:  # some watch the whole world
        found = [*_in_country(area, "", words)]
    yield from found or (Sourced(code, why) for code, why in coded.items())


def _in_country(area: _Area, country: str, words: Words) -> Iterator[Sourced]:
    """What its words say of one country, and its shapes where words do not tell; of any if none is given."""
    named, why = words.described(area.description, country), f"the area {excerpt(area.description)}"
    told = named.whole and set(named.codes) != {country}
    shapes = [] if told and country else _shapes(area)
    drawn = [*_by_shapes(shapes, country)]
    around = {country_of(code) for code, _ in drawn}
    if drawn and not country:  # “Dibba in Oman” is a mile from the Emirates, “The Valley” is not in Anguilla
        around |= {country_of(town.region) for town in towns_near(shapes[0].middle, _FAR_KM)}
    codes = [code for code in named.codes if country or not drawn or country_of(code) in around]
    yield from (Sourced(code, why) for code in codes)
    if not (told and codes):
        yield from drawn
    if country and codes and not named.whole:
        yield Sourced(country, f"{why}, of which not all is known")


def _by_shapes(shapes: Sequence[Shape], country: str) -> Iterator[Sourced]:
    """The regions of the towns within; where there is none, what the towns around have in common."""
    inside = [town for town in towns_within(shapes) if not country or country_of(town.region) == country]
    for region in dict.fromkeys(town.region for town in inside):
        names = list(dict.fromkeys(town.name for town in inside if town.region == region))
        listed = ", ".join(names[:3]) + f" and {len(names) - 3} more" * (len(names) > 3)
        yield Sourced(region, f"{listed} within what is drawn")
    if not inside and shapes:
        around = [t for t in towns_near(shapes[0].middle) if not country or country_of(t.region) == country]
        if common := _common(around, shapes[0].middle):
            yield Sourced(common, f"{around[0].name} near what is drawn")


def _common(towns: Sequence[TownPosition], middle: Point) -> str:
    """The region of the nearest if it is very near, else of all of them, or their country; empty for none."""
    regions = {town.region for town in towns}
    countries = {country_of(region) for region in regions}
    if len(regions) == 1 or (towns and middle.km_to(towns[0].at) <= _VERY_NEAR_KM):
        return towns[0].region
    return countries.pop() if len(countries) == 1 else ""


def _shapes(area: _Area) -> list[Shape]:
    drawn = [
        *((polygon, Polygon) for polygon in area.polygons),
        *((circle, Circle) for circle in area.circles),
    ]
    return [shape for text, kind in drawn if (shape := _parsed(kind, text, []))]


def _parsed(kind: type[Polygon] | type[Circle], text: str, notes: list[str]) -> Shape | None:
    """A shape, its coordinates exchanged where they are on the globe only so; None where nothing helps."""
    try:
        return kind.parse(text)
    except ValueError:
        pass
    try:
        shape = kind.parse(_PAIR.sub(r"\2,\1", text))
    except ValueError:
        return None
    notes.append("has coordinates that are none: they are taken as longitude, latitude")
    return shape


def _drawn(infos: Sequence[CapInfo]) -> Iterator[tuple[str, type[Polygon] | type[Circle]]]:
    for info in infos:
        for area in info.areas:
            yield from ((polygon, Polygon) for polygon in area.polygons)
            yield from ((circle, Circle) for circle in area.circles)


def _not_too_many(found: dict[str, str]) -> dict[str, str]:
    """As many as an update has room for: else their countries, and the world for too many of those."""
    if len(found) <= REGIONS_MAX:
        return found
    countries = {country_of(code): "its regions are more than fit" for code in found}
    return countries if len(countries) <= REGIONS_MAX else {"001": "its countries are more than fit"}
