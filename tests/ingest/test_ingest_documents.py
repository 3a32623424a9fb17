"""Word files, PDFs and web pages: read as the update they hold; what is hostile is refused within bounds."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from papers import assembled, paragraph, pdf, pdf_bomb, raw_word, word

from alerts.documents import reading_process
from alerts.documents.bounded import OCTETS_MAX
from alerts.errors import BadInput
from alerts.ingest import read

HEADLINE = "Bridges are closed in Kyiv"


def page(body: str, head: str = "", language: str = "") -> bytes:
    lang = f' lang="{language}"' if language else ""
    return f"<!doctype html><html{lang}><head>{head}</head><body>{body}</body></html>".encode()


def a_report(document: Any) -> None:
    """A situation report as an analyst writes one."""
    document.add_heading(f"Situation Update - {HEADLINE}", 0)
    document.add_paragraph("By Risk Desk Kyiv")
    document.add_paragraph("26 November 2026")
    for point in ("Three bridges are closed", "The metro runs"):
        document.add_paragraph(point, style="List Bullet")
    document.add_heading("Access", 1)
    document.add_paragraph("The *Paton* bridge has been closed since 06:00.")
    for step in ("Take the metro", "Stay at home"):
        document.add_paragraph(step, style="List Number")
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(("Bridge", "State", "Paton", "closed | shut")):
        table.cell(number // 2, number % 2).text = text
    document.sections[0].footer.paragraphs[0].text = "Internal: ring Ann, 555 1234"
    document.core_properties.author = "ann.smith"


def test_a_word_file_is_read_as_its_author_meant_it() -> None:
    found = read(word(a_report), "report.docx")
    draft = found.draft
    assert (found.format, draft.headline, draft.author) == ("word", HEADLINE, "Risk Desk Kyiv")
    assert str(draft.published_at) == "2026-11-26"
    assert draft.key_points == ("Three bridges are closed", "The metro runs")
    assert draft.body == (
        "## Access\n\nThe \\*Paton\\* bridge has been closed since 06:00.\n\n1. Take the metro\n"
        "2. Stay at home\n\n| Bridge | State |\n| --- | --- |\n| Paton | closed ¦ shut |"
    )


def test_who_saved_a_word_file_and_what_stands_below_its_pages_reaches_nobody() -> None:
    """A telephone number in the footer, and the account of who saved it, are the desk's own."""
    found = read(word(a_report), "report.docx")
    assert "leaves out headers and footers" in found.notes
    assert "555" not in str(found.draft)
    assert "ann.smith" not in str(found.draft)


def test_a_word_file_is_known_by_its_bytes_whatever_its_name() -> None:
    assert read(word(a_report), "report.md").draft.headline == HEADLINE


def test_what_was_deleted_is_not_read_and_what_was_inserted_is() -> None:
    """python-docx leaves out what was inserted while changes were tracked: half of a sentence."""
    body = (
        '<w:p><w:r><w:t xml:space="preserve">Flood </w:t></w:r>'
        "<w:del><w:r><w:delText>Drought</w:delText></w:r></w:del><w:ins><w:r><w:t>in Kyiv</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>" + paragraph("It rains.")
    )
    found = read(raw_word(body), "a.docx")
    assert found.draft.headline == "Flood in Kyiv"
    assert any("tracked change" in note for note in found.notes)


def test_what_stands_in_fields_to_fill_in_and_in_frames_is_read() -> None:
    """Templates of desks have their text in content controls: the whole report was empty."""
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('Flood in Kyiv')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:tr><w:tc>{paragraph('It rains.')}{paragraph('It pours.')}</w:tc></w:tr></w:tbl>"
    )
    draft = read(raw_word(body), "a.docx").draft
    assert (draft.headline, draft.body) == ("Flood in Kyiv", "It rains.\n\nIt pours.")


LINES = [
    "Risk Desk - daily",
    HEADLINE,
    "By Risk Desk Kyiv",
    "26 November 2026",
    "• Three bridges are closed",
    "• The metro runs, and crosses the river at all of its stations from the first to the last train on",
    "the timetable",
    "The bridges Paton, Northern and Southern have been closed since the early morn-",
    "ing. They are expected to open again in the evening, says the city, which repairs",
    "them.",
    "Take the metro.",
    "1",
]


def test_a_pdf_is_put_together_from_its_lines() -> None:
    found = read(
        pdf([LINES, ["Risk Desk - daily", "Fin.", "2"], ["Risk Desk - daily", "(End)", "3"]]), "a.pdf"
    )
    draft = found.draft
    assert (found.format, draft.headline, draft.author) == ("pdf", HEADLINE, "Risk Desk Kyiv")
    assert draft.key_points[0] == "Three bridges are closed"
    assert draft.key_points[1].endswith("last train on the timetable")
    assert draft.body == (
        "The bridges Paton, Northern and Southern have been closed since the early morning. They are "
        "expected to open again in the evening, says the city, which repairs them.\n\nTake the metro.\n\n"
        "Fin.\n\n(End)"
    )
    assert "leaves out what stands on every page" in found.notes


