"""A Word file (.docx), read through python-docx: paragraphs, headings, lists, tables and footnotes.

What is not there for readers is left out: comments, headers and footers, deleted words, who last saved it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from alerts.documents.content import CELL, HEADING, ITEM, NUMBER, ROW, TEXT, Content, Unreadable

#: Octets that all parts of a file are, unpacked; and that one part of it is that is marked up.
UNPACKED_MAX, PART_MAX = 20_000_000, 4_000_000
PARTS_MAX = 1_000
#: Octets in which the declarations of a part stand.
_PROLOGUE = 2_000
#: Tables, lists and boxes within each other.
_DEEPEST = 40

_SAVE = "Open it in Word, and save it as .docx; or copy its text into a text file."
_WITHOUT = "Save it as .docx, without macros."
_ITEM_STYLE = re.compile(r"list (bullet|number)", re.IGNORECASE)
_HEADING_STYLE = re.compile(r"(heading \d|title|subtitle)", re.IGNORECASE)
#: What stands in a paragraph and is not read: deleted, moved away, or a box drawn for older programs.
_UNREAD = (
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_BREAKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PICTURES = (qn("w:drawing"), qn("w:pict"))
_PARAGRAPH = qn("w:p")


def read(source: bytes) -> Content:
    """Read a file. Raises Unreadable."""
    _require_bounds(source)
    try:
        document = docx.Document(io.BytesIO(source))
        return _Reader(document).content
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise
    except PackageNotFoundError:
        raise Unreadable("It is a Word file that is damaged.", _SAVE) from None
    except Exception:  # noqa: BLE001 - whatever a library raises at a file that is no such file
        raise Unreadable(
            "It is a Word file that cannot be read: it is damaged, or not from Word.", _SAVE
        ) from None


def _require_bounds(source: bytes) -> None:
    """Look at the list of parts before one of them is unpacked. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as parts:
            listed = parts.infolist()
            begun = [_beginning(parts, part) for part in listed if _is_marked_up(part)]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise Unreadable("It is a Word file that is damaged.", _SAVE) from None
    names = [part.filename.lower() for part in listed]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("It is a Word file with macros, and programs are not taken in.", _WITHOUT)
    if any(part.flag_bits & 0x1 for part in listed):
        raise Unreadable("It is a Word file that is encrypted.", "Save it without a password.")
    marked_up = [part.file_size for part in listed if _is_marked_up(part)]
    if (
        len(listed) > PARTS_MAX
        or sum(part.file_size for part in listed) > UNPACKED_MAX
        or max(marked_up, default=0) > PART_MAX
    ):
        raise Unreadable(
            "It is a Word file that is far larger, unpacked, than an update.",
            "Copy its text into a text file, or take its pictures out.",
        )
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise Unreadable("It is an archive with paths that lead out of it.", _SAVE)
    if any(b"<!DOCTYPE" in beginning for beginning in begun):
        raise Unreadable(
            "It is a Word file with definitions of its own (DOCTYPE), which Word never writes.", _SAVE
        )


