"""Outages: what does not work, whom that concerns, and what their owners and operators are told of it."""

from dataclasses import dataclass

from alerts.model.names import Instant

#: How the ids of our own messages about outages begin. No update that anybody publishes has such an id:
#: `SLUG` lets no colon through.
OUTAGE_MESSAGE = "outage:"
#: Contacts are numbered from here on, above all numbers that subscribers can have (the roll ends before).
FIRST_CONTACT = 900_000_000
#: The subject of an outage that is nobody's address: routine sending that is paused.
SENDING = "sending"


class OutageKey(str):
    """What one contact is told together, by their number and its kind: `900000001/email`.

    The kind is a channel, for addresses on it, or `sending`.
    """

    __slots__ = ()

    @classmethod
    def of(cls, contact: int, kind: str) -> "OutageKey":
        return cls(f"{contact}/{kind}")

    @property
    def contact(self) -> int:
        return int(self.partition("/")[0])

    @property
    def kind(self) -> str:
        return self.partition("/")[2]

    def message(self, number: int) -> str:
        """The id of a message, `outage:900000001-email-3`."""
        return f"{OUTAGE_MESSAGE}{self.contact}-{self.kind}-{number}"


@dataclass(frozen=True, slots=True)
class Outage:
    """Something that does not work: since when, and why, in the words of whoever said so."""

    since_ms: Instant
    why: str
