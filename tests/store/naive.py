"""Matching by its definition, over every wish there is: nothing is indexed, nothing shared with the house."""

from collections.abc import Callable, Iterable
from functools import cache

from alerts.model import Draft, Filter, Subscription
from alerts.regions import load

TREE = load()
ORDER = ["minor", "moderate", "severe", "extreme"]


@cache
def within(inner: str, outer: str) -> bool:
    return inner == outer or any(within(parent, outer) for parent in TREE.region(inner).parents)


@cache
def overlap(one: str, other: str) -> bool:
    """Areas overlap if one lies in the other; a group is its members."""
    pieces, theirs = ((TREE.region(code).members or (code,)) for code in (one, other))
    return any(within(a, b) or within(b, a) for a in pieces for b in theirs)


def wanted(wish: Subscription, draft: Draft) -> bool:
    asked = wish.filter
    return (
        any(overlap(region, named) for region in asked.regions for named in draft.regions)
        and (not asked.any_tags or any(tag in draft.tags for tag in asked.any_tags))
        and all(tag in draft.tags for tag in asked.all_tags)
        and not any(tag in draft.tags for tag in asked.none_tags)
        and (
            draft.severity == "unknown"
            or ORDER.index(draft.severity) >= ORDER.index(asked.min_severity)
        )
    )  # fmt: skip


class Crowd:
    """Many wishes, each judged on each clause by itself: a set of wishes is a number, one bit for each."""

    def __init__(self, wishes: Iterable[Subscription]) -> None:
        self._filters = [wish.filter for wish in wishes]
        self._regions = self._by(lambda f: f.regions)
        self._any = self._by(lambda f: f.any_tags)
        self._all = self._by(lambda f: f.all_tags)
        self._none = self._by(lambda f: f.none_tags)
        self._floors = self._by(lambda f: [f.min_severity])
        self._no_any = sum(1 << i for i, f in enumerate(self._filters) if not f.any_tags)
        self._overlapping = cache(self._over)

    def _by(self, parts: Callable[[Filter], Iterable[str]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, asked in enumerate(self._filters):
            for part in parts(asked):
                found[part] = found.get(part, 0) | 1 << place
        return found

    def _over(self, named: str) -> int:
        return union(bits for region, bits in self._regions.items() if overlap(region, named))

    def wanting(self, draft: Draft) -> int:
        """The wishes that want a draft, as bits."""
        hits = union(map(self._overlapping, draft.regions))
        hits &= self._no_any | union(self._any.get(tag, 0) for tag in draft.tags)
        hits &= ~union(bits for tag, bits in self._all.items() if tag not in draft.tags)
        hits &= ~union(self._none.get(tag, 0) for tag in draft.tags)
        if draft.severity != "unknown":
            floors = ORDER[: ORDER.index(draft.severity) + 1]
            hits &= union(self._floors.get(floor, 0) for floor in floors)
        return hits


def union(sets: Iterable[int]) -> int:
    found = 0
    for bits in sets:
        found |= bits
    return found
