"""Word files, PDFs and archives made on the spot, good ones and hostile ones."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import docx

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument"/></Relationships>'
)


def word(write: Callable[[Any], object]) -> bytes:
    """A file as Word saves it, written through python-docx."""
    document = docx.Document()
    write(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def raw_word(
    body: str, parts: Iterable[tuple[str, bytes | str]] = (), prologue: str = "", relations: str = _RELATIONS
) -> bytes:
    """A file of this body, as WordprocessingML, and other parts as they are given."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", relations)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{_NAMESPACE}"><w:body>{body}</w:body>'
            "</w:document>",
        )
        for name, content in parts:
            archive.writestr(name, content)
    return held.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(pages: Sequence[Sequence[str]], extra: str = "") -> bytes:
    """A PDF of these lines, each page by itself."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    streams: dict[int, bytes] = {}
    for n, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> {extra} >>"
        )
        shown = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
        packed = zlib.compress(f"BT /F1 11 Tf 14 TL 50 800 Td {shown}ET".encode("cp1252"))
        objects.append(f"<< /Length {len(packed)} /Filter /FlateDecode >>")
        streams[len(objects)] = packed
    return assembled(objects, streams)


def assembled(objects: Sequence[str], streams: dict[int, bytes]) -> bytes:
    """A PDF of these objects, with a table of where each begins."""
    out = bytearray(b"%PDF-1.7\n")
    at = []
    for number, one in enumerate(objects, 1):
        at.append(len(out))
        out += f"{number} 0 obj\n{one}\n".encode()
        if number in streams:
            out += b"stream\n" + streams[number] + b"\nendstream\n"
        out += b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in at)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def pdf_bomb() -> bytes:
    """A page whose text is thirty megabytes of nothing, packed twice."""
    packed = zlib.compress(zlib.compress(b"BT /F1 11 Tf (Flood) Tj ET" + b" " * 30_000_000))
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
            f"<< /Length {len(packed)} /Filter [/FlateDecode /FlateDecode] >>",
        ],
        {4: packed},
    )
