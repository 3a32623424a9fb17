"""Clocks and their slots: which slot is opened next, and from where its window reaches."""

from dataclasses import dataclass

from alerts.model import Instant
from alerts.rules.cadence import Clock
from alerts.store.server import Server, translated

#: Spells of missed slots a clock remembers; windows reach back over one or two.
LATE_KEPT = 8


@dataclass(frozen=True, slots=True)
class SlotRun:
    """A slot being opened: the slot opened before it, the slot, and when this run began.

    `late`: earlier runs that made up for several slots at once: after which slot, and up to which.
    """

    opened_ms: Instant
    slot_ms: Instant
    began_ms: Instant
    late: tuple[tuple[Instant, Instant], ...] = ()

    def spells(self, missed: bool) -> str:
        """`late` as it will be when this slot is open. `missed`: it makes up for slots before it."""
        late = [*self.late, (self.opened_ms, self.slot_ms)] if missed else self.late
        return " ".join(f"{begin}-{end}" for begin, end in late[-LATE_KEPT:])


class Clocks:
    """The clocks in use, each with the last slot it opened.

    Keys: `clocks`; `clock:{key}`; `clock:{key}:audiences`. A clock begins with the first member of the
    first audience it serves, at that instant, and ends with the last one (`Subscribers.save`).

    - `pin` fixes the slot that is opened next: whoever asks from then on gets the same, until
      `Digests.create` exchanges it for digests and the clock moves on, at one instant. So each slot is
      opened once.
    - From the pinning on, nothing is accepted into the log before the slot or that instant (`floor`): a
      window that was looked at does not change.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def all(self) -> list[Clock]:
        """The clocks in use."""
        with translated():
            return sorted(
                (Clock.parse(key.decode()) for key in self._server.client.smembers(self._keys("clocks"))),
                key=str,
            )

    def audiences(self, clock: Clock) -> list[str]:
        """The ids of the audiences a clock serves."""
        with translated():
            members = self._server.client.smembers(self._keys("clock", str(clock), "audiences"))
        return sorted(aid.decode() for aid in members)

    def pin(self, clock: Clock, slot_ms: Instant) -> SlotRun | None:
        """Pin the slot to open, or None if there is none. A slot once pinned stays until it is open."""
        pinned = self._server.run(
            "audience/pin_slot", [self._keys("clock", str(clock)), self._keys("floor")], [slot_ms]
        )
        if not pinned:
            return None
        late = [spell.split("-") for spell in pinned[3].decode().split()]
        spells = tuple((int(begin), int(end)) for begin, end in late)
        return SlotRun(int(pinned[0]), int(pinned[1]), int(pinned[2]), spells)

    def last_opened(self, clock: Clock) -> Instant | None:
        """The last slot the clock has opened; None for a clock nobody uses."""
        with translated():
            opened = self._server.client.hget(self._keys("clock", str(clock)), "opened")
        return int(opened) if opened else None
