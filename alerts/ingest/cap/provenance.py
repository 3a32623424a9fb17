"""Which message an update was read from, and what that says of others: how situations are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.ingest.cap.messages import MessageType


@dataclass(frozen=True, slots=True)
class Provenance:
    """A message by its names. `references` are its own sender's: nobody continues what another sent."""

    sender: str
    identifier: str
    sent: datetime  #: naive where its sender gave no offset
    type: MessageType
    references: Sequence[str]  #: identifiers of earlier messages
    incidents: Sequence[str]
    areas: Sequence[
        str
    ]  #: where it is, in its sender's words: what shares incident and area is one situation
    ends: str = ""  #: why it is over, if it says so

    def to_dict(self) -> dict[str, object]:
        return {
            "sender": self.sender,
            "identifier": self.identifier,
            "sent": self.sent.isoformat(),
            "type": self.type.value,
            "references": list(self.references),
            "incidents": list(self.incidents),
            "ends": self.ends,
        }
