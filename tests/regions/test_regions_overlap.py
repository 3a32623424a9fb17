"""What overlaps what, and the sentence that says why."""

import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.model import SLUG
from alerts.regions import Tree, load
from alerts.regions.tables import read

GROUPS = files("alerts.regions") / "data" / "groups.toml"
TREE = load()
CODES = sorted(region.code for region in TREE)
GREAT = sorted(region.code for region in TREE if region.kind != "subdivision")

SENTENCES = [
    ("UA", "UA", "it is about Ukraine"),
    ("GB", "GB", "it is about the United Kingdom"),
    ("eu", "eu", "it is about the EU"),
    ("UA", "UA-30", "Kyiv is in Ukraine"),
    ("UA-30", "UA", "Kyiv is in Ukraine"),
    ("150", "UA", "Ukraine is in Europe"),
    ("UA", "150", "Ukraine is in Europe"),
    ("150", "UA-30", "Kyiv is in Europe"),
    ("001", "GB", "the United Kingdom is in the World"),
    ("019", "US", "the United States is in the Americas"),
    ("sahel", "ML", "Mali is in the Sahel"),
    ("ML", "sahel", "Mali is in the Sahel"),
    ("sahel", "ML-BKO", "Bamako is in Mali, which is in the Sahel"),
    ("nato", "GB", "the United Kingdom is in NATO"),
    ("gulf", "KW", "Kuwait is one of the Gulf states"),
    ("caucasus", "RU-CE", "Chechnya is in the Caucasus"),
    ("latam", "AR", "Argentina is in Latin America"),
    ("002", "sahel", "the Sahel is in Africa"),
    ("145", "gulf", "the Gulf states are in Western Asia"),
    ("eu", "baltics", "the Baltic states are in the EU"),
    ("eu", "nato", "the EU and NATO share Belgium, Bulgaria, Croatia and 20 more"),
    ("mena", "eu", "the Middle East and North Africa and the EU share Malta"),
    ("nato", "150", "NATO and Europe share Albania, Belgium, Bulgaria and 26 more"),
    ("caucasus", "RU", "the Caucasus and Russia share Adygeja, Chechnya, Dagestan and 6 more"),
    ("levant", "gaza-strip", "the Gaza Strip is in the Levant"),
    ("GF", "FR-973", "Guyane is in French Guiana"),
    ("UA", "RU", None),
    ("UA-30", "UA-32", None),
    ("eu", "US", None),
    ("gulf", "baltics", None),
    ("FR", "GF", None),
]


@pytest.mark.parametrize(
    ("wanted", "named", "sentence"), SENTENCES, ids=[f"{r[0]}-{r[1]}" for r in SENTENCES]
)
def test_the_reason_reads_well(wanted: str, named: str, sentence: str | None) -> None:
    assert TREE.relation(wanted, named) == sentence


@settings(max_examples=300)
@given(st.one_of(st.sampled_from(GREAT), st.sampled_from(CODES)), st.sampled_from(GREAT))
def test_overlap_is_symmetric_and_has_a_sentence_exactly_when_it_is(one: str, other: str) -> None:
    assert (one in TREE.related([other])) == (other in TREE.related([one]))
    assert (TREE.relation(one, other) is not None) == (one in TREE.related([other]))


def test_overlap_is_symmetric_everywhere() -> None:
    related = {code: TREE.related([code]) for code in CODES}
    assert all(code in related[other] for code in CODES for other in related[code])


def test_an_update_about_a_city_reaches_those_who_want_anything_around_it() -> None:
    assert {"UA-30", "UA", "151", "150", "001", "black-sea"} <= TREE.related(["UA-30"])
    assert "UA-32" not in TREE.related(["UA-30"])


def test_an_update_about_a_country_reaches_those_who_want_a_part_of_it() -> None:
    assert {"UA-30", "UA-43", "donbas"} <= TREE.related(["UA"])


def test_several_regions_are_related_to_what_either_is() -> None:
    assert TREE.related(["UA", "RU"]) == TREE.related(["UA"]) | TREE.related(["RU"])
    assert TREE.related([]) == frozenset()


def test_a_region_of_two_parents_lies_in_both_without_joining_them() -> None:
    assert {"FR", "GF"} <= TREE.related(["FR-973"])
    assert "GF" not in TREE.related(["FR"])


def test_the_tree_hangs_together() -> None:
    for region in TREE:
        assert (region.kind == "world") == (not region.parents)
        assert all(parent in TREE for parent in region.parents)
        assert region.code == "001" or "001" in TREE.ancestors(region.code)


def test_loading_and_overlap_are_quick() -> None:
    fastest = min(_seconds(lambda: Tree(read())) for _ in range(5))
    assert fastest < 0.3
    tree = Tree(read())
    assert min(_seconds(lambda code=code: tree.related([code])) for code in ("UA", "FR", "ML")) < 0.005


def _seconds(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - began


def test_every_group_is_written_as_its_file_says() -> None:
    tables = read()
    others = {code for code, region in tables.regions.items() if region.kind not in ("group", "world")}
    for slug, entry in tomllib.loads(GROUPS.read_text(encoding="utf-8")).items():
        assert SLUG.fullmatch(slug), slug
        assert slug.upper() not in others | set(tables.codes), slug
        assert entry["name"], slug
        assert entry.keys() <= {"name", "prose", "within", "aliases", "members"}, slug
        assert entry["members"], slug
        assert others.issuperset(entry["members"]), slug


@pytest.mark.parametrize(
    ("slug", "count"),
    [
        *[("eu", 27), ("eea", 30), ("schengen", 29), ("nato", 32), ("g7", 7), ("g20", 19), ("brics", 10)],
        *[("asean", 11), ("commonwealth", 56), ("gulf", 6), ("five-eyes", 5), ("ecowas", 12), ("sahel", 10)],
        *[("gaza-strip", 5), ("west-bank", 11)],
    ],
)
def test_the_groups_are_complete(slug: str, count: int) -> None:
    assert len(TREE.region(slug).members) == count
