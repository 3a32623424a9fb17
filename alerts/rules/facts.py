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


class Stretches(NamedTuple):
    """All that was accepted in `[from, until)`, in order, of which one stretch after another is asked for."""

    facts: Sequence[Facts]
    ends: Sequence[Facts]  #: those of them that end an update
    from_ms: Instant
    until_ms: Instant

    @classmethod
    def of(cls, facts: Sequence[Facts], from_ms: Instant, until_ms: Instant) -> "Stretches":
        return cls(facts, [one for one in facts if one.kind.ends], from_ms, until_ms)

    def covers(self, start_ms: Instant, end_ms: Instant) -> bool:
        return self.from_ms <= start_ms and end_ms <= self.until_ms

    def between(self, start_ms: Instant, end_ms: Instant) -> Stretch:
        """What was accepted in `[start, end)`."""
        ended = {facts.update for facts in _cut(self.ends, start_ms, end_ms)}
        return Stretch(_cut(self.facts, start_ms, end_ms), ended)


def _cut(ordered: Sequence[Facts], start_ms: Instant, end_ms: Instant) -> Sequence[Facts]:
    first = bisect_left(ordered, start_ms, key=attrgetter("accepted_ms"))
    return ordered[first : bisect_left(ordered, end_ms, first, key=attrgetter("accepted_ms"))]


def related(draft: Draft, tree: Tree) -> frozenset[str]:
    """Every region that overlaps one that a draft names."""
    found = tree.related(known(draft.regions, tree))
    return found if found.issuperset(draft.regions) else found | frozenset(draft.regions)


def known(regions: Iterable[str], tree: Tree) -> list[str]:
    """Regions that are in the tree: a group may have gone from it since somebody named it."""
    return [region for region in regions if region in tree]
