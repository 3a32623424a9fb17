"""Messages of CAP as whoever has never seen the product reads them: by the elements, and nothing cleverer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from tests.national.country import states_of

RANKS = ("minor", "moderate", "severe", "extreme")
_MESSAGE = re.compile(rb"<alert\b.*?</alert>", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One message: `states` is None where its words do not say which, `earlier` what it refers to."""

    source: bytes
    identifier: str
    sender: str
    sent: datetime
    kind: str  #: Alert, Update or Cancel
    real: bool  #: its status is Actual, its scope Public
    earlier: tuple[str, ...]
    states: frozenset[str] | None
    country: str
    severity: str  #: empty for one that is not known
    over: bool


def read(folder_or_feed: Path, country: dict[str, str]) -> list[Message]:
    """Every message in the files of a folder, or within a feed, by the time it was sent; each once."""
    files = sorted(folder_or_feed.glob("*.cap")) if folder_or_feed.is_dir() else [folder_or_feed]
    found = [m for file in files for m in _messages(file.read_bytes(), country)]
    once = {(m.sender, m.identifier): m for m in sorted(found, key=lambda m: m.sent, reverse=True)}
    return sorted(once.values(), key=lambda m: m.sent)


def situations(messages: Iterable[Message]) -> dict[str, str]:
    """The first of the messages that refer to one another, for each of them by its identifier.

    Whoever refers to another's message refers to nothing, and what is only a test is a world of its own.
    """
    known = {(m.sender, m.real, m.identifier) for m in messages}
    first = {m.identifier: m.identifier for m in messages}

    def root(identifier: str) -> str:
        while first[identifier] != identifier:
            identifier = first[identifier]
        return identifier

    for message in messages:
        for earlier in message.earlier:
            if (message.sender, message.real, earlier) in known:
                first[root(message.identifier)] = root(earlier)
    return {m.identifier: root(m.identifier) for m in messages}


def _messages(source: bytes, country: dict[str, str]) -> Iterator[Message]:
    for found in _MESSAGE.findall(source):
        root = ElementTree.fromstring(found)
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        infos = root.findall("info")
        areas = [
            states_of(_text(area, "areaDesc"), country) for info in infos for area in info.findall("area")
        ]
        yield Message(
            found,
            _text(root, "identifier"),
            _text(root, "sender"),
            datetime.fromisoformat(_text(root, "sent")),
            _text(root, "msgType"),
            _text(root, "status") == "Actual" and _text(root, "scope") == "Public",
            tuple(reference.split(",")[1] for reference in _text(root, "references").split()),
            None if None in areas or not areas else frozenset().union(*(a for a in areas if a)),
            next(iter(country.values()))[:2],
            max(map(_severity, infos), key=("", *RANKS).index, default=""),
            _text(root, "msgType") == "Cancel",
        )


def _severity(info: ElementTree.Element) -> str:
    """How bad it is; a degree less of the two worst for what is only possible, or will be later."""
    word = _text(info, "severity").lower()
    milder = _text(info, "urgency") == "Future" or _text(info, "certainty") == "Possible"
    if milder and word in RANKS[2:]:
        word = RANKS[RANKS.index(word) - 1]
    return word if word in RANKS else ""


def _text(element: ElementTree.Element, name: str) -> str:
    found = element.find(name)
    return (found.text or "").strip() if found is not None else ""
