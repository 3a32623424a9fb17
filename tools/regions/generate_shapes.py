"""Write the shapes of countries for the map to click, from Natural Earth's (public domain), simplified.

    npm pack world-atlas@2.0.2 && python tools/regions/generate_shapes.py world-atlas-2.0.2.tgz

world-atlas packages Natural Earth's Admin 0 countries at 1:50m as TopoJSON: borders are arcs that neighbours
share, so what is simplified along an arc still fits on both sides. No arc is cut at the date line.
"""

import json
import math
import sys
import tarfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from alerts.regions import load
from alerts.regions.shapes import WIDTH

WRITTEN = Path(__file__).parents[2] / "alerts" / "regions" / "data" / "shapes.tsv"
#: The left end of the map (degrees): the Bering Strait, so that Chukotka is beside the rest of Russia.
LEFT = -169.5
#: The upper end of the map (degrees), and what a turn of the earth is in units.
TOP, TURN = 84.0, float(WIDTH)
#: How far a border may be from where it was (units).
TOLERANCE = 1.6
#: Islands and holes smaller than this are left out where there is anything greater of the country (units²).
LEAST = 60.0
#: Lies below the lower end of the map, and is the only one there.
BELOW = {"AQ"}
#: What the source has no number for. The map follows the members and observers of the United Nations.
WITHOUT_NUMBER = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}

Point = tuple[float, float]
Line = list[Point]


def projected(longitude: float, latitude: float) -> Point:
    """Miller's projection: nothing is flattened where many small countries are."""

    def miller(degrees: float) -> float:
        return 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(degrees)))

    x = (longitude - LEFT) / 360 * TURN
    return x, (miller(TOP) - miller(latitude)) * TURN / (2 * math.pi)


def simplified(line: Line) -> Line:
    """The line without the points that lie nearly on it (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.hypot(x1 - x0, y1 - y0)

    def away(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - x0, point[1] - y0)
        return abs((x1 - x0) * (y0 - point[1]) - (x0 - point[0]) * (y1 - y0)) / length

    farthest = max(range(1, len(line) - 1), key=lambda at: away(line[at]))
    if away(line[farthest]) <= TOLERANCE:
        return [line[0], line[-1]]
    return simplified(line[: farthest + 1])[:-1] + simplified(line[farthest:])


def turned(line: Line, x: float) -> Line:
    """The line as often around the earth as brings its first point next to `x`."""
    turns = round((x - line[0][0]) / TURN)
    return [(at + turns * TURN, y) for at, y in line]


def ring(numbers: list[int], arcs: list[Line]) -> Line:
    points: Line = []
    for number in numbers:
        line = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += turned(line, points[-1][0])[1:] if points else line
    middle = sum(x for x, _ in points) / len(points)
    return [(x - math.floor(middle / TURN) * TURN, y) for x, y in points]


def area(points: Line) -> float:
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise([*points, points[0]]))) / 2


def path(rings: list[Line]) -> str:
    """Rings as the data of an SVG path: whole units, each point relative to the one before."""
    written = []
    for points in rings:
        whole = [(round(x), round(y)) for x, y in points]
        steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(whole)]
        moves = " ".join(f"{x}{'' if y < 0 else ' '}{y}" for x, y in steps if (x, y) != (0, 0))
        written.append(f"M{whole[0][0]} {whole[0][1]}l{moves or '1 0'}z")
    return "".join(written)


def main(package: str) -> None:
    with tarfile.open(package) as opened:
        found = opened.extractfile("package/countries-50m.json")
        assert found
        topology = json.load(found)
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Line] = []
    for arc in topology["arcs"]:
        x, y, line = 0, 0, Line()
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = projected(x * scale[0] + shift[0], y * scale[1] + shift[1])
            line += turned([point], line[-1][0]) if line else [point]
        arcs.append(line)
    short = [simplified(arc) for arc in arcs]
    tree, shapes = load(), defaultdict[str, list[Line]](list)
    for country in topology["objects"]["countries"]["geometries"]:
        name, number = country["properties"]["name"], country.get("id", "")
        code = WITHOUT_NUMBER.get(name) or tree.called(number) or ""
        if not code or code in BELOW:
            print(f"left out: {name} ({number or 'no number'})")
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        whole = [(ring(one, short), ring(one, arcs)) for polygon in polygons for one in polygon]
        ordered = sorted(whole, key=lambda both: -area(both[1]))
        kept = [small for small, full in ordered if area(full) >= LEAST and len(small) > 3]
        shapes[code] += kept or [ordered[0][0] if len(ordered[0][0]) > 3 else ordered[0][1]]
    rows = [f"{code}\t{path(rings)}" for code, rings in sorted(shapes.items())]
    WRITTEN.write_text("code\tpath\n" + "\n".join(rows) + "\n")
    print(f"{len(rows)} shapes, {WRITTEN.stat().st_size} octets")


if __name__ == "__main__":
    main(sys.argv[1])
