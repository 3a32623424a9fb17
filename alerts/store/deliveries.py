"""A delivery as the ledger keeps it: written `s1+62`, read back, and one line that is to be recorded."""

from functools import lru_cache
from typing import NamedTuple

from alerts.model import State


class Delivery(NamedTuple):
    """One delivery in the ledger, written `s1+62`: state, attempts so far, seconds since freezing.

    For what is owed, the seconds say when to try again. One that failed in doubt (an earlier try
    may have been accepted) ends with `?`.
    """

    state: State
    attempt: int = 0
    offset_s: int = 0
    doubt: bool = False

    def __str__(self) -> str:
        letter: str = self.state.value
        if self.state is State.QUEUED:
            return letter
        return f"{letter}{self.attempt}+{self.offset_s}{'?' if self.doubt else ''}"

    @property
    def in_doubt(self) -> bool:
        """Whether it may have reached the subscriber: corrections and cancels count that as delivered."""
        return self.doubt or self.state.in_doubt

    def reaches(self, *, or_maybe: bool) -> bool:
        """Whether the subscriber has it or is about to; or may have it."""
        return self.state.reached or self.state.owed or (or_maybe and self.in_doubt)

    @classmethod
    @lru_cache(maxsize=1_000)
    def parse(cls, text: str) -> "Delivery":
        attempt, _, offset = text[1:].removesuffix("?").partition("+")
        return cls(State(text[0]), int(attempt or 0), int(offset or 0), text.endswith("?"))


class LedgerLine(NamedTuple):
    """One line to write: a delivery as it is now, and the provider's words if it did not simply succeed.

    `asked`: the provider knew of no earlier try, so if there was a doubt it is over. Else it stays. `taker`:
    whose server took it (`Rates`); empty for what is not counted.
    """

    sid: int
    record: Delivery
    note: str = ""
    asked: bool = False
    taker: str = ""
