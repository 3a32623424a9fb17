"""One message to one person, as far as the talk about it has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.channels.email.replies import Phase
from alerts.model import Outcome, Recipient

_NEVER = 1 << 62


@dataclass(slots=True)
class Transaction:
    """One message to one person. It is handed over once `end` octets of the wire are written."""

    recipient: Recipient
    commands: list[bytes]
    phases: Sequence[Phase]  #: one for each reply
    body: bytes
    heard: int = 0  #: so many of its replies
    end: int = _NEVER
    verdict: tuple[Phase, Outcome] | None = None  #: the first refusal, or the acceptance
