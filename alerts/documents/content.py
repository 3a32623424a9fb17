"""What a document says: lines in the order of reading, and what was left out of it. Imports nothing slow."""

from dataclasses import asdict, dataclass, field
from typing import Any

#: A line by itself is one of these; a cell row has its cells parted by CELL.
TEXT, HEADING, ITEM, NUMBER, ROW = "text", "heading", "item", "number", "row"
CELL = "\x1f"
#: Far more than an update has room for (characters): reading ends there.
TEXT_MAX = 400_000


class Unreadable(Exception):
    """Why a document cannot be read: a sentence and a hint."""

    def __init__(self, sentence: str, hint: str) -> None:
        self.sentence, self.hint = sentence, hint
        super().__init__(sentence)


@dataclass(slots=True)
class Content:
    """What a document says. `title` and `author` are what it says of itself where no reader need see it."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""
    author: str = ""
    dated: str = ""
    language: str = ""
    left_out: list[str] = field(default_factory=list)
    characters: int = 0

    def add(self, kind: str, text: str) -> None:
        """Add a line. Raises Unreadable for more than any update has."""
        self.characters += len(text)
        if self.characters > TEXT_MAX:
            raise too_long()
        self.lines.append((kind, text))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def too_long() -> Unreadable:
    return Unreadable(
        "It holds far more text than an update.", "Take its summary, or split it into several updates."
    )
