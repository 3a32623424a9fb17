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
#: Towns and corners that are looked at: half a second's worth on a slow machine.
_LOOKS_MOST = 1_000_000
#: Corners that tell towns apart, and without which they do not.
_CORNERS_MOST, _CORNERS_LEAST = 200, 10


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

    Where many lie around, an outline is taken more coarsely. Raises BadInput where so much is drawn that it
    would take a second and more to look at.
    """
    left = _LOOKS_MOST
    found: set[TownPosition] = set()
    for shape in shapes:
        box = shape.box
        near = _in_band(box.south, box.north)
        left -= len(near)
        boxed = [town for town in near if box.holds(town.at)] if left > 0 else []
        corners = min(_CORNERS_MOST, left // max(1, len(boxed)))
        if corners < _CORNERS_LEAST:
            raise BadInput("It draws more than can be looked at.", "Give its regions with --region.")
        outline = _coarse(shape, corners)
        left -= len(boxed) * (len(outline.corners) if isinstance(outline, Polygon) else 1)
        found.update(town for town in boxed if outline.holds(town.at))
    return sorted(found)


def _coarse(shape: Shape, corners: int) -> Shape:
    """A shape with no more corners than that, evenly left out."""
    if isinstance(shape, Circle) or len(shape.corners) <= corners:
        return shape
    return Polygon(shape.corners[:: -(-len(shape.corners) // corners)])


def towns_near(middle: Point, km: float = NEAR_KM) -> list[TownPosition]:
    """The towns around a place, the nearest first."""
    reach = km / KM_A_DEGREE
    band = _in_band(middle.latitude - reach, middle.latitude + reach)
    far = sorted((middle.km_to(town.at), town) for town in band)
    return [town for away, town in far if away <= km]


def _in_band(south: float, north: float) -> list[TownPosition]:
    latitudes, towns = _towns()
    return towns[bisect_left(latitudes, south) : bisect_right(latitudes, north)]