def test_a_scan_is_refused_with_words() -> None:
    with pytest.raises(BadInput, match="a scan, or pictures") as fault:
        read(pdf([[], []]), "scan.pdf")
    assert "OCR" in fault.value.hint


ARTICLE = f"""<nav><a href="/">Home</a></nav><header><h1>The Desk</h1></header>
<main><article><h1>{HEADLINE}</h1><ul><li>Three bridges are closed</li><li>The <b>metro</b> runs</li></ul>
<h2>Access</h2><p onclick="x()">The bridges have been closed since 06:00.<br>They open later.</p>
<script>alert("no")</script><style>p {{}}</style><table><tr><th>Bridge</th><th>State</th></tr>
<tr><td>Paton</td><td>closed</td></tr></table><img src="https://tracker.example/x.png">
<p>Cross by <a href="javascript:alert(1)">metro</a>.</p></article></main><aside>Buy now</aside>
<footer>Imprint</footer>"""
HEAD = (
    '<title>Bridges | The Desk</title><meta name="author" content="Ann Smith">'
    '<meta property="article:published_time" content="2026-11-26T06:30:00Z">'
)


def test_of_a_web_page_its_article_is_read_and_nothing_beside_it() -> None:
    found = read(page(ARTICLE, HEAD, "en-GB"), "page.html")
    draft = found.draft
    assert (found.format, draft.headline, draft.author) == ("html", HEADLINE, "Ann Smith")
    assert (str(draft.published_at), draft.language) == ("2026-11-26 06:30:00+00:00", "en-GB")
    assert draft.key_points == ("Three bridges are closed", "The metro runs")
    assert draft.body == (
        "## Access\n\nThe bridges have been closed since 06:00.\n\nThey open later.\n\n"
        "| Bridge | State |\n| --- | --- |\n| Paton | closed |\n\nCross by metro."
    )
    assert "leaves out 1 picture" in found.notes
    assert "leaves out what stands beside the article (navigation, footer)" in found.notes
    assert ("author", "what the page says of itself") in [words[:2] for words in found.words]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r"])
def test_a_web_page_is_read_in_the_encoding_that_it_says(encoding: str) -> None:
    text = f'<!doctype html><html><head><meta charset="{encoding}"></head><body><h1>Наводнение в Киеве</h1>'
    assert read(text.encode(encoding), "page.htm").draft.headline == "Наводнение в Киеве"


@pytest.mark.parametrize(
    "begun",
    [
        "<!DOCTYPE html><title>x</title>",
        "\ufeff<!-- saved from url=(0014)about:internet -->\r\n<html>",
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD" "x"><html>',
        "  <body>",
    ],
)
def test_a_web_page_is_known_by_how_it_begins(begun: str) -> None:
    assert read(f"{begun}<h1>Flood in Kyiv</h1><p>It rains.".encode(), "-").format == "html"


def test_a_title_is_the_headline_where_the_page_has_none() -> None:
    """The smallest page there is: `<title>` and a sentence."""
    draft = read(page("<p>It rains in Kyiv.</p>", "<title>Flood  in\nKyiv</title>"), "-").draft
    assert (draft.headline, draft.body) == ("Flood in Kyiv", "It rains in Kyiv.")


def test_a_page_that_programs_draw_is_refused_with_words() -> None:
    with pytest.raises(BadInput, match="without text"):
        read(page('<div id="app"></div><script>draw()</script>'), "app.html")


def bomb(octets: int) -> bytes:
    """A Word file with a part that is so large, unpacked."""
    return raw_word(paragraph("Flood"), [("word/media/image1.png", b"\0" * octets)])


def many_parts() -> bytes:
    return raw_word(paragraph("Flood"), [(f"word/media/{n}.png", b"") for n in range(2_000)])


def locked() -> bytes:
    """A Word file whose parts say that they are encrypted."""
    source = bytearray(raw_word(paragraph("Flood")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := source.find(sign, place + 1)) >= 0:
            source[place + at] |= 1
    return bytes(source)


def lying(octets: int) -> bytes:
    """A Word file whose marked-up part says that it is small, and is not."""
    source = bytearray(raw_word(paragraph("x" * octets)))
    with zipfile.ZipFile(io.BytesIO(bytes(source))) as archive:
        size = archive.getinfo("word/document.xml").file_size
    return bytes(source).replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))


def nested_tables(depth: int) -> str:
    row = "<w:tbl><w:tr><w:tc>"
    return row * depth + paragraph("Flood") + "</w:tc></w:tr></w:tbl>" * depth


ENTITIES = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 20}'>" for n in range(1, 12)
)
FLOOD = paragraph("Flood")
ELSEWHERE = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="../../../../etc/passwd" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)

ROW = "The bridges Paton and Northern have been closed since six. "


def long_word() -> bytes:
    return word(lambda document: [document.add_paragraph(text) for text in (HEADLINE, *[ROW * 5] * 330)])


def long_page() -> bytes:
    words = "Мосты Патона и Северный закрыты с шести часов утра. "
    wrapped = f'<div class="{"x" * 500}"><p style="{"y" * 500}">{words * 5}</p></div>'
    return page("<h1>Мосты</h1>" + wrapped * 380)


