"""The formats are written down as they are: each example is taken, and says all that there is to say."""

import io
import json

import pytest
from checkout import ROOT, text
from house import OPERATOR

from alerts import ingest
from alerts.ingest.described import UPDATE_FIELDS
from alerts.operations.lists.imported import BadLine
from alerts.operations.lists.importing import Import
from alerts.operations.lists.rows import COLUMNS, MEANINGS
from alerts.operations.lists.tables import read
from alerts.operations.publishing.preparing import CHOOSES_NOTHING, Choices, prepare
from alerts.services import Services

DATA = ROOT / "tests" / "data" / "formats"
WHOLE = {name for name in UPDATE_FIELDS if name != "note"}


@pytest.mark.parametrize("name", ["update.txt", "update.md", "update.json", "update.cap"])
def test_an_example_of_an_update_can_be_published_as_it_is(services: Services, name: str) -> None:
    assert (DATA / name).read_text(encoding="utf-8").rstrip() in text("docs/formats.md")
    reading = ingest.read((DATA / name).read_bytes(), name)
    by_hand = Choices(regions=("Kyiv",), tags=("road",)) if name.endswith(".txt") else CHOOSES_NOTHING
    draft = prepare(services, reading, by_hand)
    said = {field for field, value in draft.to_dict().items() if value}
    if name.endswith(".txt"):
        assert {"headline", "author", "published_at", "key_points", "body"} <= said
    elif name.endswith(".cap"):
        assert said == WHOLE - {"kind", "author", "public"} | {"note"}
    else:
        assert said == WHOLE


@pytest.mark.parametrize("name", ["subscribers.csv", "subscribers.jsonl"])
def test_an_example_of_subscribers_is_taken_as_it_is(services: Services, name: str) -> None:
    bad: list[BadLine] = []
    assert (DATA / name).read_text(encoding="utf-8").rstrip() in text("docs/formats.md")
    coming = Import(services, OPERATOR)
    coming.read(io.BytesIO((DATA / name).read_bytes()), bad.append, lambda *_: None)
    assert (coming.write(lambda *_: None).added, bad) == (2, [])


def test_the_example_has_something_in_every_column() -> None:
    rows = [line.row for line in read(io.BytesIO((DATA / "subscribers.csv").read_bytes()))]
    filled = {name for row in rows for name in COLUMNS if getattr(row, name)}
    assert filled == {*COLUMNS} - {"all_tags"}
    assert tuple(MEANINGS) == COLUMNS


def test_every_field_of_json_lines_is_a_column() -> None:
    for line in (DATA / "subscribers.jsonl").read_text(encoding="utf-8").splitlines():
        assert set(json.loads(line)) <= set(COLUMNS)
