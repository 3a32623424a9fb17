"""A link that works once: what it is for, for whom, and until when."""

from dataclasses import dataclass
from enum import StrEnum

from alerts.model.channels import Channel
from alerts.model.names import Instant
from alerts.model.subscriptions import Subscription


class Errand(StrEnum):
    """What somebody does by a link that works once."""

    JOIN = "join"  #: confirm that they want what was asked for in their name
    COME_IN = "come-in"  #: see and change what they get
    INVITE = "invite"  #: confirm that they want what an operator offers them

    @property
    def page(self) -> str:
        """Where its links lead: whoever is invited joins by the page by which everybody does."""
        return Errand.COME_IN if self is Errand.COME_IN else Errand.JOIN


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """What was asked for in the name of an address, before its holder has said anything."""

    id: str
    errand: Errand
    channel: Channel
    address: str
    asked_ms: Instant
    expires_ms: Instant
    subscriptions: tuple[Subscription, ...] = ()  #: what they would get
    zone: str = ""  #: as whoever asked has chosen it; empty: nobody has
    language: str = ""  #: of whoever asked; empty: the one of the installation
