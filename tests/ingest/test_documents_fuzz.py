"""Whatever bytes a document has, its reader answers with lines or with a sentence."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import count
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers import paragraph, pdf, raw_word, word

from alerts.documents import pdf as pdf_reader
from alerts.documents import web
from alerts.documents import word as word_reader
from alerts.documents.content import CELL, HEADING, ITEM, NUMBER, ROW, TEXT, Content, Unreadable
from alerts.errors import BadInput
from alerts.ingest import documents
from alerts.ingest.fields import draft_of

TAGS = [
    "p", "tbl", "tr", "tc", "r", "t", "sdt", "sdtContent", "ins", "del", "br", "footnoteReference",
    "drawing",
]  # fmt: skip
ELEMENTS = [
    "html", "head", "body", "title", "h1", "h2", "p", "div", "ul", "ol", "li", "table", "tr", "td",
    "th", "br", "main", "article", "nav", "header", "footer", "img", "script", "style", "template",
    "svg", "math", "a", "b", "select", "form", "meta name=author content=Ann",
    "meta property=article:published_time content=x", "!--",
]  # fmt: skip
OPERATORS = [
    "BT", "ET", "Tj", "TJ", "T*", "Td", "Tf", "cm", "q", "Q", "Do", "BI", "ID", "EI", "(x)", "[",
    "]", "<<", ">>", "/F1", "/X", "9", "-1e9", "(\\", "<4", "%",
]  # fmt: skip


def read(reader: ModuleType, source: bytes) -> None:
    try:
        found = reader.read(source)
    except Unreadable as fault:
        said = fault
    else:
        documents.fields_of(found)
        return
    assert said.sentence.endswith(".")
    assert said.hint


@st.composite
def damaged(draw: st.DrawFn, source: bytes) -> bytes:
    """A good file, some octets of which are others, or gone, or there twice."""
    octets = bytearray(source)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(octets) - 1))
        size = draw(st.integers(0, 40))
        octets[at : at + size] = draw(st.binary(max_size=8) | st.just(bytes(octets[at : at + 2 * size])))
        if not octets:
            break
    return bytes(octets)


WORD = word(lambda document: [document.add_heading("Flood"), document.add_table(2, 2)])
PDF = pdf([["Flood in Kyiv", "It rains."], ["(more)"]])


@given(damaged(WORD))
def test_a_damaged_word_file_is_read_or_refused(source: bytes) -> None:
    read(word_reader, source)


@given(
    st.recursive(
        st.text(max_size=9), lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=4))
    )
)
def test_a_word_file_of_any_elements_is_read_or_refused(tree: object) -> None:
    read(word_reader, raw_word(written(tree)))


def written(tree: object) -> str:
    if isinstance(tree, str):
        kept = "".join(c for c in tree if c.isprintable())
        return f"<w:t>{kept.replace('&', '').replace('<', '')}</w:t>"
    tag, inner = tree  # type: ignore[misc]
    return f"<w:{tag}>{''.join(map(written, inner))}</w:{tag}>"


@given(damaged(PDF))
def test_a_damaged_pdf_is_read_or_refused(source: bytes) -> None:
    read(pdf_reader, source)


@given(st.lists(st.sampled_from(OPERATORS), max_size=30).map(" ".join))
def test_a_pdf_that_draws_anything_is_read_or_refused(drawn: str) -> None:
    source = pdf([["Flood"]])
    content = f"BT /F1 11 Tf {drawn} ET".encode()
    before, _, rest = source.partition(b"5 0 obj")
    after = rest.partition(b"endobj\n")[2]
    stream = b"5 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(content), content)
    read(pdf_reader, before + stream + after)


@given(st.lists(st.sampled_from(ELEMENTS).map(lambda e: f"<{e}>") | st.sampled_from(ELEMENTS).map(
    lambda e: f"</{e}>") | st.text(max_size=8), max_size=40).map("".join))  # fmt: skip
def test_a_page_of_any_elements_is_read_or_refused(text: str) -> None:
    read(web, text.encode("utf-8", "replace"))


SHOWN = [
    "h1",
    "h2",
    "p",
    "div",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "br",
    "main",
    "article",
    "b",
    "section",
]
TREES = st.recursive(
    st.just(""), lambda inner: st.tuples(st.sampled_from(SHOWN), st.lists(inner, max_size=4)), max_leaves=12
)


def numbered(tree: object, words: Iterator[int]) -> str:
    """The tree as HTML, with a word of its own before, within and after each element."""
    if isinstance(tree, str):
        return f" w{next(words)} "
    tag, inner = tree  # type: ignore[misc]
    within = "".join(numbered(one, words) for one in inner)
    return f" w{next(words)} <{tag}> w{next(words)} {within} w{next(words)} </{tag}> w{next(words)} "


@given(TREES)
def test_no_word_of_a_page_is_lost_and_none_comes_twice(tree: object) -> None:
    """A table within a cell of another took the cells before it with it."""
    text = numbered(tree, count())
    found = web.read(f"<!doctype html><body>{text}</body>".encode())
    said = " ".join([found.title, *(line.replace(CELL, " ") for _, line in found.lines)]).split()
    if "<main>" not in text and "<article>" not in text:
        assert sorted(said) == sorted(re.findall(r"w\d+", text))
    else:
        assert len(said) == len(set(said))


BLOCKS = st.recursive(
    st.sampled_from(["p", "item"]),
    lambda inner: st.tuples(
        st.sampled_from(["tbl", "row", "sdt", "ins"]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def in_word(block: object, words: Iterator[int]) -> str:
    """A block as WordprocessingML, with words of its own in each paragraph."""
    if isinstance(block, str):
        style = '<w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>' if block == "item" else ""
        runs = "".join(f"<w:r><w:t xml:space='preserve'> w{next(words)} </w:t></w:r>" for _ in range(2))
        return f"<w:p>{style}{runs}<w:hyperlink><w:r><w:t>w{next(words)}</w:t></w:r></w:hyperlink></w:p>"
    kind, inner = block  # type: ignore[misc]
    parts = [in_word(one, words) for one in inner]
    if kind in ("tbl", "row"):
        cells = "".join(f"<w:tc>{part}</w:tc>" for part in parts)
        rows = (
            f"<w:tr>{cells}</w:tr>"
            if kind == "row"
            else cells.replace("<w:tc>", "<w:tr><w:tc>").replace("</w:tc>", "</w:tc></w:tr>")
        )
        return f"<w:tbl>{rows}</w:tbl>"
    return (
        f"<w:sdt><w:sdtContent>{''.join(parts)}</w:sdtContent></w:sdt>"
        if kind == "sdt"
        else (f"<w:ins>{''.join(parts)}</w:ins>")
    )


@given(st.lists(BLOCKS, min_size=1, max_size=3))
def test_no_word_of_a_word_file_is_lost_and_none_comes_twice(blocks: list[object]) -> None:
    words = count()
    body = "".join(in_word(block, words) for block in blocks)
    found = word_reader.read(raw_word(body))
    said = " ".join(line.replace(CELL, " ") for _, line in found.lines).split()
    assert sorted(said) == sorted(re.findall(r"w\d+", body.replace("w:", "")))


@given(
    st.lists(st.tuples(st.sampled_from([TEXT, HEADING, ITEM, NUMBER, ROW]), st.integers(1, 3)), min_size=1)
)
def test_no_word_is_lost_between_a_document_and_its_update(lines: list[tuple[str, int]]) -> None:
    words = count()
    content = Content(
        [
            (kind, (CELL if kind == ROW else " ").join(f"w{next(words)}" for _ in range(n)))
            for kind, n in lines
        ]
    )
    (fields, _), _ = documents.fields_of(content)
    said = re.findall(
        r"w\d+", f"{fields['headline']} {fields['author']} {fields['key_points']} {fields['body']}"
    )
    assert sorted(said) == sorted(f"w{n}" for n in range(next(words)))


@given(st.binary(max_size=300), st.sampled_from(["-", "a.html", "a.docx"]))
def test_any_bytes_are_some_kind_or_none(source: bytes, name: str) -> None:
    with suppress(BadInput):
        assert documents.kind_of(source, name) in (None, "word", "pdf", "html")


CONTENTS = st.builds(
    Content,
    st.lists(
        st.tuples(st.sampled_from([TEXT, HEADING, ITEM, NUMBER, ROW]), st.text(max_size=20)), max_size=8
    ),
    *[st.text(max_size=20)] * 4,
)


@given(CONTENTS)
def test_whatever_a_document_says_becomes_fields_or_a_refusal(content: Content) -> None:
    with suppress(BadInput):
        draft_of(documents.fields_of(content)[0].fields)


@pytest.mark.parametrize("name", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
@pytest.mark.parametrize("content", [b"", b"<", b"\0" * 99, b"<a/>", "<ü>".encode("utf-16")])
def test_a_word_file_with_any_part_spoilt_is_refused(name: str, content: bytes) -> None:
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(raw_word(paragraph("Flood")))) as good, zipfile.ZipFile(held, "w") as spoilt:
        for part in good.namelist():
            spoilt.writestr(part, content if part == name else good.read(part))
    with pytest.raises(Unreadable):
        word_reader.read(held.getvalue())
