"""Areas of two codes or two rulers have both for parents: over the whole table."""

import json
import re
from pathlib import Path

import pytest

from alerts.regions import load

TREE = load()
REGIONS = {region.code: region for region in TREE}
DOCUMENT = Path(__file__).parents[2] / "docs" / "regions.md"
SHARED = Path(__file__).parents[3] / "shared" / "corpora" / "regions"
TWO = sorted(region.code for region in TREE if region.second)

SENTENCES = [
    ("XK", "RS-KM", "Kosovo-Metohija is in Kosovo"),
    ("XK", "RS-28", "Kosovsko-Mitrovački okrug is in Kosovo"),
    ("RS", "RS-28", "Kosovsko-Mitrovački okrug is in Serbia"),
    ("EH", "MA-LAA", "Laâyoune is in Western Sahara"),
    ("EH", "MA-11", "Laâyoune-Sakia El Hamra is partly in Western Sahara"),
    ("MA", "MA-11", "Laâyoune-Sakia El Hamra is in Morocco"),
    ("UA", "UA-43", "Crimea is in Ukraine"),
    ("RU", "UA-43", "Crimea is held by Russia"),
    ("csto", "UA-43", "Crimea is held by Russia, which is in the CSTO"),
    ("PS-JEM", "IL-JM", "Jerusalem (IL-JM) is partly in Jerusalem (PS-JEM)"),
    ("IL", "PS-JEM", "Jerusalem is held by Israel"),
    ("CN-TW", "TW-TPE", "Taipei is in Taiwan Province"),
    ("BQ-BO", "NL-BQ1", "Bonaire (NL-BQ1) is in Bonaire (BQ-BO)"),
    ("TW-TPE", "CN", None),
    ("RS", "XK", None),
    ("RU", "UA", None),
    ("IL", "PS", None),
    ("FR", "GF", None),
]


@pytest.mark.parametrize(
    ("wanted", "named", "sentence"), SENTENCES, ids=[f"{r[0]}-{r[1]}" for r in SENTENCES]
)
def test_the_reason_says_how_it_stands_to_each(wanted: str, named: str, sentence: str | None) -> None:
    """Who wanted Kosovo was not told of RS-28, nor who wanted Western Sahara of Laâyoune."""
    assert TREE.relation(wanted, named) == sentence
    assert (named in TREE.related([wanted])) == (sentence is not None)


@pytest.mark.parametrize("code", TWO)
def test_who_wants_either_parent_is_told_of_the_part_and_who_wants_the_part_of_either(code: str) -> None:
    region = REGIONS[code]
    assert len(region.parents) == 2
    for parent in region.parents:
        for one, other in ((code, parent), (parent, code)):
            assert one in TREE.related([other])
            assert TREE.relation(one, other)
        assert set(TREE.ancestors(parent)) <= set(TREE.ancestors(code))


@pytest.mark.parametrize("code", [code for code in TWO if REGIONS[code].second == "same"])
def test_what_is_in_a_territory_is_in_it_under_either_code(code: str) -> None:
    whole = REGIONS[code].parents[-1]
    within = {region.code for region in TREE if whole in TREE.ancestors(region.code)} | {whole}
    assert within <= TREE.related([code])


def test_every_second_parent_stands_in_the_documented_table() -> None:
    table = [
        line.split("|") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    told = {code: (row[2].strip(), row[3]) for row in table for code in re.findall("`([A-Z0-9-]+)`", row[1])}
    how = {"same": "the same as", "in": "a part of", "partly in": "partly in", "held by": "held by"}
    for code in TWO:
        assert told[code][0] == how[REGIONS[code].second], code
        assert f"`{REGIONS[code].parents[-1]}`" in told[code][1], code


def test_second_parents_join_no_countries() -> None:
    for code in TWO:
        one, other = (
            next(c for c in (p, *TREE.ancestors(p)) if REGIONS[c].kind == "country")
            for p in REGIONS[code].parents
        )
        assert one != other
        assert one not in TREE.related([other])


@pytest.mark.skipif(not SHARED.exists(), reason="the corpora are not here")
def test_every_subdivision_that_iso_marks_or_names_as_a_country_has_it_for_a_parent() -> None:
    """The whole of ISO 3166-2: marks such as `(EH-partial)`, and names that are a country's as well."""
    countries = {region.name: region.code for region in TREE if region.kind == "country"}
    for entry in json.loads((SHARED / "pycountry_iso3166-2.json").read_text(encoding="utf-8"))["3166-2"]:
        code, name = entry["code"], entry["name"]
        around = TREE.ancestors(code)
        if marked := re.search(r"\(([A-Z]{2})(-partial)?\)", name):
            assert marked[1] in around, code
            assert (REGIONS[code].second == "partly in") == bool(marked[2]), code
        own = countries.get(re.sub(r" ?[\[(].*", "", name))
        if own and code[:2] in ("CN", "FI", "FR", "NL", "NO", "RS", "US", "MA", "GB", "DK", "AU", "NZ"):
            assert own in around or own == code[:2] or code in {"US-GA"}, (code, own)
