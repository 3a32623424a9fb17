"""Where towns lie tells which regions a shape is about."""

import pytest

from alerts.errors import BadInput
from alerts.model.shapes import Circle, Point, Polygon
from alerts.regions import load
from alerts.regions.positions import towns_near, towns_within

INNSBRUCK, MUNICH = Point(47.26, 11.39), Point(48.14, 11.58)
WORLD = "-90,-180 90,-180 90,180 -90,180"


def test_a_circle_around_a_town_holds_it_and_its_region() -> None:
    found = towns_within([Circle(MUNICH, 5)])
    assert "Munich" in {town.name for town in found}
    assert {town.region for town in found} == {"DE-BY"}


def test_a_circle_on_the_date_line_holds_what_lies_beyond_it() -> None:
    """Fiji is on both sides: its second island would have been told of nothing."""
    suva = next(town for town in towns_within([Polygon.parse(WORLD)]) if town.name == "Suva")
    assert suva in towns_within([Circle(Point(-18.0, -179.5), 400)])


def test_towns_around_a_place_come_nearest_first() -> None:
    found = towns_near(INNSBRUCK)
    assert found[0].name == "Innsbruck"
    assert towns_near(Point(-40.0, -120.0)) == []


def test_every_town_is_in_a_region_that_there_is() -> None:
    tree, found = load(), towns_within([Polygon.parse(WORLD)])
    assert len(found) > 20_000
    assert {town.region for town in found} <= {region.code for region in tree}


def test_an_outline_of_any_length_takes_no_longer_than_one_that_tells_towns_apart() -> None:
    fine = Polygon((*(Point(40 + n / 10_000, 10.0) for n in range(20_000)), Point(41.0, 12.0)))
    assert len(towns_within([fine])) < 1_000


def test_what_would_take_too_long_to_look_at_is_refused() -> None:
    """A thousand outlines of the world, in one message, would have held up every door."""
    with pytest.raises(BadInput, match="more than can be looked at"):
        towns_within([Polygon.parse(WORLD)] * 1_000)
