"""Digests: what one content tells, to which channel, at which moment; and how far one has come."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from alerts.model.channels import Channel
from alerts.model.names import Instant, name_of
from alerts.model.outages import OUTAGE_MESSAGE
from alerts.model.updates import Ref


class DigestId(str):
    """A digest by name: its lane, then its content, as in `r3f…`."""

    __slots__ = ()

    @classmethod
    def of(cls, name: str, urgent: bool) -> "DigestId":
        return cls(("u" if urgent else "r") + name)

    @property
    def urgent(self) -> bool:
        """Whether every step of it takes the `urgent` lane."""
        return self.startswith("u")


class BatchKey(str):
    """A batch of a digest: `r3f…/17` is its seventeenth."""

    __slots__ = ()

    @classmethod
    def of(cls, digest: str, number: int) -> "BatchKey":
        return cls(f"{digest}/{number}")

    @property
    def digest(self) -> DigestId:
        return DigestId(self.partition("/")[0])

    @property
    def number(self) -> int:
        return int(self.partition("/")[2])


class DigestState(StrEnum):
    """How far a digest has come. What is promised of each, `store/digests.py` says."""

    OPEN = "open"  #: owed, not yet rendered
    FROZEN = "frozen"  #: rendered, who gets it is fixed; being put into batches
    FANNED = "fanned"  #: everybody is in a batch
    DONE = "done"  #: every batch is settled


class Change(StrEnum):
    """What one entry of a digest says about its update, seen from the audience's previous telling."""

    NEW = "new"
    UPDATED = "updated"
    CORRECTED = "corrected"
    CLOSED = "closed"
    ENDED = "ended"  #: began and was closed before any of it was delivered; told in one line
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
    under: str = ""  #: the region it stands under, where that is not the country of its author's first
    peak: int = 0  #: the revision in between, not delivered, that was more severe than those two (0: none)

    @property
    def ref(self) -> Ref:
        return Ref.of(self.update, self.number)

    @property
    def since_ref(self) -> Ref | None:
        """The revision the audience was told before."""
        return Ref.of(self.update, self.since) if self.since else None

    @property
    def peak_ref(self) -> Ref | None:
        """The most severe revision, where it is neither the one shown nor the one told before."""
        return Ref.of(self.update, self.peak) if self.peak else None

    @property
    def refs(self) -> frozenset[Ref]:
        """Every revision that is needed to show it."""
        return frozenset(filter(None, (self.ref, self.since_ref, self.peak_ref)))

    @property
    def whole(self) -> bool:
        """Whether it is told whole, not in one line."""
        return not self.folded and self.change not in (Change.TOLD, Change.ENDED)


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
    resent_to: int = 0  #: the only subscriber it is for: an operator wants it sent again; or the only contact

    @cached_property
    def alone(self) -> bool:
        """Whether it tells one update, and tells it whole."""
        return len(self.entries) == 1 and self.entries[0].whole

    @property
    def of_outage(self) -> bool:
        """Whether it is a message of ours about an outage, not about a situation."""
        return bool(self.entries) and self.entries[0].update.startswith(OUTAGE_MESSAGE)

    @cached_property
    def all_quiet(self) -> bool:
        """Whether it tells nothing that was not told before."""
        return all(entry.change is Change.TOLD for entry in self.entries)

    def tells(self, update: str) -> int:
        """The revision of an update that it tells, 0 for none: a line that remembers one tells nothing."""
        told = (e.number for e in self.entries if e.update == update and e.change is not Change.TOLD)
        return next(told, 0)

    @cached_property
    def id(self) -> DigestId:
        """Equal for equal content at the same moment and in the same lane."""
        told = [(e.update, e.number, e.change, e.since, e.at_ms) for e in self.entries]
        flags = (self.late, self.catch_up, self.correcting, *filter(None, [self.serial]))
        folded = [e.update for e in self.entries if e.folded]
        under = {e.update: e.under for e in self.entries if e.under}
        peaks = [e.peak_ref for e in self.entries if e.peak]
        resent = [f"once more to {self.resent_to}"] if self.resent_to else []
        beside = [*folded, *filter(None, [under, peaks]), *resent]
        name = name_of([self.channel, told, self.horizon_ms, self.clock, self.from_ms, flags, *beside])
        return DigestId.of(name, self.urgent)
