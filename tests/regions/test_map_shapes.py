"""The map: every shape is a country's, fits on it, and is drawn by any browser."""

import re

from alerts.regions import load
from alerts.regions.shapes import HEIGHT, WIDTH, MapPart, around, shapes, within

#: What SVG reads: a beginning, and steps in whole units.
PIECE = re.compile(r"(M-?[0-9]+ -?[0-9]+l-?[0-9]+(?: ?-?[0-9]+)*z)+")


def test_every_shape_is_a_country_of_the_tree() -> None:
    tree = load()
    assert {tree.region(code).kind for code in shapes()} == {"country"}
    missing = {region.code for region in tree if region.kind == "country"} - set(shapes())
    assert len(missing) < 20
    assert {"UA", "XK", "TW", "PS", "EH", "SS"} <= set(shapes())


def test_every_shape_is_drawn_on_the_map() -> None:
    """One piece had lost all its steps, and no browser drew anything of that country."""
    for code, path in shapes().items():
        assert PIECE.fullmatch(path), code
        box = around([code])
        assert box
        assert 0 < box.width <= WIDTH // 2, code
        assert -50 < box.x < WIDTH, code
        assert -50 < box.y < HEIGHT, code


def test_a_part_of_the_map_has_those_it_was_made_for() -> None:
    tree = load()
    for part in ("150", "202", "419", "035", "sahel", "UA"):
        countries = tree.countries(part)
        box = around(countries)
        assert box
        assert set(countries) & set(shapes()) <= set(within(box)), part
    assert "BR" not in within(around(["DE", "PL"]) or MapPart(0, 0, 0, 0))
    europe = around(tree.countries("150"))
    assert europe
    assert europe.width < WIDTH // 4  # Russia is seen beside it, and not whole
    assert around(["VA-00"]) is None


def test_of_a_country_only_the_pieces_are_drawn_that_can_be_seen() -> None:
    """French Guiana, cut away, lay over the list below Europe, whose links were too small to touch."""
    tree = load()
    box = around(tree.countries("150"))
    assert box is not None
    france = within(box)["FR"]
    assert 0 < france.count("z") < shapes()["FR"].count("z")
    assert within(MapPart(0, 0, WIDTH, HEIGHT)) == shapes()
