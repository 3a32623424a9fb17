"""The tables and the gazetteer against the sources and real texts; skipped where those are not at hand."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.errors import UnknownRegion
from alerts.regions import load, suggest

SHARED = Path(__file__).parents[3] / "shared"
TABLES = SHARED / "corpora" / "regions"
TEXTS = SHARED / "corpora" / "situation_updates"
TREE = load()

pytestmark = pytest.mark.skipif(not TABLES.exists(), reason="the corpora are not here")


def test_every_country_of_iso_3166_1_is_in_the_tree_by_each_of_its_codes_and_names() -> None:
    for entry in json.loads((TABLES / "pycountry_iso3166-1.json").read_text(encoding="utf-8"))["3166-1"]:
        for key in ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name"):
            if key in entry and entry[key] != "Congo":  # which two countries own
                assert TREE.find(entry[key]) == entry["alpha_2"]


def test_every_country_of_m49_lies_in_all_its_areas() -> None:
    with (TABLES / "unsd_m49_en.csv").open(encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            around = TREE.ancestors(row["ISO-alpha2 Code"])
            levels = [
                row[f"{level} Code"] for level in ("Intermediate Region", "Sub-region", "Region", "Global")
            ]
            assert around == [code for code in levels if code]


def test_taiwan_and_kosovo_have_their_places() -> None:
    assert TREE.region("TW").parents == ("030",)
    assert TREE.region("XK").parents == ("039",)


def test_every_subdivision_of_iso_3166_2_is_in_the_tree_under_its_parent() -> None:
    listed = json.loads((TABLES / "pycountry_iso3166-2.json").read_text(encoding="utf-8"))["3166-2"]
    assert len(listed) > 5_000
    for entry in listed:
        assert TREE.region(entry["code"]).parents[0] == entry.get("parent", entry["code"][:2])


def test_the_seed_is_about_ukraine_russia_and_turkiye() -> None:
    text = (SHARED / "seeds" / "situation-update-2022-03-28.txt").read_text(encoding="utf-8")
    first, second, third = suggest(text, TREE)[:3]
    assert [first.code, second.code, third.code] == ["UA", "RU", "TR"]
    assert first.count > second.count > third.count == 3
    assert {"Ukraine", "Ukrainian"} <= set(first.words)
    assert third.words == ("Turkish", "Istanbul")


def pages() -> Iterator[tuple[str, str]]:
    for path in sorted(TEXTS.glob("fcdo_*.md")):
        try:
            yield (
                TREE.find(path.stem.removeprefix("fcdo_").replace("-", " ")),
                path.read_text(encoding="utf-8"),
            )
        except UnknownRegion:
            assert path.name == "fcdo_status_table_open.md"


@pytest.mark.parametrize("title", [True, False], ids=["with its title", "without its title"])
def test_the_country_of_a_travel_advice_page_comes_first(title: bool) -> None:
    found = [
        (code, [s.code for s in suggest(text if title else text.partition("\n")[2], TREE)])
        for code, text in pages()
    ]
    assert len(found) >= 40
    assert sum(codes[:1] == [code] for code, codes in found) >= 0.95 * len(found)


@pytest.mark.parametrize(
    ("tool", "corpus", "tables"),
    [("generate.py", TABLES, 4), ("generate_words.py", TABLES.parent, 3), ("generate_towns.py", TABLES, 2)],
    ids=["tree", "words", "towns"],
)
def test_the_committed_tables_are_what_the_generators_make(
    tool: str, corpus: Path, tables: int, tmp_path: Path
) -> None:
    """A hand edit of a generated file would be lost at the next run."""
    home = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, home / "tools" / "regions" / tool, corpus, tmp_path], check=True, cwd=home
    )
    made = list(tmp_path.iterdir())
    assert len(made) == tables
    for table in made:
        committed = home / "alerts" / "regions" / "data" / table.name
        assert table.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8"), table.name
