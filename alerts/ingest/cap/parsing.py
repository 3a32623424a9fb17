"""The text of a message, in whatever encoding, and its elements, in bounds."""

import codecs
import re
from xml.etree import ElementTree as ET
from xml.parsers import expat

from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt
from alerts.ingest.decoding import BYTES_MAX, utf_16
from alerts.ingest.xml_guard import XmlBounds, go_through

#: CAP in an envelope is nested nine deep; a day of the largest real feed has 4,600 elements.
BOUNDS = XmlBounds(depth=40, elements=50_000, attributes=100, pieces=500_000)

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,80}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["']""")
#: Declared encodings that are taken at their word: Python knows others, some of which are none of text.
_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-?(?:[1-9]|1[03-6])|windows-125[0-8]|cp125[0-8]|koi8-[ru]|big5(?:-hkscs)?|gb2312|gbk"
    r"|gb18030|euc-(?:jp|kr|tw)|shift[_-]jis|tis-620",
    re.I,
)


def decode(source: bytes) -> str:
    """The text of XML, by its mark, else by what it declares, else as UTF-8. Raises BadInput."""
    if len(source) > BYTES_MAX:
        raise BadInput(
            "It is larger than 1 MB.", "Leave embedded pictures and sound out, or split what holds several."
        )
    encoding = _encoding(source)
    try:
        text = source.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise BadInput(
            f"Its bytes are not in {encoding.removesuffix('-sig').upper()}, as it says or XML is by itself.",
            "Save it in UTF-8.",
        ) from None
    if "\0" in text:
        raise BadInput("It is not a text file.", "Save it in UTF-8.")
    return text


def parse(text: str) -> ET.Element:
    """The root of a document. Raises BadInput for what is ill-formed, declares a type, or is too much."""
    try:
        go_through(text, BOUNDS)
    except expat.ExpatError as fault:
        what = str(fault).partition(":")[0]
        raise BadInput(
            f"It is not well-formed XML: line {fault.lineno}, column {fault.offset + 1}: {excerpt(what)}.",
            "Correct it there, or have it written anew by the program it is from.",
        ) from None
    reader = ET.XMLParser(encoding="utf-8")  # noqa: S314 - the guard has gone through it. Whatever it declares
    return ET.fromstring(text.encode("utf-8", "replace"), reader)  # noqa: S314


def _encoding(source: bytes) -> str:
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return encoding
    for start, encoding in ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be")):
        if source.startswith(start):
            return encoding
    if unmarked := utf_16(source):
        return unmarked
    declared = _DECLARED.match(source[:200])
    name = declared[1].decode("ascii") if declared else "utf-8"
    if not _ENCODINGS.fullmatch(name):
        raise BadInput(f"It says that it is in {excerpt(name)}, which is not read.", "Save it in UTF-8.")
    return name
