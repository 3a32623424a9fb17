"""Polygons and circles hold what lies in them, and are written as they are read."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from alerts.model.shapes import Circle, Point, Polygon, read_shape, write_shape

degrees = st.builds(
    lambda north, east: Point(north / 10_000, east / 10_000),
    st.integers(-800_000, 800_000),
    st.integers(-1_800_000, 1_800_000),
)
VIENNA, GRAZ, BRATISLAVA = Point(48.21, 16.37), Point(47.07, 15.44), Point(48.15, 17.11)


def test_a_circle_holds_what_is_near() -> None:
    """Bratislava is 55 km from Vienna, over the ground."""
    assert Circle(VIENNA, 60).holds(BRATISLAVA)
    assert not Circle(VIENNA, 50).holds(BRATISLAVA)
    assert Circle(VIENNA, 0).holds(VIENNA)


def test_a_polygon_holds_what_lies_in_it_and_not_in_its_bay() -> None:
    bay = Polygon.parse("0,0 0,10 10,10 10,6 2,5 10,4 10,0 0,0")
    assert bay.holds(Point(1, 5))
    assert bay.holds(Point(9, 1))
    assert not bay.holds(Point(9, 5))
    assert not bay.holds(Point(11, 5))


@given(middle=degrees, north=st.floats(0.1, 5), east=st.floats(0.1, 5), point=degrees)
def test_a_rectangle_holds_what_lies_between_its_sides(
    middle: Point, north: float, east: float, point: Point
) -> None:
    """Against the plain rule, also across the equator and Greenwich."""
    assume(abs(middle.longitude) < 170)
    south, west, top, right = middle[0] - north, middle[1] - east, middle[0] + north, middle[1] + east
    rectangle = Polygon((Point(south, west), Point(south, right), Point(top, right), Point(top, west)))
    assume(abs(point[0] - south) > 1e-6 and abs(point[0] - top) > 1e-6)
    assert rectangle.holds(point) == (south < point[0] < top and west < point[1] < right)
    assert rectangle.holds(middle)
    assert rectangle.box.holds(middle)


@given(st.lists(degrees, min_size=3, max_size=9, unique=True), degrees, st.floats(0, 500))
def test_what_a_shape_holds_lies_in_its_box_and_it_is_read_as_written(
    corners: list[Point], point: Point, radius: float
) -> None:
    for shape in (Polygon(tuple(corners)), Circle(corners[0], radius)):
        assert shape.box.holds(point) or not shape.holds(point)
        try:
            again = read_shape(write_shape(shape))
        except ValueError:
            assume(False)  # corners that are one to ten metres
        assert write_shape(read_shape(write_shape(again))) == write_shape(again)


NO_SHAPES = """\
polygon
polygon 1,2 3,4
polygon 1,2 1,2 1,2 1,2
polygon 91,0 0,0 1,1
polygon nan,0 1,1 2,2
polygon 1,2,3 4,5 6,7
polygon a,b c,d e,f
circle 1,2
circle 1,2 -1
circle 1,2 nan
circle 1,2 inf
circle 1,200 3
circle 1 2 3
square 1,2 3"""


@pytest.mark.parametrize("text", ["", *NO_SHAPES.splitlines()])
def test_what_cannot_be_drawn_is_no_shape(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the parts of numbers raise
        read_shape(text)
