"""The open corpus of CAP is read as the documentation counts it, and as its index says."""

import json
import sys
from pathlib import Path

import pytest

from alerts.errors import BadInput
from alerts.ingest import read_all
from alerts.model import Status

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared/corpora/cap"
INDEX = (
    [json.loads(line) for line in (CORPUS / "_index.jsonl").read_text("utf-8").splitlines()]
    if CORPUS.exists()
    else []
)
MESSAGES = [
    entry
    for entry in INDEX
    if "cap" in entry and entry["file"].rpartition(".")[2] in ("xml", "cap", "edxlde")
]
EVERYTHING = ("private", "restricted", "draft", "system")

pytestmark = pytest.mark.skipif(not INDEX, reason="the corpus is not part of the project")


@pytest.mark.parametrize("entry", MESSAGES, ids=lambda entry: entry["file"])
def test_a_file_is_read_as_its_index_says(entry: dict[str, object]) -> None:
    said: dict[str, list[str]] = entry["cap"]  # type: ignore[assignment]
    source = (CORPUS / str(entry["file"])).read_bytes()
    if said["msgType"] == ["Ack"]:
        with pytest.raises(BadInput, match="Ack"):
            read_all(source, "x.xml", EVERYTHING)
        return
    readings = read_all(source, "x.xml", EVERYTHING)
    assert len(readings) == entry["cap"]["alerts"]  # type: ignore[index]
    for reading in readings:
        assert reading.provenance
        assert reading.provenance.type.capitalize() in said["msgType"]
        assert reading.said.status is Status(said["status"][0].lower())
        assert (reading.said.public is None) is (said["scope"] == ["Public"])
        assert bool(reading.said.headline) is bool(entry["cap"]["infos"])  # type: ignore[index]
        signed = "has a signature: present, not verified" in reading.notes
        assert signed is entry["cap"]["signed"]  # type: ignore[index]


def test_the_documentation_counts_the_corpus_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python tools/cap_corpus.py ../shared/corpora/cap` writes the table anew."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import cap_corpus  # noqa: PLC0415 - a tool is no module of the project

    page = cap_corpus.PAGE.read_text(encoding="utf-8")
    assert cap_corpus.written(page, cap_corpus.counted(CORPUS)) == page
    sys.modules.pop("cap_corpus")
