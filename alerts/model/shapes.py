"""Polygons and circles on the earth, as CAP writes them: latitude first, in degrees; circles in km."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

#: To the ten-thousandth of a degree: some ten metres, finer than anybody draws.
_DIGITS = 4
_EARTH_KM = 6371.0
#: Of latitude.
KM_A_DEGREE = 111.2


class Point(NamedTuple):
    """A place by latitude and longitude, in degrees."""

    latitude: float
    longitude: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `38.47,-120.14`. Raises ValueError, also for what lies on no globe."""
        latitude, longitude = (float(part) for part in text.split(","))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError(text)
        return cls(round(latitude, _DIGITS), round(longitude, _DIGITS))

    def __str__(self) -> str:
        return ",".join(f"{degrees:.{_DIGITS}f}".rstrip("0").rstrip(".") for degrees in self)

    def km_to(self, other: "Point") -> float:
        """How far it is to another point, over the ground (haversine)."""
        north, east = (math.radians(there - here) for here, there in zip(self, other, strict=True))
        widths = math.cos(math.radians(self.latitude)) * math.cos(math.radians(other.latitude))
        half = math.sin(north / 2) ** 2 + widths * math.sin(east / 2) ** 2
        return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


class Box(NamedTuple):
    """What a shape does not reach beyond."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        return self.south <= point.latitude <= self.north and self.west <= point.longitude <= self.east


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area by its corners: the last is joined to the first. None spans the 180th meridian."""

    corners: tuple[Point, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read pairs parted by spaces. Raises ValueError for fewer than three places."""
        corners = tuple(Point.parse(pair) for pair in text.split())
        if corners and corners[0] == corners[-1]:
            corners = corners[:-1]
        if len(set(corners)) < 3:
            raise ValueError(text[:80])
        return cls(corners)

    def __str__(self) -> str:
        return " ".join(map(str, (*self.corners, self.corners[0])))

    @property
    def middle(self) -> Point:
        """Amid its corners."""
        latitudes, longitudes = zip(*self.corners, strict=True)
        return Point(sum(latitudes) / len(latitudes), sum(longitudes) / len(longitudes))

    @property
    def box(self) -> Box:
        latitudes, longitudes = zip(*self.corners, strict=True)
        return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))

    def holds(self, point: Point) -> bool:
        """Whether a place lies in it: a ray eastwards crosses its border an odd number of times."""
        return sum(self._crossings(point)) % 2 == 1

    def _crossings(self, point: Point) -> Iterator[bool]:
        latitude, longitude = point
        south, west = self.corners[-1]
        for north, east in self.corners:
            if (south > latitude) != (north > latitude):
                yield longitude < (east - west) * (latitude - south) / (north - south) + west
            south, west = north, east


@dataclass(frozen=True, slots=True)
class Circle:
    """All that lies within a radius of a place."""

    middle: Point
    radius_km: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `32.9,-115.7 80`. Raises ValueError, also for a radius that is larger than the earth."""
        centre, radius = text.split()
        radius_km = float(radius)
        if not 0 <= radius_km <= math.pi * _EARTH_KM:
            raise ValueError(text)
        return cls(Point.parse(centre), round(radius_km, 2))

    def __str__(self) -> str:
        return f"{self.middle} {self.radius_km:g}"

    @property
    def box(self) -> Box:
        high = self.radius_km / KM_A_DEGREE
        narrow = math.cos(math.radians(min(89.9, abs(self.middle.latitude) + high)))
        wide = high / max(narrow, 0.001)
        latitude, longitude = self.middle
        if abs(longitude) + wide > 180:  # around the earth, or over its other side
            return Box(latitude - high, -180, latitude + high, 180)
        return Box(latitude - high, longitude - wide, latitude + high, longitude + wide)

    def holds(self, point: Point) -> bool:
        return self.middle.km_to(point) <= self.radius_km


Shape = Polygon | Circle
_KINDS: dict[str, type[Polygon] | type[Circle]] = {"polygon": Polygon, "circle": Circle}


def read_shape(text: str) -> Shape:
    """Read `polygon 38.47,-120.14 …` or `circle 32.9,-115.7 80`. Raises ValueError."""
    kind, _, rest = text.strip().partition(" ")
    if kind not in _KINDS:
        raise ValueError(text[:80])
    return _KINDS[kind].parse(rest)


def write_shape(shape: Shape) -> str:
    """Write a shape as `read_shape` reads it."""
    return f"{type(shape).__name__.lower()} {shape}"
