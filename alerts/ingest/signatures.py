"""What a file is by how it begins, where that is something else than a text people wrote.

Names and suffixes lie; a PDF saved as `.md` is still one. Signatures: https://www.iana.org/assignments/media-types
and the formats' own specifications.
"""

import re

_UNPACK = "Unpack it and give the texts in it."
_DESCRIBE = "Write down what it shows: readers get text alone."
_EXPORT = "Open it, copy its text, and save that as plain text or Markdown."
_WORD = "Save it as plain text (.txt) from its program, or copy its text into a Markdown file."

#: How the bytes begin → what that is, and what to give instead.
_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", _EXPORT),
    (b"PK\x03\x04", "an Office document, a workbook or another archive", _WORD),
    (b"PK\x05\x06", "an empty archive", _WORD),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document or workbook of old Office", _WORD),
    (b"{\\rtf", "a document in RTF", _WORD),
    (b"%!PS", "PostScript", _EXPORT),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"\x89PNG\r\n", "a picture", _DESCRIBE),
    (b"\xff\xd8\xff", "a picture", _DESCRIBE),
    (b"GIF87a", "a picture", _DESCRIBE),
    (b"GIF89a", "a picture", _DESCRIBE),
    (b"II*\x00", "a picture", _DESCRIBE),
    (b"MM\x00*", "a picture", _DESCRIBE),
    (b"\x7fELF", "a program", "Give the file with the text."),
    (b"SQLite format 3\x00", "a database", "Give the file with the text."),
)
#: How a text begins that is marked up for another reader.
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|table|meta)\b", re.I | re.S),
        "a web page",
        "Open it in a browser, copy its text, and save that.",
    ),
    (
        re.compile(r"<(?:\?xml|!doctype|rss|feed|alert|svg|[a-z][\w.-]*:[a-z][\w.-]*)\b", re.I),
        "XML",
        "Copy the text of one entry into a text or Markdown file.",
    ),
    (
        re.compile(r"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "),
        "a mailbox",
        "Copy the text of one mail into a text or Markdown file.",
    ),
)
_FIELD = re.compile(r"([!-9;-~]{1,76}):(?:[ \t].*)?")
#: Two of these at least, in one header, are a mail's (RFC 5322 §3.6) and no list of a desk's own.
_MAIL = frozenset(
    (
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "content-type",
        "delivered-to",
        "dkim-signature",
    )
)
_MAIL_ALSO = frozenset(("from", "to", "subject", "date", "reply-to", "cc", "content-transfer-encoding"))
_FIELDS_SEEN = 60


def of_bytes(start: bytes) -> tuple[str, str] | None:
    """What a file that begins so is, with what to give instead; None for what may be a text."""
    if start[257:262] == b"ustar":
        return "a tar archive", _UNPACK
    if start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] in (b"WEBP", b"WAVE", b"AVI ")):
        return "a picture, sound or film", _DESCRIBE
    return next(((noun, hint) for magic, noun, hint in _BYTES if start.startswith(magic)), None)


def of_text(text: str) -> tuple[str, str] | None:
    """What a text is that was written for a browser, a feed reader or a mailbox; None for any other."""
    begun = text[:4_000].lstrip("\ufeff \t\r\n")
    return next(((noun, hint) for marked, noun, hint in _TEXTS if marked.match(begun)), None)


def is_mail(begun: str) -> bool:
    """Whether a text that begins so is a mail: several fields that only mails have, or head a copied one."""
    names: set[str] = set()
    for line in begun.splitlines()[:_FIELDS_SEEN]:
        field = _FIELD.fullmatch(line)
        if field:
            names.add(field[1].lower())
        elif not (names and line[:1] in (" ", "\t")):  # a folded field goes on
            break
    ours = names & _MAIL
    return (bool(ours) and len(names & (_MAIL | _MAIL_ALSO)) >= 3) or {"from", "to", "subject"} <= names
