"""The cases that were reported: each ends as its README says; skipped where they are not at hand."""

import io
from pathlib import Path

import pytest

from alerts import ingest
from alerts.errors import UnknownRegion
from alerts.regions import load, suggest

CASES = Path(__file__).parents[3] / "shared" / "cases" / "places"
TREE = load()

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the cases are not here")


def read(name: str) -> ingest.Reading:
    (reading,) = ingest.load_all(str(CASES / name), io.BytesIO())
    return reading


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Guadalajara.md", "Jalisco, Mexico (MX-JAL)"),
        ("Mérida.md", "Yucatán, Mexico (MX-YUC)"),
        ("Santiago.md", "Región Metropolitana de Santiago, Chile (CL-RM)"),
        ("Trujillo.md", "La Libertad, Peru (PE-LAL)"),
    ],
)
def test_an_ambiguous_place_is_refused_with_the_likely_country_first(name: str, first: str) -> None:
    with pytest.raises(UnknownRegion) as unknown:
        ingest.complete(read(name), find_region=TREE.find)
    assert unknown.value.hint.startswith(f"Did you mean {first} or ")


@pytest.mark.parametrize(
    ("name", "code", "count"), [("kenya-floods.txt", "KE", 3), ("jordan-floods.md", "JO", 4)]
)
def test_a_heading_does_not_silence_the_body(name: str, code: str, count: int) -> None:
    draft = read(name).draft
    found = suggest(f"{draft.headline}\n{draft.body}", TREE)
    assert [(s.code, s.count) for s in found] == [(code, count)]


def test_who_wants_kosovo_or_serbia_is_told_of_its_north() -> None:
    draft = ingest.complete(read("kosovo-rs-km.md"), find_region=TREE.find)
    assert {"XK", "RS", "RS-28"} <= TREE.related(draft.regions)
