"""The shapes of countries on a map of the world, to be drawn as SVG: simplified from Natural Earth's."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

#: The map in its units: Miller's projection, from the Bering Strait around the earth, without Antarctica.
WIDTH, HEIGHT = 4000, 2040
#: The left, upper, right and lower end of something on it.
Corners = tuple[int, int, int, int]
#: What is left around a part of the map, and what is too wide to be seen whole (units).
_MARGIN = 24
_WIDE = WIDTH // 5


class MapPart(NamedTuple):
    """A part of the map: its upper left corner, and how large it is."""

    x: int
    y: int
    width: int
    height: int


@cache
def shapes() -> dict[str, str]:
    """The shape of each country by its code, as the data of an SVG path. What is too small has none."""
    lines = (files("alerts.regions") / "data" / "shapes.tsv").read_text("ascii").splitlines()
    return dict(line.split("\t") for line in lines[1:])


def around(codes: Iterable[str]) -> MapPart | None:
    """The part of the map with the greatest piece of each of these countries; None where none has a shape.

    What reaches across a continent is seen beside its neighbours, and not whole: Europe would be a strip.
    """
    every = [_pieces(path)[0] for code in codes if (path := shapes().get(code))]
    boxes = [(x0, y0, x1, y1) for x0, y0, x1, y1 in every if x1 - x0 <= _WIDE] or every
    if not boxes:
        return None
    left, top = min(b[0] for b in boxes) - _MARGIN, min(b[1] for b in boxes) - _MARGIN
    right, bottom = max(b[2] for b in boxes) + _MARGIN, max(b[3] for b in boxes) + _MARGIN
    return MapPart(left, top, right - left, bottom - top)


def within(box: MapPart) -> dict[str, str]:
    """The countries of which something may be seen in a part of the map, each with those pieces of its shape.

    A piece that is cut away would still be there for programs that look for what lies over a link: French
    Guiana would cover the list below a map of Europe.
    """
    right, bottom = box.x + box.width, box.y + box.height

    def seen(piece: str) -> bool:
        x0, y0, x1, y1 = _corners(piece)
        return x0 < right and box.x < x1 and y0 < bottom and box.y < y1

    found = {
        code: [piece for piece in path.split("z") if piece and seen(piece)] for code, path in shapes().items()
    }
    return {code: "z".join([*pieces, ""]) for code, pieces in found.items() if pieces}


def _pieces(path: str) -> list[Corners]:
    """The corners of each piece of a shape, the greatest first: France is in Europe."""
    return [_corners(piece) for piece in path.split("z") if piece]


@cache
def _corners(piece: str) -> Corners:
    numbers = [int(number) for number in re.findall(r"-?[0-9]+", piece)]
    x, y = numbers[:2]
    xs, ys = [x], [y]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        xs.append(x)
        ys.append(y)
    return min(xs), min(ys), max(xs), max(ys)
