"""What matching needs to know of a revision, and of what was accepted before it. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from alerts.model import Draft, Instant, Kind, Revision, Severity, Status
from alerts.regions import Tree


@dataclass(frozen=True, slots=True)
class Facts:
    """What matching needs to know of a revision, worked out once for all audiences."""

    related: frozenset[str]  #: every region that overlaps one of the revision's
    tags: frozenset[str]
    severity: Severity
    accepted_ms: Instant
    update: str = ""
    ref: str = ""
    kind: Kind = Kind.NEW
    status: Status = Status.ACTUAL
    #: What was accepted from an instant on and before this one: asked by daily caps only.
    earlier: "Callable[[Instant], Stretch]" = field(default=lambda _: Stretch((), frozenset()), compare=False)

    @classmethod
    def of(cls, revision: Revision, tree: Tree) -> "Facts":
        draft, tags = revision.draft, frozenset(revision.draft.tags)
        accepted_ms = revision.accepted_ms or 0
        about = revision.update, revision.ref, revision.kind, draft.status
        return cls(related(draft, tree), tags, draft.severity, accepted_ms, *about)

    def knowing(self, earlier: "Callable[[Instant], Stretch]") -> "Facts":
        """The same, with what was accepted before. Written out: thousands are made at a time."""
        about = self.accepted_ms, self.update, self.ref, self.kind, self.status
        return Facts(self.related, self.tags, self.severity, *about, earlier)

    @property
    def real(self) -> bool:
        """Whether it is meant to be acted upon: what is not never goes out of its turn."""
        return self.status is Status.ACTUAL

    @property
    def urgent(self) -> bool:
        return self.status is Status.ACTUAL and self.severity.urgent


class Stretch(NamedTuple):
    """A stretch of the log in its order, and the updates that were ended in it."""

    facts: Sequence[Facts]
    ended: Set[str]


class Stretches:
    """Facts in the order of their acceptance, of which one stretch after another is asked for."""

    def __init__(self, facts: Iterable[Facts] = ()) -> None:
        self._facts: list[Facts] = []
        self._ends: list[Facts] = []
        self.add(facts)

    def add(self, later: Iterable[Facts]) -> None:
        """Add what was accepted after all that is there."""
        added = list(later)
        self._facts += added
        self._ends += (facts for facts in added if facts.kind.ends)

    def between(self, start_ms: Instant, end_ms: Instant) -> Stretch:
        """What was accepted in `[start, end)`."""
        ended = {facts.update for facts in _cut(self._ends, start_ms, end_ms)}
        return Stretch(_cut(self._facts, start_ms, end_ms), ended)


def _cut(ordered: list[Facts], start_ms: Instant, end_ms: Instant) -> list[Facts]:
    first = bisect_left(ordered, start_ms, key=attrgetter("accepted_ms"))
    return ordered[first : bisect_left(ordered, end_ms, first, key=attrgetter("accepted_ms"))]


def related(draft: Draft, tree: Tree) -> frozenset[str]:
    """Every region that overlaps one that a draft names."""
    found = tree.related(known(draft.regions, tree))
    return found if found.issuperset(draft.regions) else found | frozenset(draft.regions)


def known(regions: Iterable[str], tree: Tree) -> list[str]:
    """Regions that are in the tree: a group may have gone from it since somebody named it."""
    return [region for region in regions if region in tree]
