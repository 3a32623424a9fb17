"""How bad, how soon, how sure: the three degrees of CAP, and the one by which this house decides.

`severe` and `extreme` go out at once, at any hour. What may come later, or perhaps, is a degree less of
that; what will not come, or is over, is minor. docs/ingest.md has the table.
"""

from collections.abc import Sequence

from alerts.ingest.cap.messages import CapInfo
from alerts.model import Certainty, Severity, Urgency

_LESS = {Severity.EXTREME: Severity.SEVERE, Severity.SEVERE: Severity.MODERATE}


def weighed(severity: Severity, urgency: Urgency, certainty: Certainty) -> Severity:
    """Our severity. What is unknown stays so, and takes nothing from the other two."""
    if severity is Severity.UNKNOWN:
        return severity
    if certainty is Certainty.UNLIKELY:
        return Severity.MINOR
    if urgency is Urgency.FUTURE or certainty is Certainty.POSSIBLE:
        return _LESS.get(severity, severity)
    return severity


def by_weight(infos: Sequence[CapInfo]) -> list[CapInfo]:
    """The worst first."""
    return sorted(infos, key=lambda info: -weighed(info.severity, info.urgency, info.certainty).rank)


def worst(infos: Sequence[CapInfo]) -> tuple[Severity, str]:
    """The severity of a message, by its worst block, and a note where it is not the block's own."""
    info = by_weight(infos)[0]
    ours = weighed(info.severity, info.urgency, info.certainty)
    if ours is info.severity:
        return ours, ""
    why = info.certainty if info.certainty in (Certainty.UNLIKELY, Certainty.POSSIBLE) else info.urgency
    return ours, f"is {ours}: its severity is {info.severity}, but it is {why}"
