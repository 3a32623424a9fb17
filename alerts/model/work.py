"""Work that can be owed: the entries of the due set."""

from dataclasses import dataclass
from enum import StrEnum

from alerts.model.digests import BatchKey, DigestId
from alerts.model.names import Instant
from alerts.model.outages import OutageKey
from alerts.model.updates import Ref


class PersonKey(str):
    """Somebody at an instant (ms): `17@1795660800000` is subscriber 17.

    To be caught up with, the instant their subscriptions began; to be resumed, tried again or told what they
    had muted, the one at which their pause, back-off or mute ends.
    """

    __slots__ = ()

    @classmethod
    def of(cls, sid: int, at_ms: Instant) -> "PersonKey":
        return cls(f"{sid}@{at_ms}")

    @property
    def sid(self) -> int:
        return int(self.partition("@")[0])

    @property
    def at_ms(self) -> Instant:
        return int(self.partition("@")[2])


class Step(StrEnum):
    """The kinds of work that can be owed, in the order of the walk; then what outages leave."""

    MATCH = "match"
    OPEN = "open"
    CATCH_UP = "catch-up"
    RESUME = "resume"
    TRY_AGAIN = "again"
    UNMUTE = "unmute"
    LINK = "link"
    GATHER = "gather"
    RENDER = "render"
    FAN_OUT = "fan"
    SEND = "send"
    INQUIRE = "inquire"
    NOTIFY = "notify"
    POLL = "poll"  #: a feed: before the walk, for what is in it is published
    END_DRAFT = "end-draft"
    ANSWER = "answer"  #: a mail that was taken in for publication


@dataclass(frozen=True, slots=True)
class Work:
    """One entry of the due set: a step, what it is for, and whether it takes the urgent lane.

    Written `match!:ua-ru-talks.r1`, `open:daily 08:00 Europe/Kyiv`, `send:r3f…/17`.
    """

    step: Step
    key: str
    urgent: bool = False

    def __str__(self) -> str:
        return f"{self.step}{'!' if self.urgent else ''}:{self.key}"

    @classmethod
    def send(cls, digest: str, k: int) -> "Work":
        """Batch k of a digest, in its lane."""
        return cls(Step.SEND, BatchKey.of(digest, k), DigestId(digest).urgent)

    @classmethod
    def parse(cls, text: str) -> "Work":
        head, _, key = text.partition(":")
        return cls(Step(head.rstrip("!")), key, head.endswith("!"))

    @property
    def ref(self) -> Ref:
        """The revision that is to be matched."""
        return Ref(self.key)

    @property
    def person(self) -> PersonKey:
        """Who is to be caught up with, resumed, tried again or told what they had muted."""
        return PersonKey(self.key)

    @property
    def outage(self) -> OutageKey:
        """Whom a message about outages is for, and of which kind."""
        return OutageKey(self.key)

    @property
    def digest(self) -> DigestId:
        """The digest that is to be gathered for, rendered, fanned out or sent; any other key as it is."""
        return self.batch.digest

    @property
    def batch(self) -> BatchKey:
        """The batch that is to be sent."""
        return BatchKey(self.key)

    @property
    def lane(self) -> str:
        """The queue of its doorbell: urgent, control, or routine for the batches of the others."""
        if self.urgent:
            return "urgent"
        return "routine" if self.step is Step.SEND else "control"
