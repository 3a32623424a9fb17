"""Of every field of an update it is said from which words it was taken, and those words stand in the file."""

import json
import re
from contextlib import suppress
from dataclasses import fields
from html import unescape
from pathlib import Path

import pytest
from cap_writer import cap, info
from hypothesis import given
from hypothesis import strategies as st
from papers import pdf, word

from alerts.errors import BadInput
from alerts.ingest import Reading, read, read_all
from alerts.ingest.cleaning import one_line
from alerts.model import Draft

SAMPLES = sorted((Path(__file__).parents[1] / "data" / "formats").glob("update.*"))
DESKS = Path(__file__).parents[2].parent / "shared/corpora/situation_updates"
NOTHING = Draft(headline="", regions=())
PAGE = (
    '<!doctype html><html lang=uk><meta name=author content="Ann Smith"><title>Flood in Kyiv</title>'
    "<main><h1>Flood in Kyiv</h1><p>28 March 2022</p><p>The river rises.</p></main></html>"
)
DOCUMENTS = {
    "page.html": PAGE.encode(),
    "a.docx": word(
        lambda document: [document.add_heading("Flood in Kyiv"), document.add_paragraph("It rains.")]
    ),
    "a.pdf": pdf([["Flood in Kyiv", "It rains in Kyiv, and the river rises over its banks."]]),
}
TEXT_OF = {
    "a.docx": "Flood in Kyiv It rains.",
    "a.pdf": "Flood in Kyiv It rains in Kyiv, and the river rises over its banks.",
}


def said(draft: Draft) -> set[str]:
    """The fields that say anything."""
    names = [field.name for field in fields(draft)]
    return {name for name in names if getattr(draft, name) != getattr(NOTHING, name)}


def holds(reading: Reading, text: str) -> None:
    """Hold each field to its words, and the words to the text of the file."""
    taken = {words.field for words in reading.words}
    assert said(reading.said) <= taken
    for words in reading.words:
        assert words.where, words
        if words.field != "regions" or reading.format != "cap":  # there it is a reason, which quotes words
            begin = words.words.removesuffix("…")
            assert begin in one_line(text) or all(one in one_line(text) for one in begin.split(", ")), words


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_field_of_every_format_has_words(path: Path) -> None:
    text = path.read_text("utf-8")
    for reading in read_all(path.read_bytes(), path.name):
        holds(reading, text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_of_a_document_has_words(name: str) -> None:
    reading = read(DOCUMENTS[name], name)
    holds(reading, TEXT_OF.get(name, unescape(re.sub("<[^>]*>", " ", PAGE)) + " Ann Smith uk"))
    assert {words.field for words in reading.words} >= {"headline", "body"}


def test_a_field_of_a_document_is_found_in_its_title_or_a_paragraph() -> None:
    where = {words.field: words.where for words in read(DOCUMENTS["a.pdf"], "a.pdf").words}
    assert where == {"headline": "paragraph 1", "body": "paragraph 2"}
    itself = "what the page says of itself"
    assert {words.field: words.where for words in read(DOCUMENTS["page.html"], "page.html").words} == {
        "headline": "title",
        "published_at": "paragraph 1",
        "body": "paragraph 2",
        "author": itself,
        "language": itself,
    }


@pytest.mark.skipif(not DESKS.exists(), reason="the corpus is not part of the project")
def test_every_field_of_what_desks_have_has_words() -> None:
    for path in sorted(DESKS.glob("*.txt"))[:40] + sorted(DESKS.glob("*.md"))[:40]:
        source = path.read_bytes()
        with suppress(BadInput):
            holds(read(source, path.name), source.decode("utf-8"))


def test_words_of_a_message_are_those_of_its_worst_block() -> None:
    mild = info(headline="Wind over Tyrol", severity="Minor")
    [reading] = read_all(cap(mild, info(headline="Gales over Tyrol", severity="Severe")), "x.cap")
    taken = {words.field: words.words for words in reading.words}
    assert (taken["headline"], taken["severity"]) == ("Gales over Tyrol", "Severe")
    assert "the area “Tirol”" in taken["regions"]


_LINES = st.lists(
    st.sampled_from(
        ["Situation Update - Bridge closed", "Bridge closed", "By Ann Smith", "28 March 2022", "Back", "",
         "- one", "• two", "Key points:", "It is closed. They say so.", "# Bridge", "Bridge\n====", "---",
         "tags: [a]", "headline: Bridge", "key_points:", "- three", "<br>"]
    ),
    max_size=10,
)  # fmt: skip


@given(_LINES, st.sampled_from(["a.txt", "a.md"]))
def test_whatever_is_understood_of_a_text_its_words_stand_where_it_says(lines: list[str], name: str) -> None:
    text = "\n".join(lines)
    try:
        reading = read(text.encode(), name)
    except BadInput:  # what is refused has no fields
        return
    assert said(reading.said) <= {words.field for words in reading.words}
    for field, where, words in reading.words:
        number = int(where.removeprefix("line "))
        below = one_line(" ".join(text.split("\n")[number - 1 :]))
        assert words.partition(",")[0] in below, (field, where, words)


def test_the_command_shows_them_as_json() -> None:
    reading = read(b'{"headline": "A", "regions": ["UA"], "public": true}', "a.json")
    assert json.dumps([words._asdict() for words in reading.words[-1:]]) == (
        '[{"field": "public", "where": "key public", "words": "true"}]'
    )
