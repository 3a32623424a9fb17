"""A mute: somebody hears no more of one situation, until it gets worse, is over, or they take that back."""

from typing import NamedTuple

from alerts.model.names import Instant
from alerts.model.updates import Severity


class Mute(NamedTuple):
    """What one person has muted of one update, written `1795660800000 0 3 moderate`.

    `number` and `severity` are of the latest accepted revision at that instant: what is worse is heard of.
    """

    from_ms: Instant
    until_ms: Instant  #: when they took it back; 0 while they have not
    number: int
    severity: Severity

    def __str__(self) -> str:
        return f"{self.from_ms} {self.until_ms} {self.number} {self.severity}"

    @classmethod
    def parse(cls, text: str) -> "Mute":
        from_ms, until_ms, number, severity = text.split(" ")
        return cls(int(from_ms), int(until_ms), int(number), Severity(severity))
