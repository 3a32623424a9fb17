"""What is no update is refused for what it is, with a hint; what is one is read as it was meant."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.errors import BadInput
from alerts.ingest import load_all
from alerts.ingest.formats import read_all

CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "files"
REGION = "\n\nregions: [Ukraine]\n"


def packed(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "Flood warning")
    return held.getvalue()


def tape() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("flood.md"))
    return held.getvalue()


MAIL = """From: Desk <desk@example.org>
To: list@example.org
Subject: Flood warning
 for Kyiv

The river rises.
"""


@pytest.mark.parametrize(
    ("source", "is_one"),
    [
        (packed("word/document.xml"), "an Office document"),
        (packed("mimetype"), "another archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Office"),
        (b"{\\rtf1\\ansi Flood warning in Kyiv\\par Leave.}", "RTF"),
        (gzip.compress(b"Flood warning", mtime=0), "gzip"),
        (tape(), "a tar archive"),
        (b"\x89PNG\r\n\x1a\n\0", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"GIF89a\x01\0", "a picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"<table><tr><td>Flood</td></tr></table>", "a web page"),
        (b"<?xml version='1.0'?><rss version='2.0'/>", "XML"),
        (b'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">', "XML"),
        (b"From desk@example.org Mon Mar 28 17:00:00 2022\n" + MAIL.encode(), "a mailbox"),
    ],
)
@pytest.mark.parametrize("name", ["update.md", "update.txt", "-", "update.json"])
def test_what_is_no_update_is_refused_for_what_it_is(source: bytes, is_one: str, name: str) -> None:
    """A PDF with a region beside it was offered to 14 people as “%PDF-1.7”."""
    with pytest.raises(BadInput) as refused:
        read_all(source, name)
    assert is_one in refused.value.sentence
    assert refused.value.sentence.endswith(", not an update.")
    assert refused.value.hint


@pytest.mark.parametrize("name", ["update.md", "update.txt", "-", "update.json"])
def test_a_pdf_that_is_none_is_refused_for_what_it_says_it_is(name: str) -> None:
    with pytest.raises(BadInput, match="a PDF that cannot be read") as refused:
        read_all(b"%PDF-1.7\n1 0 obj\nFlood warning Kyiv\n", name)
    assert refused.value.hint


def test_a_large_document_is_told_what_it_is_and_not_to_be_shortened() -> None:
    with pytest.raises(BadInput, match="a PDF"):
        load_all("-", io.BytesIO(b"%PDF-1.7\n" + b"x" * 2_000_000))


def test_comments_without_end_are_looked_at_once() -> None:
    """Each way to part them was tried: two to the power of five hundred."""
    assert read_all(b"<!-- -->" * 500 + b" Flood", "update.md")


@pytest.mark.parametrize(
    "text",
    [
        "PDF of the map follows",
        "From Kyiv to Lviv: trains run",
        "From: the desk\n\nTrains run.",
        "Subject: flood\n\nThe river rises.",
        "Date: 28 March 2022\nTo: all staff\n\nThe river rises.",
        "<3 months of food are left",
        "# <alert> as a word",
        "GIFs are not shown",
        "MM notes: all calm",
        "---\nheadline: <html> in a headline\n---\n\n<table> is a word here.",
    ],
)
def test_a_text_that_begins_like_something_else_is_read(text: str) -> None:
    assert read_all(text.encode(), "update.txt")[0].draft.headline


TEXT = "---\nid: x\nregions: [Ukraine]\n---\n# Zoë’s “smart” headline – test\n\nNaïve café.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_however_it_was_saved(encoding: str, end: str) -> None:
    [reading] = read_all(TEXT.replace("\n", end).encode(encoding), "update.md")
    assert reading.draft.headline == "Zoë’s “smart” headline – test"
    assert reading.draft.body == "Naïve café."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café report: the levée holds", "cp437"),
        ("Überschwemmung in Köln", "cp850"),
        ("Наводнение в Киеве, мосты закрыты", "cp1251"),
        ("Наводнение в Киеве, мосты закрыты", "koi8-r"),
        ("Πλημμύρες στην Αθήνα", "cp1253"),
        ("Powódź: wał w Łodzi przerwany, małe straty", "iso8859-2"),
        ("洪水警報、橋は閉鎖", "shift-jis"),
        ("洪水警报，桥梁关闭", "gbk"),
    ],
)
def test_a_text_in_an_encoding_nobody_can_tell_is_refused(text: str, encoding: str) -> None:
    """“Café” of an old program went out as “Caf‚”; Cyrillic as a row of accents."""
    with pytest.raises(BadInput) as refused:
        read_all(text.encode(encoding), "update.txt")
    assert "UTF-8" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "L’été à Besançon : “tout va bien” – 10 € l’entrée…",
        "Straße gesperrt; „Zugang verboten“, sagt die Behörde",
        "Año nuevo: ¿qué pasó? ¡Nada!",
        "Ülemiste järv on jäääär täis",
        "Señor Ñuñez dice «no»",
    ],
)
def test_a_text_of_western_europe_as_old_windows_saved_it_is_read(text: str) -> None:
    assert read_all(text.encode("cp1252"), "update.txt")[0].draft.headline == text


@given(st.binary(max_size=300), st.sampled_from([".md", ".txt", ".json", ""]))
def test_any_bytes_are_read_or_refused_with_a_hint(source: bytes, suffix: str) -> None:
    try:
        read_all(source, f"update{suffix}")
    except BadInput as refused:
        if not refused.hint:
            raise AssertionError(refused.sentence) from refused


REFUSED = {
    "commas.md": "tags",
    "doc.docx": "an Office document",
    "doc.pdf": "a PDF",
    "doc.rtf": "RTF",
    "dos437.txt": "encoding",
    "dup.json": "twice",
    "empty.md": "empty",
    "feed.xml": "XML",
    "nan.json": "NaN",
    "nul.md": "not a text file",
    "title.md": "title",
}


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")
@pytest.mark.parametrize("path", sorted(CASES.iterdir()) if CASES.exists() else [], ids=lambda p: p.name)
def test_a_case_gives_what_is_right_for_it(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(BadInput) as refused:
            load_all(str(path), io.BytesIO())
        assert REFUSED[path.name] in refused.value.sentence
        assert refused.value.hint
    else:
        assert all(reading.draft.headline for reading in load_all(str(path), io.BytesIO()))


def test_all_fields_that_there_are_not_are_told_at_once_and_what_they_are_here() -> None:
    with pytest.raises(BadInput) as refused:
        read_all(b"---\ntitle: Flood\nregion: Ukraine\ndate: 2022-03-28\n---\nBody.\n", "update.md")
    assert all(f"“{name}”" in refused.value.sentence for name in ("title", "region", "date"))
    assert all(name in refused.value.hint for name in ("headline", "regions", "published_at"))


@pytest.mark.parametrize(
    "written", ["Monday, 25 November 2026", "Mon 25 Nov 2026", "Monday November 25th, 2026"]
)
@pytest.mark.parametrize(
    "form", ["---\nheadline: Flood\npublished_at: {}\n---\n", '{{"headline": "Flood", "expires_at": "{}"}}']
)
def test_a_weekday_that_contradicts_its_date_is_refused_with_the_right_one(form: str, written: str) -> None:
    """One of the two is a slip, and whichever is believed, half of the readers go on the wrong day."""
    with pytest.raises(BadInput) as refused:
        read_all(form.format(written).encode(), "update")
    assert "is a Wednesday" in refused.value.sentence
    assert refused.value.hint


def test_a_weekday_over_a_page_that_contradicts_its_date_is_refused_too() -> None:
    page = "Situation Update – Monday, 25 November 2026\n\nFlood in Kyiv\n\nThe river rises."
    with pytest.raises(BadInput, match="is a Wednesday"):
        read_all(page.encode(), "update.txt")


@pytest.mark.parametrize("written", ["Wednesday, 25 November 2026", "Wed 25 Nov 2026", "25 November 2026"])
def test_a_weekday_that_is_right_is_read(written: str) -> None:
    [reading] = read_all(f"---\nheadline: Flood\npublished_at: {written}\n---\n".encode(), "u.md")
    assert reading.draft.published_at
    assert reading.draft.published_at.day == 25


@pytest.mark.parametrize("written", ["Foo 25 November 2026", "Friyday, 25 November 2026"])
def test_what_is_no_weekday_is_no_date(written: str) -> None:
    with pytest.raises(BadInput, match="cannot be"):
        read_all(f"---\nheadline: Flood\npublished_at: {written}\n---\n".encode(), "u.md")
