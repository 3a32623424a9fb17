"""What comes back after a provider accepted a message: a verdict about one delivery, in somebody's words."""

from dataclasses import dataclass
from enum import StrEnum

from alerts.model.deliveries import State


class Verdict(StrEnum):
    """What a receipt says. Some bounces are about the address (hard, soft), some about us (blocked)."""

    DELIVERED = "delivered"  #: it arrived
    DELAYED = "delayed"  #: it is still being tried, or was handed on: nothing follows
    BLOCKED = "blocked"  #: a bounce that is about us: our server, our standing, or what the message says
    SOFT = "soft"  #: a bounce that may pass: mailbox full, out of order, not reached in time
    HARD = "hard"  #: a bounce for good: no such mailbox or domain
    COMPLAINED = "complained"  #: the person called it unwanted

    @property
    def state(self) -> State | None:
        """What a delivery comes to by it; None where it stays as it is."""
        return _STATES[self]


_STATES = dict.fromkeys((Verdict.BLOCKED, Verdict.SOFT, Verdict.HARD), State.BOUNCED) | {
    Verdict.DELIVERED: State.DELIVERED,
    Verdict.DELAYED: None,
    Verdict.COMPLAINED: State.COMPLAINED,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one report says, wherever it came in. It proves nothing until one of its `tokens` is ours.

    `status`: as in RFC 3463, such as 5.1.1; empty where none was given. `words`: the reporter's own, on one
    line of at most 200 characters. `tokens`: what may name the delivery, the likeliest first.
    """

    verdict: Verdict
    status: str = ""
    words: str = ""
    tokens: tuple[str, ...] = ()


class Unasked(StrEnum):
    """What came back and is no receipt."""

    AUTO_REPLY = "auto-reply"  #: out of office and its like (RFC 3834)
    ORDINARY = "ordinary"  #: a mail by a person, or anything else
    UNREADABLE = "unreadable"  #: too long, nested too deep, or cut off


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody asks for nothing more: by mail (RFC 2369), or at a provider. `tokens` as in `Receipt`.

    `request`: what tells this one from every other, where the same may be handed over again much later;
    empty for a mail.
    """

    tokens: tuple[str, ...] = ()
    request: str = ""


@dataclass(frozen=True, slots=True)
class NotForUs:
    """What says nothing about a delivery. `tokens` as in `Receipt`: of what a mail may be a reply to.

    `reply`: what a person answers, less what they quote; None where no person wrote it.
    """

    kind: Unasked
    tokens: tuple[str, ...] = ()
    reply: str | None = None


#: What a mail that came back is read as, or an event that a provider posts.
ReadAs = Receipt | Leaving | NotForUs
