"""A PDF, read through pypdf: its text, page by page. It knows no paragraphs: they are guessed from lines."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf import apply_configuration
from pypdf.errors import DependencyError

from alerts.documents.content import ITEM, TEXT, Content, Unreadable

#: More than the text of an update has, whose body is 100,000 characters at most.
PAGES_MAX = 50
#: Octets that one stream of a file may be, unpacked.
STREAM_MAX = 8_000_000
_BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": 10 * STREAM_MAX,  # pictures, which are not unpacked
    "array_based_stream_maximum_output_length": STREAM_MAX,
    "lzw_maximum_output_length": STREAM_MAX,
    "run_length_maximum_output_length": STREAM_MAX,
    "zlib_maximum_output_length": STREAM_MAX,
    "page_tree_maximum_entries": 10_000,
}

_EXPORT = "Open it, copy its text, and save that as plain text or Markdown."
_ITEM = re.compile(r"[•·▪◦‣●○■\uf0b7\u2013-] ?(\S.*)")
_NUMBER_OF_PAGE = re.compile(r"(?:page |p\. ?)?\d{1,3}(?: ?(?:of|/|\|) ?\d{1,3})?", re.IGNORECASE)
#: Lines at the top and the bottom of a page that may be its header or footer; of how many pages at least.
_EDGE, _PAGES_ALIKE = 2, 3
#: A line that is shorter than this part of the longest ends its paragraph.
_SHORT = 0.75


def read(source: bytes) -> Content:
    """Read a file. Raises Unreadable."""
    logging.disable()  # what is wrong with a file is told by us
    try:
        with apply_configuration(**_BOUNDS):
            return _content(source)
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - whatever a library raises at a file that is no such file
        raise Unreadable("It is a PDF that cannot be read: it is damaged.", _EXPORT) from None


def _content(source: bytes) -> Content:
    reader = pypdf.PdfReader(io.BytesIO(source))
    if reader.is_encrypted and not _opened(reader):
        raise Unreadable("It is a PDF that is encrypted.", "Save it without a password.")
    count = reader.get_num_pages()
    if count > PAGES_MAX:
        raise Unreadable(
            f"It is a PDF of {count:,} pages; the limit is {PAGES_MAX}.",
            "Take its summary, or split it into several updates.",
        )
    pages = [reader.pages[number].extract_text().splitlines() for number in range(count)]
    if not any(line.strip() for page in pages for line in page):
        raise Unreadable(
            "It is a PDF without text: a scan, or pictures alone.",
            "Have its text recognised (OCR), or write down what it says.",
        )
    content = Content()
    lines, repeated = _without_repeated(pages)
    if repeated:
        content.left_out.append("what stands on every page")
    if pictures := sum(map(_pictures, reader.pages)):
        content.left_out.append(f"{pictures} picture{'s' * (pictures > 1)}")
    for kind, text in _paragraphs(lines):
        content.add(kind, text)
        if kind == TEXT:
            content.add(TEXT, "")
    return content


def _opened(reader: pypdf.PdfReader) -> bool:
    """Whether it opens without a password: many are encrypted only to forbid printing."""
    try:
        return bool(reader.decrypt(""))
    except DependencyError:
        return False


def _pictures(page: pypdf.PageObject) -> int:
    """How many pictures a page has, none of them opened."""
    resources: Any = page.get("/Resources")
    forms: Any = resources.get_object().get("/XObject") if resources else None
    drawn: Any = forms.get_object() if forms else {}
    return sum(drawn[name].get("/Subtype") == "/Image" for name in drawn)


def _without_repeated(pages: list[list[str]]) -> tuple[list[str], bool]:
    """The lines without numbers of pages, and what begins or ends every page, of three and more."""
    edges = [{line.strip() for line in (*page[:_EDGE], *page[-_EDGE:])} for page in pages]
    repeated = set.intersection(*edges) - {""} if len(pages) >= _PAGES_ALIKE else set()
    lines = []
    for page in pages:
        for number, line in enumerate(page):
            at_edge = not _EDGE <= number < len(page) - _EDGE
            if not at_edge or (line.strip() not in repeated and not _is_page_number(line)):
                lines.append(line)
    return lines, bool(repeated)


def _is_page_number(line: str) -> bool:
    return _NUMBER_OF_PAGE.fullmatch(line.strip()) is not None


def _paragraphs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Lines put together as they were before they were broken at a width."""
    widest = max(map(len, lines), default=0)
    kind, text = TEXT, ""
    for raw in lines:
        line = raw.strip()
        item = _ITEM.fullmatch(line)
        if text and (item or not line):
            yield kind, text
            kind, text = TEXT, ""
        if item:
            kind, line = ITEM, item[1]
        broken = text.endswith("-") and line[:1].islower()
        text = text[:-1] + line if broken else f"{text} {line}".strip()
        if text and len(line) < _SHORT * widest:
            yield kind, text
            kind, text = TEXT, ""
    if text:
        yield kind, text
