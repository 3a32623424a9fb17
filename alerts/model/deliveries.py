"""How it went: the states of a delivery, and the outcomes of trying."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How far one delivery has come. The value is its letter in the ledger.

    queued → sending → sent → delivered | bounced | complained; sending → deferred | unknown → sending; and
    from all that is owed → failed | suppressed | expired | withdrawn, or unconfirmed for who may have it.
    What is said later wins if its `rank` is higher, and always over what is owed. The scripts of the ledger
    spell the same letters; a test holds them to this.
    """

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

    @property
    def rank(self) -> int:
        """A later word wins by its rank, never by arrival; one that is owed gives way to any."""
        return _RANK[self]

    @property
    def unsure(self) -> "State":
        """What a state is for somebody who may have the message already, as long as nobody knows."""
        return _UNSURE.get(self, self)


_OWED = {State.QUEUED, State.SENDING, State.DEFERRED, State.UNKNOWN}
_REACHED = {State.SENT, State.DELIVERED, State.COMPLAINED}
_IN_DOUBT = {State.UNKNOWN, State.UNCONFIRMED}
_RANK = {state: 0 if state in _OWED else 1 for state in State} | {
    State.DELIVERED: 2,
    State.BOUNCED: 3,
    State.COMPLAINED: 4,
}
_UNSURE = {State.DEFERRED: State.UNKNOWN} | dict.fromkeys(
    (State.SUPPRESSED, State.EXPIRED, State.WITHDRAWN), State.UNCONFIRMED
)


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
    """The route itself is closed (no connection, no login, no permit to go faster): nobody is to blame.

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
