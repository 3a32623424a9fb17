"""Names as lists write them, and names of countries that are no more."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import UnknownRegion
from alerts.regions import load

TREE = load()
LISTED = Path(__file__).parents[1] / "data" / "country_names.tsv"
FORMER = tomllib.loads((files("alerts.regions") / "data" / "former.toml").read_text(encoding="utf-8"))
STATES = sorted(region.name for region in TREE if region.kind == "country")


def hint(typed: str) -> str:
    with pytest.raises(UnknownRegion) as unknown:
        TREE.find(typed)
    return unknown.value.hint


def test_every_country_is_found_as_iso_and_the_world_bank_write_it() -> None:
    """`Egypt, Arab Rep.` and `Congo (the Democratic Republic of the)` were unknown, or another's."""
    _, *rows = LISTED.read_text(encoding="utf-8").splitlines()
    assert len(rows) >= 249
    for row in rows:
        code, *names = row.split("\t")
        for name in filter(None, names):
            assert TREE.find(name) == code, name


@given(st.sampled_from(STATES), st.sampled_from(["{}, The", "{} (the)", "The {}", "{}, the"]))
def test_an_article_behind_a_name_changes_nothing(name: str, form: str) -> None:
    assert TREE.find(form.format(name)) == TREE.find(name)


RENAMED = [
    *[
        ("Burma", "MM"),
        ("Swaziland", "SZ"),
        ("Upper Volta", "BF"),
        ("Rhodesia", "ZW"),
        ("Ceylon", "LK"),
        ("Siam", "TH"),
    ],
    *[
        ("New Hebrides", "VU"),
        ("East Germany", "DE"),
        ("South Yemen", "YE"),
        ("Dahomey", "BJ"),
        ("British Honduras", "BZ"),
    ],
    *[
        ("Persia", "IR"),
        ("East Pakistan", "BD"),
        ("Nyasaland", "MW"),
        ("GDR", "DE"),
        ("Republic of Georgia", "GE"),
    ],
]


@pytest.mark.parametrize(("typed", "code"), RENAMED)
def test_a_country_is_found_by_the_name_it_had(typed: str, code: str) -> None:
    assert TREE.find(typed) == code


@pytest.mark.parametrize("name", [name for entry in FORMER["country"] for name in entry["names"]])
def test_a_country_that_came_apart_leads_to_its_successors(name: str) -> None:
    """`USSR` was answered with the Russian of no other, `Yugoslavia` with nothing."""
    (entry,) = [entry for entry in FORMER["country"] if name in entry["names"]]
    assert all(TREE.label(code) in hint(name) for code in entry["successors"])


def test_no_successor_is_left_out() -> None:
    assert hint("USSR").count("(") == 15
    assert hint("Yugoslavia").count("(") == 7


@pytest.mark.parametrize(
    ("typed", "meant", "not_meant"),
    [
        ("Republic of Gorgia", "Georgia (GE)", "Serbia"),
        ("Kingdom of Belgum", "Belgium (BE)", "Kingdom"),
        ("Republic of Atlantis", "", "("),
        ("Democratic Republic of Nowhere", "", "("),
    ],
)
def test_words_for_a_state_are_no_likeness(typed: str, meant: str, not_meant: str) -> None:
    """The Republic of Georgia was answered with that of Serbia, for the words they share."""
    assert meant in hint(typed)
    assert not_meant not in hint(typed)
