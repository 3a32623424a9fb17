"""The ways in which a message says that what it is about is over.

CAP names none as the one way, and each profile has its own (Canada: an Update with AllClear; Google Public
Alerts: expires, then AllClear, then Cancel; the US tsunami centres: an Update that is Past and Unlikely).
`expires` is the fourth, and needs no message: an update has it as its own.
"""

from collections.abc import Sequence

from alerts.ingest.cap.messages import CapAlert, CapInfo, MessageType
from alerts.model import Certainty, Severity, Urgency

_SLIGHT = (Severity.MINOR, Severity.UNKNOWN)


def ending(message: CapAlert) -> str:
    """Why a message says that it is over, to be read after “is over: ”; empty where it does not."""
    if message.type is MessageType.CANCEL:
        return "it cancels what it refers to"
    if message.infos and all("allclear" in info.responses for info in message.infos):
        return "its response is AllClear"
    if message.type is MessageType.UPDATE and message.infos and all(map(_gone, message.infos)):
        return "it updates what went before as Past, or as Unlikely"
    return ""


def _gone(info: CapInfo) -> bool:
    """Whether nothing is left to come. A quake is Past when it is told of, as is a report of much damage."""
    if info.certainty is Certainty.UNLIKELY:
        return True
    return info.urgency is Urgency.PAST and info.severity in _SLIGHT and not _geological(info.categories)


def _geological(categories: Sequence[str]) -> bool:
    return any(category.lower() == "geo" for category in categories)