@pytest.mark.parametrize(
    "make",
    [long_word, long_page, lambda: pdf([[HEADLINE], *[[f"{n}. {ROW}" for n in range(39)]] * 40])],
    ids=["word", "html", "pdf"],
)
def test_what_is_as_long_as_an_update_may_be_is_read_within_the_bounds(make: Any) -> None:
    """Bounds that refuse a long report of forty pages would be too tight."""
    assert 90_000 < len(read(make(), "long").draft.body) <= 100_000


#: What each is, the file, and a word of why it is refused.
HOSTILE: dict[str, tuple[Any, str]] = {
    "a zip bomb": (lambda: bomb(60_000_000), "far larger, unpacked"),
    "a marked-up part that is a bomb": (lambda: raw_word(paragraph("x" * 10_000_000)), "far larger"),
    "a part that lies about its size": (lambda: lying(30_000_000), "damaged|cannot be read"),
    "thousands of parts": (many_parts, "far larger"),
    "macros": (lambda: raw_word(FLOOD, [("word/vbaProject.bin", b"\xd0\xcf")]), "macros"),
    "encrypted parts": (locked, "encrypted"),
    "an encrypted file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "paths that lead out": (lambda: raw_word(FLOOD, [("../../etc/cron.d/x", b"x")]), "paths that lead out"),
    "an absolute path": (lambda: raw_word(FLOOD, [("/etc/cron.d/x", b"x")]), "paths that lead out"),
    "a relation that leads out": (lambda: raw_word(FLOOD, relations=ELSEWHERE), "cannot be read|damaged"),
    "tables in tables": (lambda: raw_word(nested_tables(2_000)), "nested too deeply|cannot be read"),
    "entities of entities": (lambda: raw_word(paragraph("&a11;"), prologue=ENTITIES + "]>"), "DOCTYPE"),
    "a file of the machine": (
        lambda: raw_word(paragraph("&e;"), prologue="<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
        "DOCTYPE",
    ),
    "a cut file": (lambda: word(a_report)[:-200], "damaged|not an update"),
    "a thousand pages": (lambda: pdf([["Flood"]] * 1_000), "1,000 pages"),
    "a stream that is a bomb": (pdf_bomb, "cannot be read|too long|without text"),
    "pages that hold themselves": (lambda: assembled(CIRCLE, {}), "cannot be read|without text|too long"),
    "a PDF of nothing": (lambda: b"%PDF-1.7\n", "cannot be read"),
    "a PDF of junk": (lambda: b"%PDF-1.7\n" + b"1 0 obj << /A [" * 100_000, "cannot be read|too long"),
    "elements in elements": (lambda: page("<div>" * 200_000 + "Flood"), "too long"),
    "formats that are adopted again and again": (lambda: page("<b><i><u><a><p>" * 60_000), "too long"),
    "a page of 6 MB": (lambda: page("<p>Flood</p>" * 500_000), "more than 5 MB"),
    "a page of nothing but text": (lambda: page("x" * 2_000_000), "far more text"),
    "100 MB": (lambda: b"%PDF-1.7\n" + bytes(OCTETS_MAX), "more than 10 MB"),
}  # fmt: skip
CIRCLE = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R 2 0 R] >>",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_words(name: str) -> None:
    make, why = HOSTILE[name]
    with pytest.raises(BadInput, match=why) as fault:
        read(make(), "file")
    assert fault.value.sentence.endswith(".")
    assert fault.value.hint
    assert "passwd" not in fault.value.sentence


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_document_does_its_reader_stays_within_its_bounds(name: str, tmp_path: Path) -> None:
    """By what the system counted of the process: processor time, not the clock: load fails nothing."""
    source = HOSTILE[name][0]()[:OCTETS_MAX]
    kind = "pdf" if source.startswith(b"%PDF") else "word" if source.startswith(b"PK") else "html"
    (tmp_path / "source").write_bytes(source)
    program = (
        "import resource, subprocess, sys\n"
        f"subprocess.run([sys.executable, '-m', 'alerts.documents.reading_process', {kind!r}],"
        " stdin=open(sys.argv[1], 'rb'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "source"], capture_output=True, text=True
    )
    seconds, octets = map(float, said.stdout.split())
    assert octets < 100_000_000
    assert seconds < reading_process.SECONDS_MAX + 1.5


@pytest.mark.parametrize(("library", "source"), [("pypdf", pdf([LINES])), ("docx", word(a_report))])
def test_where_the_extra_is_not_installed_it_is_told_how_it_is(
    library: str, source: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“No module named docx” says nothing to whoever put a file into a folder."""
    (tmp_path / f"{library}.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BadInput, match="not installed") as fault:
        read(source, "a")
    assert "pip install 'alerts[documents]'" in fault.value.hint


def test_no_program_beside_a_document_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m` looks where it stands first: a `docx.py` among the downloads would have been run."""
    (tmp_path / "docx.py").write_text("open('run', 'w')")
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "__init__.py").write_text("open('run', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert read(word(a_report), "a.docx").draft.headline == HEADLINE
    assert not (tmp_path / "run").exists()
