"""The octets of a part as text: in the charset that they are in, not the one that is claimed."""

import re
from email.message import Message as Part

from alerts.ingest.decoding import BYTES_MAX, decode
from alerts.ingest.mails.structure import octets_of

#: Charsets that are taken at their word: Python knows others, and some of those are none of text.
_CHARSETS = re.compile(
    r"utf-?(?:8|16(?:[bl]e)?)|us-ascii|iso-?8859-?(?:[1-9]|1[013-6])|windows-125[0-8]|cp125[0-8]|koi8-[ru]|big5(?:-hkscs)?"
    r"|gb2312|gbk|gb18030|euc-(?:jp|kr|tw)|iso-2022-(?:jp|kr)|shift[_-]jis|tis-620",
    re.IGNORECASE,
)


def text_of(part: Part) -> tuple[str, str]:
    """The text of a part, and its encoding if that is worth a note. Raises BadInput for what is none.

    UTF-8 is known by itself: what is called Latin-1 and reads as UTF-8 was called so by mistake.
    """
    octets = octets_of(part)
    if not octets.strip():
        return "", ""
    said = _charset(part)
    if len(octets) <= BYTES_MAX and _CHARSETS.fullmatch(said):
        for charset in ("utf-8", said) if not octets.isascii() else (said,):
            try:
                text = octets.decode(charset)
            except (UnicodeError, LookupError):
                continue
            if "\0" not in text:
                return _lines(text), ""
    text, encoding = decode(octets)
    return text, encoding


def flowing(part: Part, text: str) -> str:
    """The text with its soft line ends taken away, where they are told from others (RFC 3676)."""
    if _parameter(part, "format").lower() != "flowed":
        return text
    glue = "" if _parameter(part, "delsp").lower() == "yes" else " "
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        unstuffed = line[1:] if line.startswith(" ") else line
        if soft and not unstuffed.startswith(">") and unstuffed != "-- ":
            lines[-1] = lines[-1][:-1] + glue + unstuffed
        else:
            lines.append(unstuffed)
        soft = unstuffed.endswith(" ") and unstuffed != "-- " and not unstuffed.startswith(">")
    return "\n".join(lines)


def _charset(part: Part) -> str:
    return _parameter(part, "charset")


def _parameter(part: Part, name: str) -> str:
    """A parameter of the type of a part; empty for none, and for one that nobody can read."""
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError):  # numbered and encoded as nobody would (RFC 2231)
        return ""
    return value if isinstance(value, str) else ""


def _lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
