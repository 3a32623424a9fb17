"""Where towns lie: which of them, and so which regions, a polygon or a circle holds."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from alerts.errors import BadInput
from alerts.model.shapes import KM_A_DEGREE, Circle, Point, Polygon, Shape
from alerts.regions.tables import rows

#: A shape without a town in it is told by those around its middle, this far.
NEAR_KM = 60
#: Towns and corners that are looked at: half a second's worth; the largest real message takes a third of it.
_LOOKS_MOST = 3_000_000
_CORNERS_MOST = 400


class TownPosition(NamedTuple):
    """A town of 15,000 inhabitants or more: where it lies, and the smallest region known to hold it."""

    at: Point
    region: str
    name: str


@cache
def _towns() -> tuple[list[float], list[TownPosition]]:
    """All of them from south to north, with their latitudes; read once per process, where a shape is met."""
    found = []
    for region, listed in rows("positions"):
        for entry in listed.split("|")[1:]:
            name, latitude, longitude = entry.rsplit(" ", 2)
            found.append(TownPosition(Point(float(latitude), float(longitude)), region, name))
    found.sort()
    return [town.at.latitude for town in found], found


def towns_within(shapes: Iterable[Shape]) -> list[TownPosition]:
    """The towns that lie in any of the shapes, each once, from south to north.

    Raises BadInput where so much is drawn that it would take a second and more to look at.
    """
    left = _LOOKS_MOST
    found: set[TownPosition] = set()
    for shape in map(_coarse, shapes):
        box = shape.box
        near = _in_band(box.south, box.north)
        boxed = [town for town in near if box.holds(town.at)]
        left -= len(near) + len(boxed) * (len(shape.corners) if isinstance(shape, Polygon) else 1)
        if left < 0:
            raise BadInput("It draws more than can be looked at.", "Give its regions with --region.")
        found.update(town for town in boxed if shape.holds(town.at))
    return sorted(found)


def _coarse(shape: Shape) -> Shape:
    """An outline that tells towns apart: no more corners than that takes."""
    if isinstance(shape, Circle) or len(shape.corners) <= _CORNERS_MOST:
        return shape
    return Polygon(shape.corners[:: -(-len(shape.corners) // _CORNERS_MOST)])


def towns_near(middle: Point, km: float = NEAR_KM) -> list[TownPosition]:
    """The towns around a place, the nearest first."""
    reach = km / KM_A_DEGREE
    band = _in_band(middle.latitude - reach, middle.latitude + reach)
    far = sorted((middle.km_to(town.at), town) for town in band)
    return [town for away, town in far if away <= km]


def _in_band(south: float, north: float) -> list[TownPosition]:
    latitudes, towns = _towns()
    return towns[bisect_left(latitudes, south) : bisect_right(latitudes, north)]
