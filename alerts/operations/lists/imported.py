"""What is said of an import while it runs and once it is done, and by which list its newcomers come."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.errors import BadInput
from alerts.model import SLUG
from alerts.operations.lists.asked import Verdict

#: Told how much is done, and of how much where that is known.
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out: its number in the file, why, and what to do about it."""

    line: int
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is worth knowing about a good line."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: lines with something on them, the bad ones among them, and subscribers.

    `suppressed`: how many of those in the file nothing is sent to.
    """

    lines: int
    bad: int
    added: int
    changed: int
    unchanged: int
    suppressed: int = 0

    @property
    def useless(self) -> bool:
        """Whether there were lines, and not one good one."""
        return 0 < self.lines == self.bad


@dataclass(frozen=True, slots=True)
class Scope:
    """The list that newcomers are noted to have come by. `adopt`: so is whoever is there and came by none."""

    label: str
    adopt: bool = False

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.label):
            raise BadInput(
                f"“{self.label[:60]}” cannot be a scope.", "Write lower-case letters, digits and dashes: hr."
            )


@dataclass(slots=True)
class Tally:
    """What has come of a file so far. `whole`: nothing of it is left to be written."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    suppressed: int = 0
    whole: bool = False

    @property
    def changes(self) -> int:
        return self.verdicts["added"] + self.verdicts["changed"]
