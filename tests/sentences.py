"""What no sentence for people has, whatever stands in it."""

import re

#: What a gap looks like, by what was wrong.
GAPS = {
    "a value that is none": re.compile(r"\bNone\b|\bnan\b|<object|\balerts\.[a-z_]+\.[A-Z]"),
    "quotes around nothing": re.compile(r"“\s*”|‘\s*’|\(\s*\)|``"),
    "a gap between words": re.compile(r"(?<=[\w,.;:!?”)]) {2,}(?=\w)"),
    "a gap before a stop": re.compile(r"\w [.,;:!?](?=\s|$)"),
    "two stops": re.compile(r"[,;:!?][.,;:!?](?=\s|$)|(?<![.…])[.]{2}(?=\s|$)"),
    "one of several": re.compile(
        r"(?<![\w.,:/%€$-])1 (?:people|entries|deliveries|[a-z]{2,}[^\Wsiu]s)\b(?! (?:than|or))"
    ),
    "no seconds": re.compile(r"(?<![\d.,:])0 (?:s|seconds?)\b"),
    "a brace that was to be filled": re.compile(r"\{[a-z_.]*\}"),
}


def gaps(text: str) -> list[str]:
    """What is wrong with a text, each with the words around it."""
    return [
        f"{what}: …{text[max(0, found.start() - 30) : found.end() + 30]}…"
        for what, pattern in GAPS.items()
        for found in pattern.finditer(text)
    ]
