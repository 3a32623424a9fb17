"""What came of a poll."""

from dataclasses import dataclass
from enum import StrEnum

from alerts.model import ItemState, Work
from alerts.operations.feeds.taking import TakenItem


class PollOutcome(StrEnum):
    """What came of a poll."""

    READ = "read"
    UNCHANGED = "unchanged"  #: its server says that nothing has changed
    FAILED = "failed"  #: it is asked again later
    STOPPED = "stopped"  #: it is not asked again before an operator says so
    NOT_NOW = "not now"  #: it is not active, or another worker polls it


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll, and what became of what was new. `left` items are taken at the next."""

    outcome: PollOutcome
    why: str = ""
    items: int = 0
    taken: tuple[TakenItem, ...] = ()
    left: int = 0
    work: tuple[Work, ...] = ()  #: to ring for

    def count(self, state: ItemState) -> int:
        """How many became that."""
        return sum(1 for one in self.taken if one.known is not None and one.known.state is state)

    def to_dict(self) -> dict[str, object]:
        counts = (ItemState.PUBLISHED, ItemState.DRAFT, ItemState.REFUSED)
        return {
            "outcome": self.outcome.value,
            "why": self.why or None,
            "items": self.items,
            **{state.value: self.count(state) for state in counts},
            "put_off": self.left,
        }
