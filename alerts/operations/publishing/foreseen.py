"""What publishing a draft would do: who gets it, who just misses it, in numbers and by name."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass

from alerts.model import Instant, Revision, Subscriber, name_of
from alerts.operations.instants import utc_text
from alerts.operations.places import Place
from alerts.regions import Tree
from alerts.rules.decisions import Clause


@dataclass(frozen=True, slots=True)
class Getting:
    """One subscriber who would get it."""

    subscriber: Subscriber
    slot_ms: Instant | None  #: None: at once
    reasons: tuple[str, ...]
    regions: tuple[str, ...]  #: the regions of their filters by which they get it
    waits_for: str = ""  #: quiet hours, daily cap or slot, where it is not at once

    @property
    def verdict(self) -> str:
        return "now" if self.slot_ms is None else "slot"

    def to_dict(self, update: str) -> dict[str, object]:
        return {
            "update": update,
            "channel": self.subscriber.channel,
            "address": self.subscriber.address,
            "verdict": self.verdict,
            "slot": utc_text(self.slot_ms),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Miss:
    """One subscriber who just misses it: by a single clause, or by a standing reason."""

    subscriber: Subscriber
    clause: Clause

    def to_dict(self) -> dict[str, object]:
        return {
            "channel": self.subscriber.channel,
            "address": self.subscriber.address,
            "name": self.subscriber.name,
            "clause": self.clause.clause,
            "because": self.clause.because,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """How many subscribers get it by one channel, at one time and by one region."""

    channel: str
    verdict: str
    region: str
    place: str  #: the region by name
    subscribers: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a draft now would do."""

    revision: Revision
    published: bool  #: this very content is published already: publishing it again sends nothing
    places: tuple[Place, ...]
    getting: tuple[Getting, ...]
    misses: tuple[Miss, ...]
    missing: dict[str, int]  #: how many just miss it by each clause
    others: int  #: how many ask for something else altogether
    waiting: dict[str, int]  #: how many of those who get it later wait for what
    unknown: int = 0  #: how many get it only because its severity is unknown

    @property
    def now(self) -> int:
        """How many get it at once."""
        return sum(g.slot_ms is None for g in self.getting)

    @property
    def later(self) -> int:
        """How many get it with their next digest."""
        return len(self.getting) - self.now

    @property
    def plan(self) -> str:
        """A name for content and recipients: `12-3-…` is 12 now and 3 later; equal plans, equal names."""
        people = sorted((g.subscriber.channel, g.subscriber.address, g.slot_ms or 0) for g in self.getting)
        content, whom = self.revision.draft.fingerprint[:8], name_of(people)[:12]
        return f"{self.now}-{self.later}-{content}-{whom}"

    @property
    def people(self) -> int:
        """All who were asked: who get it now or later, who just miss it, and the others."""
        return len(self.getting) + sum(self.missing.values()) + self.others

    def shares(self, tree: Tree) -> list[Share]:
        """How many, by channel, time and region; who gets it by two regions counts in both."""
        found = Counter(
            (g.subscriber.channel, g.verdict, region) for g in self.getting for region in g.regions
        )
        place = located(tree)
        return [Share(*by, place(by[-1]), n) for by, n in sorted(found.items())]

    def to_dict(self, tree: Tree) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.revision.number,
            "regions": [asdict(place) for place in self.places],
            "now": self.now,
            "slot": self.later,
            "people": self.people,
            "others": self.others,
            "waiting": self.waiting,
            "counts": [asdict(share) for share in self.shares(tree)],
            "by_unknown_severity": self.unknown,
            "missing": self.missing,
            "misses": [miss.to_dict() for miss in self.misses],
            "plan": self.plan,
        }


def located(tree: Tree) -> Callable[[str], str]:
    """Names a region with its country; one that has left the tree since is called by its code."""
    return lambda code: tree.located(code) if code in tree else code
