"""All that there is of one update: its revisions in order, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.model import Instant, Revision


@dataclass(frozen=True, slots=True)
class History:
    """All revisions of one update, in order; of those taken back before they were accepted, why."""

    update: str
    first_ms: Instant  #: when it was first published
    revisions: tuple[Revision, ...]
    taken_back: Mapping[int, str]

    @property
    def standing(self) -> Revision | None:
        """The latest revision that was not taken back, held or accepted."""
        return next((r for r in reversed(self.revisions) if r.number not in self.taken_back), None)

    @property
    def accepted(self) -> Revision | None:
        """The latest revision that was accepted: what readers know."""
        return next((r for r in reversed(self.revisions) if r.accepted_ms is not None), None)

    @property
    def held(self) -> tuple[Revision, ...]:
        """The revisions that nobody can have seen yet, and may yet see."""
        waiting = (r for r in self.revisions if r.accepted_ms is None)
        return tuple(r for r in waiting if r.number not in self.taken_back)
