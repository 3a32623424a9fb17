"""The part of YAML that front matter needs: keys with a text or a list of texts. Refuses the rest by line."""

import json
import re

from alerts.errors import BadInput
from alerts.ingest.cleaning import excerpt

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
# Possessive (`*+`): a text that does not end as it should is refused without being read again.
_QUOTED = r""""(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'"""
_QUOTED_ALONE = re.compile(rf"({_QUOTED})[ \t]*+(?:(?<=[ \t])#.*)?")
_LIST = re.compile(r"\[(.*)\][ \t]*+(?:(?<=[ \t])#[^\]]*)?")
_LISTED = re.compile(rf"[ \t]*+({_QUOTED}|[^\s\"'\[\]{{}},][^\[\]{{}},]*+)[ \t]*+(?:,[ \t]*+|$)")
#: What begins something else in YAML: a block, an anchor, an alias, a tag, a mapping, a directive.
_NOT_PLAIN = (*"[]{}&*!|>%@`,\"'", "- ", "? ")
_NOTHING = ("", "~", "null", "Null", "NULL")


def split(text: str) -> tuple[dict[str, object], str]:
    """Return the fields of the front matter and what stands below it. Raises BadInput naming the line."""
    fields: dict[str, object] = {}
    listing: list[object] | None = None  # the list that `- item` lines would go on with
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() in ("---", "..."):
            return fields, "\n".join(lines[number:])
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if listing is not None and (item := _ITEM.fullmatch(line)):
            listing.append(_scalar(item[1], number))
        elif key := _KEY.fullmatch(line):
            if key[1] in fields:
                raise BadInput(f"Line {number}: {excerpt(key[1])} stands twice.", "Keep one of them.")
            value = _value(key[2] or "", number)
            listing = [] if value is None else None
            fields[key[1]] = value if listing is None else listing
        else:
            raise _fault(number, line)
    raise BadInput("The front matter that begins in line 1 does not end.", "Close it with a line `---`.")


def _value(text: str, number: int) -> object:
    inside = _LIST.fullmatch(text.strip())
    if inside is None:
        return _scalar(text, number)
    listed = inside[1].rstrip()
    items = []
    at = 0
    while at < len(listed):
        item = _LISTED.match(listed, at)
        if item is None:
            raise _fault(number, text)
        items.append(_scalar(item[1], number))
        at = item.end()
    return items


def _scalar(text: str, number: int) -> str | None:
    text = text.strip()
    if quoted := _QUOTED_ALONE.fullmatch(text):
        return _unquoted(quoted[1], number)
    plain = "" if text.startswith("#") else re.split(r"[ \t]#", text, maxsplit=1)[0].rstrip()
    if plain.startswith(_NOT_PLAIN):
        raise _fault(number, text)
    return None if plain in _NOTHING else plain


def _unquoted(text: str, number: int) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        return str(json.loads(text, strict=False))  # the escapes of JSON are those of YAML that people write
    except ValueError:
        raise _fault(number, text) from None


def _fault(number: int, line: str) -> BadInput:
    return BadInput(
        f"Line {number} of the front matter cannot be read: {excerpt(line)}.",
        "Write `key: text`, `key: [one, two]`, or `key:` with a line `- item` for each; quote odd texts.",
    )
