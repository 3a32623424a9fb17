"""An invitation: that somebody may join, and what an operator offers them."""

from dataclasses import dataclass

from alerts.model.channels import Channel
from alerts.model.names import Instant


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is known of somebody who was invited and has not answered.

    What they would get stands with the link (`OneTimeLink`), for as long as that works.
    """

    channel: Channel
    address: str
    link: str  #: the id of the link that was mailed; no earlier one works any more
    by: str  #: who invited them
    invited_ms: Instant
    expires_ms: Instant  #: until when the link works, and they may ask for another on the page
    name: str = ""  #: what they are to be called
    owner: str = ""  #: who is to be notified when nothing reaches them any more

    def open_at(self, now_ms: Instant) -> bool:
        """Whether they may still join by it."""
        return now_ms < self.expires_ms
