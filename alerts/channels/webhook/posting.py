"""One delivery as it is posted: where, which octets, and who it says that it is."""

from dataclasses import dataclass

from alerts.channels.webhook.address import target
from alerts.channels.webhook.formats import FORMATS
from alerts.model import Message, Recipient

_LINE = {name: number for number, name in enumerate(FORMATS)}


@dataclass(frozen=True, slots=True, repr=False)
class Posting:
    """What is owed to one receiver. `name` is the same however often it is posted: they know it by that."""

    sid: int
    name: str
    address: str
    url: str
    host: str
    body: bytes
    generations: tuple[int, ...]

    @classmethod
    def of(cls, message: Message, recipient: Recipient) -> "Posting":
        """The message with this receiver's blanks filled, in their format."""
        where = target(recipient.address)
        body = payload(message.fill(recipient.blanks), where.format)
        generations = tuple(map(int, recipient.blanks["generations"].split()))
        name = f"{message.digest}.{recipient.sid}"
        return cls(recipient.sid, name, recipient.address, where.url, where.host, body, generations)


def payload(filled: bytes, name: str) -> bytes:
    """One format of a filled message, which has each in a line of its own."""
    return filled.split(b"\n")[_LINE[name]]
