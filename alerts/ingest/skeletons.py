"""Files to be filled in, in each format: what they need as blanks, what else there is as remarks.

A blank is `<fill in NAME: what fits>`. A file that has one left is no update yet.
"""

import json
import re
from collections.abc import Callable

from alerts.ingest.described import UPDATE_FIELDS

_BLANK = re.compile(r"<fill in ([a-z_ ]{1,40})(?::[^<>\n]{0,200})?>")
_NEEDED = ("headline", "regions", "body")


def blanks_of(text: str) -> list[str]:
    """What is not filled in yet, by name, each once."""
    return list(dict.fromkeys(_BLANK.findall(text)))


def _blank(name: str, what: str = "") -> str:
    return f"<fill in {name}: {what or UPDATE_FIELDS[name].bounds}>"


def _others() -> list[str]:
    """The fields that may be left out."""
    return [name for name in UPDATE_FIELDS if name not in _NEEDED]


def markdown() -> str:
    """Front matter with every field, and the body below."""
    lines = [
        "---",
        "# Write in place of each <…>. A line that begins with # says nothing: take the # away to say it.",
        f"headline: {_quoted(_blank('headline'))}",
        f"regions: [{_quoted(_blank('regions', 'names or codes, such as Ukraine, PL'))}]",
    ]
    for name in _others():
        described = UPDATE_FIELDS[name]
        lines += [f"# {described.meaning} ({described.bounds}).", f"# {name}: "]
    return "\n".join([*lines, "---", "", _blank("body", "what is known, in Markdown; it may be long"), ""])


def json_() -> str:
    """An object with every field; a key that begins with `#` is a remark."""
    fields: dict[str, object] = {
        "#": "Write in place of each <…>. A key that begins with # says nothing: take the # away to say it.",
        "headline": _blank("headline"),
        "regions": [_blank("regions", "names or codes, such as Ukraine, PL")],
        "body": _blank("body", "what is known, in Markdown; it may be long"),
    }
    for name in _others():
        described = UPDATE_FIELDS[name]
        fields[f"#{name}"] = f"{described.meaning} ({described.bounds})."
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def text() -> str:
    """The page that people write without any marks. It has no room for remarks: its blanks say it all."""
    return "\n".join(
        [
            f"Situation Update - {_blank('headline')}",
            "",
            "By " + _blank("author", "a name of two words or more, or take this line away"),
            "",
            "Key points:",
            f"- {_blank('key points', 'one a line, or take this line and the one above away')}",
            "",
            _blank("body", "what is known, in paragraphs. Give regions and tags with --region and --tag"),
            "",
        ]
    )


def _quoted(blank: str) -> str:
    return json.dumps(blank, ensure_ascii=False)


#: By the ending of the file's name.
SKELETONS: dict[str, Callable[[], str]] = {".md": markdown, ".json": json_, ".txt": text}
