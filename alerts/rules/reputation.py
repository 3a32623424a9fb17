"""When so much comes back that routine sending pauses, before providers stop taking what is urgent, too."""

from typing import NamedTuple, Protocol

#: Fewer sent in a day say nothing: one bounce of twenty is five percent.
BOUNCES_OF, COMPLAINTS_OF = 100, 1_000
#: And one person's word is not enough: one complaint of a thousand is the threshold already. Three are 0.3 %
#: of them, where Gmail says that a sender must never be (support.google.com/mail/answer/81126).
COMPLAINTS_LEAST = 3


class Counts(Protocol):
    """Of how many sent, how many came back."""

    @property
    def sent(self) -> int: ...
    @property
    def bounced(self) -> int: ...
    @property
    def complained(self) -> int: ...


class Thresholds(NamedTuple):
    """From how many percent on routine sending pauses; 0: never."""

    bounced: float
    complained: float


def exceeded(counts: Counts, thresholds: Thresholds) -> str:
    """Why routine sending must pause, with the numbers; empty while it need not."""
    complaints = counts.complained if counts.complained >= COMPLAINTS_LEAST else 0
    if _reaches(complaints, counts.sent, thresholds.complained, COMPLAINTS_OF):
        return f"{told(complaints, counts.sent)} were complained of"
    if _reaches(counts.bounced, counts.sent, thresholds.bounced, BOUNCES_OF):
        return f"{told(counts.bounced, counts.sent)} bounced"
    return ""


def told(part: int, sent: int) -> str:
    """`6 of 100 (6 %)`."""
    return f"{part:,} of {sent:,} ({percent(part, sent):.3g} %)"


def percent(part: int, sent: int) -> float:
    """How many of a hundred; 0 where nothing was sent."""
    return 100 * part / sent if sent else 0.0


def _reaches(part: int, sent: int, threshold: float, least: int) -> bool:
    return threshold > 0 and sent >= least and percent(part, sent) >= threshold
