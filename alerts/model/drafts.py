"""Drafts that wait for an operator: a document that came by itself, and what is said beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from alerts.model.names import Instant


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A document that nobody has published yet. Its id is that of the update that it becomes, or a name."""

    id: str
    document: bytes
    file: str  #: as what it is read: its ending says which format, where it may
    source: str  #: who or what it came from: `feed gdacs`
    headline: str
    came_ms: Instant
    until_ms: Instant
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: str = ""
    update: str = ""  #: the id it is published under; empty where its document says, or none does
    suggestions: bool = False  #: whether regions are taken from its text where nobody names any

    def to_dict(self) -> dict[str, Any]:
        """All but its document."""
        return {name: value for name, value in asdict(self).items() if name != "document"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], document: bytes) -> "WaitingDraft":
        """Read back what `to_dict` wrote."""
        draft = cls(document=document, **data)
        return replace(draft, regions=tuple(draft.regions), tags=tuple(draft.tags))
