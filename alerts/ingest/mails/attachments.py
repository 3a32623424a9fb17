"""What of the parts of a mail counts as an attachment with an update in it, and what is left out, and why."""

import re
from email.message import Message as Part
from pathlib import PurePath

from alerts.ingest.cleaning import excerpt, one_line
from alerts.texts import field_text

#: Names by which a format is known, and what those have that come without one.
_KNOWN = frozenset(
    (".txt", ".text", ".md", ".markdown", ".json", ".cap", ".xml", ".htm", ".html", ".xhtml", ".docx", ".pdf")
)
_SUFFIXES = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/json": ".json",
    "application/cap+xml": ".cap",
    "application/common-alerting-protocol+xml": ".cap",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
#: What Exchange makes of a text below a picture.
_OF_EXCHANGE = re.compile(r"ATT\d{3,}\.(?:txt|html?)", re.IGNORECASE)
_NAME_MAX = 100
#: What is never read, by its type or the beginning of that.
_LEFT_OUT = (
    ("image/", "a picture"),
    ("audio/", "a recording"),
    ("video/", "a film"),
    ("text/calendar", "an invitation"),
    ("text/vcard", "a business card"),
    ("text/x-vcard", "a business card"),
    ("message/", "an attached mail"),
    ("application/pgp-signature", "a signature, which is not verified"),
    ("application/pkcs7-signature", "a signature, which is not verified"),
    ("application/x-pkcs7-signature", "a signature, which is not verified"),
    ("application/pgp-keys", "a key"),
    ("application/ms-tnef", "what Outlook has packed (winmail.dat)"),
)


def name_of_part(part: Part) -> str:
    """The name of its file as the sender gave it, without folders; empty for none."""
    try:
        said = part.get_filename("")
    except (ValueError, LookupError, TypeError, AttributeError):  # numbered as nobody would (RFC 2231)
        return ""
    name = one_line(field_text(said, 4 * _NAME_MAX)).replace("\\", "/").rpartition("/")[2]
    return name if len(name) <= _NAME_MAX else f"attachment{PurePath(name[-_NAME_MAX:]).suffix[:10]}"


def is_attached(part: Part) -> bool:
    """Whether it is more than the words of the mail: it is called so, or has a name, or is no text."""
    if part.get_content_type() not in ("text/plain", "text/html", "text/markdown"):
        return True
    return part.get_content_disposition() == "attachment" or bool(name_of_part(part))


def file_name(part: Part) -> str:
    """As what an attachment is read: its name, with an ending that tells its format; empty for no format."""
    name, kind = name_of_part(part), part.get_content_type()
    if _OF_EXCHANGE.fullmatch(name) or any(kind.startswith(left) for left, _ in _LEFT_OUT):
        return ""
    if PurePath(name).suffix.lower() in _KNOWN:
        return name
    if kind in _SUFFIXES and not PurePath(name).suffix:
        return f"{name or 'attachment'}{_SUFFIXES[kind]}"
    return ""


def left_out(part: Part) -> str:
    """What an attachment is that no reader of ours knows, for a note."""
    name, kind = name_of_part(part), part.get_content_type()
    noun = next((noun for left, noun in _LEFT_OUT if kind.startswith(left)), "a file of no known format")
    return f"{noun}, {excerpt(name)}" if name else noun
