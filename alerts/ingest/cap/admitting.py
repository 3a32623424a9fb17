"""Which messages are for readers at all."""

from collections.abc import Collection

from alerts.errors import BadInput, Faults
from alerts.ingest.allowances import Allowance
from alerts.ingest.cap.messages import CapAlert, CapScope, CapStatus, MessageType

_STATUSES = {
    CapStatus.DRAFT: "It is a draft: its sender does not mean it yet.",
    CapStatus.SYSTEM: "It is from a network to itself (status System), and for no reader.",
}
_SCOPES = {
    CapScope.RESTRICTED: (
        "Its scope is Restricted: its sender says who may have it, which nobody here can know."
    ),
    CapScope.PRIVATE: "Its scope is Private: it is for the addresses it names alone.",
}
_TYPES = {
    MessageType.ACK: "It acknowledges a message (Ack): it is from one system to another, and for no reader.",
    MessageType.ERROR: "It rejects a message (Error): it is from one system to another, and for no reader.",
}


def admit(message: CapAlert, allowed: Collection[Allowance]) -> None:
    """Raise BadInput, naming all reasons, for what is for nobody, or not for everybody and not `allowed`."""
    faults = Faults()
    for word, refusals in ((message.status, _STATUSES), (message.scope, _SCOPES)):
        if word in refusals and word not in allowed:
            hint = f"If your readers may have it all the same, give --allow {word}."
            faults.found.append(BadInput(refusals[word], hint))  # type: ignore[index]  # each has its own words
    if message.type in _TYPES:
        faults.found.append(
            BadInput(
                _TYPES[message.type], "Look at its `note`; if what it rejects was wrong, `alerts retract` it."
            )
        )
    if not message.infos and message.type is not MessageType.CANCEL:
        faults.found.append(
            BadInput("It says nothing: it has no `info`.", "Only what cancels may leave it out.")
        )
    faults.complain()
