"""Word files, PDFs and web pages: known by how they begin, and read like the plain text page they hold."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Literal

from alerts.documents import bounded
from alerts.documents.content import CELL, HEADING, ITEM, NUMBER, ROW, Content
from alerts.errors import BadInput
from alerts.ingest import page
from alerts.ingest.blocks import literal
from alerts.ingest.cleaning import one_line
from alerts.ingest.dates import read_time
from alerts.languages import canonical

DocumentKind = Literal["word", "pdf", "html"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = (b"[Content_Types].xml", b"word/document.xml")
_PAGE = re.compile(
    r"(?:<\?xml\b[^>]{0,200}>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|meta|title)\b",
    re.I | re.S,
)
_OF_PAGES = (".html", ".htm", ".xhtml")
_LOOKED_AT = 4_000


def kind_of(source: bytes, name: str) -> DocumentKind | None:
    """Which kind of document it is, by its bytes; None for a text. Raises BadInput for one that is locked."""
    if source.startswith(b"%PDF-"):
        return "pdf"
    if source.startswith(b"PK\x03\x04") and all(part in source for part in _WORD):
        return "word"
    if source.startswith(_OLD_OFFICE) and _ENCRYPTED in source:
        raise BadInput("It is a document of Office that is encrypted.", "Save it without a password.")
    wide = source.startswith((b"\xff\xfe", b"\xfe\xff"))
    begun = source[:_LOOKED_AT].decode("utf-16" if wide else "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if _PAGE.match(begun):
        return "html"
    return "html" if begun.startswith("<") and PurePath(name).suffix.lower() in _OF_PAGES else None


def read(source: bytes, kind: DocumentKind) -> tuple[dict[str, object], list[str]]:
    """The fields of the one update in a document, and a note of what was left out. Raises BadInput."""
    return fields_of(bounded.read(source, kind))


def fields_of(content: Content) -> tuple[dict[str, object], list[str]]:
    """The fields of the update that a document holds, and the notes. Raises BadInput for a wrong weekday."""
    fields, words = page.read_noted("\n".join(_lines(content)))
    headings = {literal(one_line(text)) for line, text in content.lines if line == HEADING}
    parts = str(fields["body"]).split("\n\n")
    fields["body"] = "\n\n".join(f"## {part}" if part in headings else part for part in parts)
    notes = words + [f"leaves out {what}" for what in content.left_out]
    for field, said in (("author", content.author), ("published_at", _day(content.dated))):
        if said and not fields[field]:
            fields[field] = said
            notes.append(f"takes its {field} from what the page says of itself")
    if language := _language(content.language):
        fields["language"] = language
    return fields, notes


def text_of_page(source: str) -> tuple[str, list[str]]:
    """A web page that somebody wrote as a mail, as lines, and notes of what was left out. Raises BadInput.

    Its title is none that a person wrote.
    """
    small = source.lower()
    start = small.find("<title")
    end = small.find("</title", start) if start >= 0 else -1
    content = bounded.read((source[:start] + source[end:] if end >= 0 else source).encode(), "html")
    return "\n".join(_lines(content)), [f"leaves out {what}" for what in content.left_out]


def _lines(content: Content) -> Iterator[str]:
    """The document as the text page that people would have written."""
    if content.title:
        yield from (one_line(content.title), "")
    yield from _marked(content.lines)


def _marked(lines: Iterable[tuple[str, str]]) -> Iterator[str]:
    number = 0
    before = ""
    for kind, text in lines:
        line = " ".join(text.split()) if kind != ROW else text
        number = number + 1 if kind == NUMBER else 0
        if before in (ITEM, NUMBER, ROW) and kind != before:
            yield ""
        before = kind
        if kind == ITEM:
            yield f"• {line}"
        elif kind == NUMBER:
            yield f"{number}. {line}"
        elif kind == ROW:
            yield "| " + " | ".join(one_line(cell).replace("|", "¦") for cell in line.split(CELL)) + " |"
        else:
            yield line


def _day(said: str) -> str:
    """The time a page says it is of, if it can be read as one."""
    try:
        when = read_time(said)
    except BadInput:
        return ""
    return when.isoformat() if when else ""


def _language(said: str) -> str:
    try:
        return canonical(said)
    except BadInput:
        return ""
