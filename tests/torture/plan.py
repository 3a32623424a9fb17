"""The story of one run, from a seed: people, situations, tempers. Knows nothing of how the product works."""

import random
from dataclasses import dataclass, field

REGIONS = ("UA", "MD", "PL", "RO", "TR", "GR", "BG", "GE")
TAGS = ("flood", "strike", "border", "energy")
RANKS = ("minor", "moderate", "severe", "extreme")

#: What a relay may do to somebody, once for each situation: at which command, and what.
PHASES = ("mail", "rcpt", "data", "dot")
SULKS = (
    "421 4.3.2 closing",
    "451 4.3.0 try later",
    "450 4.2.0 busy",
    "drop",
    "garbage",
    "199 odd",
    "999 odd",
    "hang",
    "drip",
    "extra",
    "accept and drop",
)
#: What Slack may do to a channel.
SLACK_SULKS = ("429", "500 before", "500 after", "lose answer", "reset", "drip")


@dataclass(frozen=True)
class Person:
    """Somebody to be told, by mail or in a channel. `never`: how the relay refuses them for good."""

    address: str
    regions: frozenset[str]
    tags: frozenset[str]
    least: str
    never: str = ""

    @property
    def slack(self) -> bool:
        return "/" in self.address

    def wants(self, told: "Telling") -> bool:
        return (
            bool(self.regions & told.regions)
            and (not self.tags or bool(self.tags & told.tags))
            and RANKS.index(told.severity) >= RANKS.index(self.least)
        )


@dataclass(frozen=True)
class Telling:
    """One revision of one situation. Its headline holds `mark`, by which it is known in any message."""

    situation: int
    number: int
    kind: str
    regions: frozenset[str]
    tags: frozenset[str]
    severity: str

    @property
    def mark(self) -> str:
        return f"S{self.situation}R{self.number}E"

    @property
    def id(self) -> str:
        return f"torture-{self.situation}"

    @property
    def urgent(self) -> bool:
        return self.severity in ("severe", "extreme")

    def document(self) -> dict[str, object]:
        return {
            "id": self.id,
            "kind": self.kind,
            "headline": f"Bridge {self.mark} closed",
            "key_points": [f"Point of revision {self.number}."],
            "body": f"Paragraph of revision {self.number}.\n\n.\n\n..dots at the start of a line",
            "regions": sorted(self.regions),
            "tags": sorted(self.tags),
            "severity": self.severity,
            "published_at": "2026-01-01T12:00:00Z",
        }


@dataclass
class Plan:
    """Everything that is decided before anything runs."""

    seed: int
    people: list[Person]
    tellings: list[Telling]
    #: (address, situation) → (phase, sulk): spent by the first message of that situation to that address.
    tempers: dict[tuple[str, int], tuple[str, str]]
    dice: random.Random = field(repr=False)
    chunking: bool = True
    pipelining: bool = True


def make(seed: int, people: int, situations: int, urgent_share: float) -> Plan:
    """The same seed is the same story."""
    dice = random.Random(seed)
    crowd = [_person(dice, n) for n in range(people)]
    crowd += [_channel(dice, n) for n in range(max(2, people // 10))]
    tellings = [t for n in range(situations) for t in _situation(dice, n, urgent_share)]
    # The revisions of one situation stay in order, different ones mix.
    order = sorted(range(len(tellings)), key=lambda i: (tellings[i].situation + dice.random() * 3, i))
    mixed: list[Telling] = []
    waiting = {s: [t for t in tellings if t.situation == s] for s in range(situations)}
    for i in order:
        mixed.append(waiting[tellings[i].situation].pop(0))
    tempers = {}
    for person in crowd:
        for situation in range(situations):
            if not person.never and dice.random() < 0.2:
                sulks = SLACK_SULKS if person.slack else SULKS
                tempers[person.address, situation] = dice.choice(PHASES), dice.choice(sulks)
    return Plan(
        seed, crowd, mixed, tempers, dice, chunking=dice.random() < 0.6, pipelining=dice.random() < 0.8
    )


def _person(dice: random.Random, n: int) -> Person:
    never = (
        dice.choice(("550 5.1.1 no such user", "550 5.7.1 refused by policy")) if dice.random() < 0.05 else ""
    )
    return Person(f"p{n}@people.example", *_wish(dice), never)


def _channel(dice: random.Random, n: int) -> Person:
    return Person(f"T0TORTURE/C{n:08d}", *_wish(dice))


def _wish(dice: random.Random) -> tuple[frozenset[str], frozenset[str], str]:
    regions = frozenset(dice.sample(REGIONS, dice.randint(2, 6)))
    tags = frozenset(dice.sample(TAGS, 2)) if dice.random() < 0.3 else frozenset()
    return regions, tags, dice.choice(("minor", "minor", "moderate", "severe"))


def _situation(dice: random.Random, n: int, urgent_share: float) -> list[Telling]:
    regions = frozenset(dice.sample(REGIONS, dice.randint(2, 4)))
    tags = frozenset(dice.sample(TAGS, dice.randint(1, 2)))
    severity = dice.choice(("severe", "extreme") if dice.random() < urgent_share else ("minor", "moderate"))
    kinds = ["new"] + [dice.choice(("update", "correction")) for _ in range(dice.randint(0, 2))]
    if dice.random() < 0.5:
        kinds.append("cancel")
    return [Telling(n, k, kind, regions, tags, severity) for k, kind in enumerate(kinds, 1)]
