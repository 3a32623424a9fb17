"""HTML that people write into Markdown for its looks, as the Markdown that means the same.

Readers are shown HTML as it was typed, for none of it can be trusted: `<br />` stood in mails. What says
more than a layout stays as it is.
"""

import re

_COMMENT = re.compile(r"(?<!\\)<!--.*?-->", re.DOTALL)
_TAG = re.compile(
    r"(?<!\\)<(/?)(br|details|summary|div|p|center|strong|b|em|i|span|u)\b(?:\s[^<>`]{0,300})?/?>", re.I
)
_BREAK = re.compile(r"\s*<br\s?/?>\s*", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_BLANKS = re.compile(r"\n{3,}")
#: What each tag becomes: a line end, a paragraph of its own, emphasis, nothing.
_BREAKS, _BLOCKS = ("br",), ("details", "summary", "div", "p", "center")
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "span": "", "u": ""}


def without_layout(text: str) -> str:
    """The text without HTML that only lays it out; code is left as it is."""
    if "<" not in text:
        return text
    coded = "`" in text or "~~~" in text
    lines: list[str] = []
    fence = ""
    for line in (text if coded else _COMMENT.sub("", text)).split("\n"):
        if mark := _FENCE.match(line):
            fence = mark[1] if not fence else "" if mark[1] == fence else fence
        elif not fence and "<" in line and "`" not in line and not line.startswith(("    ", "\t")):
            begins = _BREAK.match(line)
            if begins and lines and lines[-1].strip() and not lines[-1].endswith("\\"):
                lines[-1] += "\\"
            lines.append(_plain(line[begins.end() :] if begins else line))
            continue
        lines.append(line)
    return "\n".join(lines) if coded else _BLANKS.sub("\n\n", "\n".join(lines))


def _plain(line: str) -> str:
    """A line with its tags meant in Markdown. In a row of a table there are no lines."""
    row = line.lstrip().startswith("|")

    def meant(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _MARKS:
            return _MARKS[name]
        return " " if row else "\\\n" if name in _BREAKS else "\n\n"

    return _TAG.sub(meant, line)
