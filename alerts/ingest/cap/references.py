"""The messages that a message refers to: `sender,identifier,sent`, parted by spaces, however sloppily."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from alerts.ingest.cleaning import excerpt, one_line

#: Long chains name all of theirs; the newest are last.
REFERENCES_MOST = 100

#: A reference ends in a time: what is before may hold whatever it should not.
_END = re.compile(r",\s?([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{1,20}(?:Z|[+-][0-9:]{1,6})?)(?=\s|$)")
_LONG = 20_000


class Reference(NamedTuple):
    """An earlier message, by the identifier that its sender gave it."""

    sender: str
    identifier: str


def references(said: str, sender: str, identifier: str, notes: list[str]) -> Sequence[Reference]:
    """Read them, each once; note what cannot be read, or names the message itself or a stranger's."""
    found, odd = _split(one_line(said[:_LONG]))
    if odd:
        notes.append(f"has references that are none, {excerpt(' '.join(odd))}: left out")
    others = [reference for reference in dict.fromkeys(found) if reference.identifier != identifier]
    if len(others) < len(dict.fromkeys(found)):
        notes.append("refers to itself, which says nothing")
    strangers = dict.fromkeys(who for who, _ in others if who != sender)
    if strangers:
        notes.append(
            f"refers to messages of {excerpt(', '.join(strangers))}: nobody continues or ends what "
            f"another sent, "
            "so they are looked for among its own sender's"
        )
    if len(others) > REFERENCES_MOST:
        notes.append(f"refers to more messages than are followed: the last {REFERENCES_MOST} are")
    return tuple(others[-REFERENCES_MOST:])


def _split(line: str) -> tuple[list[Reference], list[str]]:
    """What is read as references, and what is not."""
    found, odd, start = list[Reference](), list[str](), 0
    for end in _END.finditer(line):
        sender, _, identifier = line[start : end.start()].partition(",")
        if sender.strip() and identifier.strip():
            found.append(Reference(sender.strip(), identifier.strip()))
        else:
            odd.append(line[start : end.end()].strip())
        start = end.end()
    rest = line[start:].strip()
    return found, [*odd, rest] if rest else odd