def _is_marked_up(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _beginning(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """How a part begins; nothing of what is encrypted."""
    if part.flag_bits & 0x1:
        return b""
    with parts.open(part) as opened:
        return opened.read(_PROLOGUE)


class _Reader:
    """One document, read from its beginning to its end."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.content = Content()
        self._pictures = self._changes = 0
        self._formats = dict(_number_formats(document))
        self._blocks(document.element.body, 0)
        self._footnotes()
        left_out = {
            "picture": self._pictures,
            "comment": _count(document, RT.COMMENTS, "w:comment"),
            "tracked change (read as accepted)": self._changes,
        }
        self.content.left_out += [f"{n} {what}{'s' * (n > 1)}" for what, n in left_out.items() if n]
        if any(_texts(section.header) or _texts(section.footer) for section in document.sections):
            self.content.left_out.append("headers and footers")

    def _blocks(self, parent: Any, depth: int) -> None:
        if depth > _DEEPEST:
            raise Unreadable("It is a Word file that is nested too deeply.", _SAVE)
        for element in parent:
            if element.tag == _PARAGRAPH:
                self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                self._table(element, depth)
            elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins")):
                self._blocks(element, depth + 1)

    def _paragraph(self, element: Any) -> None:
        kind = self._kind(element)
        for line in self._text(element).split("\n"):
            if line.strip():
                self.content.add(kind, line)
                kind = TEXT if kind == HEADING else kind
        if kind in (TEXT, HEADING):
            self.content.add(TEXT, "")

    def _kind(self, element: Any) -> str:
        style = self._document.part.get_style(element.style, 1).name or ""
        if _HEADING_STYLE.match(style):
            return HEADING
        properties = element.pPr
        numbered = properties.numPr if properties is not None else None
        if numbered is not None and numbered.numId is not None:
            level = numbered.ilvl.val if numbered.ilvl is not None else 0
            form = self._formats.get((numbered.numId.val, level), "bullet")
            return TEXT if form == "none" else ITEM if form == "bullet" else NUMBER
        listed = _ITEM_STYLE.match(style)
        return TEXT if listed is None else ITEM if listed[1].lower() == "bullet" else NUMBER

    def _text(self, element: Any) -> str:
        return "".join(self._pieces(element, 0))

    def _pieces(self, element: Any, depth: int) -> Iterator[str]:
        if depth > _DEEPEST:
            raise Unreadable("It is a Word file that is nested too deeply.", _SAVE)
        for child in element:
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield _BREAKS[child.tag]
            elif child.tag == qn("w:footnoteReference"):
                yield f"[{child.get(qn('w:id'))}]"
            elif child.tag in _UNREAD:
                self._changes += not child.tag.endswith("Fallback")
            else:
                self._changes += child.tag == qn("w:ins")
                self._pictures += child.tag in _PICTURES
                if child.tag == _PARAGRAPH:  # of a box, within another paragraph
                    yield "\n"
                yield from self._pieces(child, depth + 1)

    def _table(self, table: Any, depth: int) -> None:
        for row in _topmost(table, qn("w:tr")):
            cells = list(_topmost(row, qn("w:tc")))
            if len(cells) == 1:  # a frame around a text
                self._blocks(cells[0], depth + 1)
            elif cells:
                texts = (" ".join(map(self._text, _topmost(cell, _PARAGRAPH))) for cell in cells)
                self.content.add(ROW, CELL.join(" ".join(text.split()) for text in texts))
        self.content.add(TEXT, "")

    def _footnotes(self) -> None:
        for note in _part(self._document, RT.FOOTNOTES, "w:footnote"):
            if note.get(qn("w:type")) is None:  # the others are lines between text and notes
                text = " ".join(map(self._text, _topmost(note, _PARAGRAPH)))
                self.content.add(TEXT, f"[{note.get(qn('w:id'))}] {text.strip()}")
                self.content.add(TEXT, "")


def _topmost(element: Any, tag: str) -> Iterator[Any]:
    """The elements of this kind within another, without those that are within one of them."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag == tag:
            yield child
        else:
            waiting += reversed(child)


def _part(document: Any, kind: str, tag: str) -> list[Any]:
    """The elements of a part that belongs to the document; none where it has no such part."""
    for relation in document.part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            return list(parse_xml(relation.target_part.blob).iter(qn(tag)))
    return []


def _count(document: Any, kind: str, tag: str) -> int:
    return len(_part(document, kind, tag))


def _texts(part: Any) -> bool:
    return not part.is_linked_to_previous and any(p.text.strip() for p in part.paragraphs)


def _number_formats(document: Any) -> Iterator[tuple[tuple[int, int], str]]:
    """How each level of each list is numbered: decimal, bullet, …"""
    abstract: dict[str, list[tuple[int, str]]] = {}
    for numbering in _part(document, RT.NUMBERING, "w:numbering"):
        for one in numbering.iter(qn("w:abstractNum")):
            levels = [
                (int(level.get(qn("w:ilvl")) or 0), form.get(qn("w:val")) or "")
                for level in one.iter(qn("w:lvl"))
                if (form := level.find(qn("w:numFmt"))) is not None
            ]
            abstract[one.get(qn("w:abstractNumId")) or ""] = levels
        for one in numbering.iter(qn("w:num")):
            of = one.find(qn("w:abstractNumId"))
            for level, form in abstract.get(of.get(qn("w:val")) or "", []) if of is not None else []:
                yield (int(one.get(qn("w:numId")) or 0), level), form
