"""XML from outside is gone through by expat, which keeps nothing, before anything else sees it.

No DOCTYPE, so no entity is read and nothing is fetched; nothing so deep, numerous or torn that it would
exhaust whoever reads it. Python's own parser may build what has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.parsers import expat

from alerts.errors import BadInput


@dataclass(frozen=True, slots=True)
class XmlBounds:
    """What a document may have. `pieces` of text: expat hands it over line by line, and entity by entity."""

    depth: int
    elements: int
    attributes: int  #: of one element, and names of namespaces
    pieces: int


class DeclaresType(BadInput):
    """It has a DOCTYPE, of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "It declares a document type (DOCTYPE): that can have files fetched, and memory filled.",
            "No message in CAP and no feed needs one: take the line `<!DOCTYPE …>` away.",
        )
        self.name = name


def go_through(text: str, bounds: XmlBounds) -> None:
    """Raise DeclaresType, BadInput for what is beyond the bounds, and ExpatError for what is no XML."""
    guard = _Guard(bounds)
    parser = expat.ParserCreate("utf-8", "}")  # a prefix that is not declared is found here, not later
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = guard.doctype
    parser.StartNamespaceDeclHandler = guard.namespace
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CharacterDataHandler = guard.characters
    parser.Parse(text.encode("utf-8", "replace"), True)


class _Guard:
    def __init__(self, bounds: XmlBounds) -> None:
        self._bounds = bounds
        self._depth = self._elements = self._pieces = self._namespaces = 0

    def doctype(self, name: str, *_: object) -> None:
        raise DeclaresType(name)

    def namespace(self, *_: object) -> None:
        self._namespaces += 1

    def start(self, _: str, attributes: Sequence[str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > self._bounds.depth:
            raise _beyond(f"It is nested deeper than {self._bounds.depth} elements.")
        if self._elements > self._bounds.elements:
            raise _beyond(f"It has more than {self._bounds.elements:,} elements.")
        if len(attributes) / 2 + self._namespaces > self._bounds.attributes:
            raise _beyond(f"An element of it has more than {self._bounds.attributes} attributes.")
        self._namespaces = 0

    def end(self, _: str) -> None:
        self._depth -= 1

    def characters(self, _: str) -> None:
        self._pieces += 1
        if self._pieces > self._bounds.pieces:
            raise _beyond(f"It has more than {self._bounds.pieces:,} lines and entities.")


def _beyond(sentence: str) -> BadInput:
    return BadInput(sentence, "Split what holds several; if it holds one, it is no message and no feed.")
