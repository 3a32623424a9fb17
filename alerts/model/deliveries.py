"""What is owed to whom and how it went: digests, deliveries and their states, outcomes, work."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property

from alerts.model.channels import Channel
from alerts.model.names import Instant, name_of


class State(Enum):
    """Where one delivery stands. The value is its letter in the ledger."""

    QUEUED = "q"  #: owed, nobody has tried yet
    SENDING = "w"  #: owed, and a worker holds its batch at this moment: seen from the lease, never stored
    DEFERRED = "d"  #: tried, the provider asked for patience; owed
    UNKNOWN = (
        "u"  #: it may have been accepted; owed until that is known: asked for, or sent again as the same
    )
    SENT = "s"  #: the provider accepted it, no more
    DELIVERED = "v"  #: the provider says that it arrived
    BOUNCED = "b"  #: the provider accepted it and later gave it back
    COMPLAINED = "c"  #: the subscriber called it unwanted
    FAILED = "f"  #: refused for good, or given up
    SUPPRESSED = "x"  #: not tried: a standing reason, or the subscriber paused or left
    EXPIRED = "e"  #: not sent: the update's time was over
    WITHDRAWN = "r"  #: not sent: withdrawn, no longer wanted, or a newer revision took its place
    UNCONFIRMED = "m"  #: was unknown, and ended so: suppressed, expired or withdrawn before anybody knew

    @property
    def owed(self) -> bool:
        return self in _OWED

    @property
    def reached(self) -> bool:
        """Whether a provider said that it took it for the subscriber, and has not given it back since."""
        return self in _REACHED

    @property
    def in_doubt(self) -> bool:
        """Whether it may have reached the subscriber, and nobody knows."""
        return self in _IN_DOUBT


_OWED = {State.QUEUED, State.SENDING, State.DEFERRED, State.UNKNOWN}
_REACHED = {State.SENT, State.DELIVERED, State.COMPLAINED}
_IN_DOUBT = {State.UNKNOWN, State.UNCONFIRMED}


class Change(StrEnum):
    """What one entry of a digest says about its update, seen from the audience's previous telling."""

    NEW = "new"
    UPDATED = "updated"
    CORRECTED = "corrected"
    CLOSED = "closed"
    TOLD = "told"  #: went out at once inside the window; remembered in one line


@dataclass(frozen=True, slots=True)
class Entry:
    """One update in a digest: the revision shown, and the one the audience was told before (0: none)."""

    update: str
    number: int
    change: Change
    since: int = 0
    at_ms: Instant = 0  #: for TOLD: when it went out
    folded: bool = False  #: beyond the daily cap: told in one line

    @property
    def ref(self) -> str:
        return f"{self.update}.r{self.number}"


@dataclass(frozen=True)
class Digest:
    """One content for one channel at one moment. An immediate alert is a digest of one with no clock.

    One that a clock sends although it has nothing new says that all is quiet.

    `horizon_ms`: only people whose wishes began before it are owed this digest.
    """

    channel: Channel
    entries: tuple[Entry, ...]
    horizon_ms: Instant
    urgent: bool = False
    clock: str = ""  #: the clock whose slot this is; empty for what goes at once
    from_ms: Instant = 0  #: where the window begins; the horizon is its end
    late: bool = False  #: the slot was missed and is made up for
    catch_up: bool = False  #: where things stand, after a change of wishes
    correcting: bool = False  #: goes to those the ledger says were told an earlier revision
    serial: int = 0  #: of those with one content: how many were frozen when this one was needed

    @cached_property
    def alone(self) -> bool:
        """Whether it tells one update, and tells it whole."""
        return len(self.entries) == 1 and not self.entries[0].folded and not self.all_quiet

    @cached_property
    def all_quiet(self) -> bool:
        """Whether it tells nothing that was not told before."""
        return all(entry.change is Change.TOLD for entry in self.entries)

    def tells(self, update: str) -> int:
        """The revision of an update that it tells, 0 for none: a line that remembers one tells nothing."""
        told = (e.number for e in self.entries if e.update == update and e.change is not Change.TOLD)
        return next(told, 0)

    @cached_property
    def id(self) -> str:
        """Equal for equal content at the same moment; its first letter tells the lane (u, r)."""
        told = [(e.update, e.number, e.change, e.since, e.at_ms) for e in self.entries]
        flags = (self.late, self.catch_up, self.correcting, *filter(None, [self.serial]))
        folded = [e.update for e in self.entries if e.folded]
        name = name_of([self.channel, told, self.horizon_ms, self.clock, self.from_ms, flags, *folded])
        return ("u" if self.urgent else "r") + name


class Step(StrEnum):
    """The kinds of work that can be owed, in the order of the walk."""

    MATCH = "match"
    OPEN = "open"
    CATCH_UP = "catch-up"
    RESUME = "resume"
    GATHER = "gather"
    RENDER = "render"
    FAN_OUT = "fan"
    SEND = "send"


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
    def parse(cls, text: str) -> "Work":
        head, _, key = text.partition(":")
        return cls(Step(head.rstrip("!")), key, head.endswith("!"))

    @property
    def lane(self) -> str:
        """The queue of its doorbell: urgent, control, or routine for the batches of the others."""
        if self.urgent:
            return "urgent"
        return "routine" if self.step is Step.SEND else "control"


@dataclass(frozen=True, slots=True)
class Post:
    """Where a message stands that can be revised: to edit it and to put another under it."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted it. `flaw`: what it would not take of it as it was, for operators to look at."""

    receipt: str = ""
    post: Post | None = None
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: tried again later, not before `after_s` if the provider named a time.

    A `blameless` one is not counted as an attempt: the destination's pace was reached, nothing was tried.
    """

    why: str
    after_s: float | None = None
    blameless: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Never. `suppress` says why nothing should be sent to this destination again; empty: it may be."""

    why: str
    suppress: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been accepted: unknown until the provider, asked or sent the same again, says so.

    `after_s`: not before that, if a time is named. `reached`: the asking got so far, in the provider's own
    terms, and goes on from there. Without it, it begins anew.
    """

    why: str
    after_s: float | None = None
    reached: str = ""


@dataclass(frozen=True, slots=True)
class RouteDown:
    """The way out itself is closed (no connection, no login, no leave to go faster): nobody is to blame.

    Said of the first person who could not be tried, and the last thing said of a batch: the rest was
    not tried either, and no attempt is counted. `after_s`: when it may be worth looking again.
    `paced`: nothing is broken, the route's own pace is reached. `inferred`: concluded from what became of
    some people of one batch; if others are accepted meanwhile, it is not the route after all.
    """

    why: str
    after_s: float | None = None
    paced: bool = False
    inferred: bool = False


Outcome = Sent | Deferred | Failed | Unsure | RouteDown
