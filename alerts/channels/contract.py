"""What every channel promises: a message and its people in, one outcome per person out, as they come."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from alerts.model import Message, Outcome, Recipient

#: Seconds before a route that somebody must repair is looked at again. For passing faults none is named:
#: the breaker's own rest, short at first, decides.
REPAIR_S = 60.0

#: Asks leave to send `n` messages on a route now: 0 means go, else the seconds until there is leave.
Pace = Callable[[str, int], float]

#: Asked before each transmission: true once the worker is stopping or the digest was withdrawn.
Stop = Callable[[], bool]


class Sender(Protocol):
    """One way out. Safe to share between threads; each thread has a connection of its own."""

    #: At most this many accepted messages can be unrecorded in the sender when its process dies.
    in_flight: int

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield `(sid, outcome)` for each recipient that was tried, in any order, as soon as it is known.

        `RouteDown` ends it. Whoever is not yielded was not tried (because of `stop`) and is still owed.
        Never raises for anything a provider says or fails to say: that is an outcome.
        """
        ...

    def close(self) -> None:
        """Let go of every connection; the sender may be used again."""
        ...
