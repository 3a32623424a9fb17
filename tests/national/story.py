"""Which message comes when, twice or late, and who is subscribed to what: drawn before anything runs."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.national.naive import RANKS, Message, situations

_TIMES = re.compile(r"(<(?P<name>sent|effective|onset|expires)>)[^<]*(</)")
_REFERENCES = re.compile(r"(<references>)([^<]*)(</)")
_HEADLINE = re.compile(r"\s*</headline>")
#: How long all of it holds. That what has expired is told to nobody is for other tests: here all must arrive.
HOLDS = timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """Somebody subscribed to states, or a country, from a severity on. `slot`: minutes past midnight, UTC."""

    address: str
    regions: frozenset[str]
    least: str = "minor"
    slot: int | None = None

    @property
    def cadence(self) -> str:
        return "immediate" if self.slot is None else f"daily {self.slot // 60:02}:{self.slot % 60:02}"

    def must_have(self, message: Message) -> bool:
        """Whether its words alone say that it is about where they are. Of words that nobody can read, a whole
        country is told."""
        if not self.may_have(message):
            return False
        whole = any("-" not in region for region in self.regions)
        return whole or bool(message.states and self.regions & message.states)

    def may_have(self, message: Message) -> bool:
        where = message.states or frozenset({message.country})
        near = {region for region in self.regions if region.startswith(message.country)}
        here = near if message.states is None else {r for r in near if r in where or "-" not in r}
        bad = not message.severity or RANKS.index(message.severity) >= RANKS.index(self.least)
        return message.real and bad and bool(here)


@dataclass(frozen=True)
class Bulletin:
    """A message as it is replayed: `number` counts them by time, `situation` those that go together."""

    number: int
    situation: int
    message: Message
    source: bytes

    @property
    def mark(self) -> str:
        return f"S{self.situation}R{self.number}E"


@dataclass(frozen=True)
class Arrival:
    """A bulletin arrives some seconds after what came before it: for the first time, once more, or late."""

    pause_s: float
    bulletin: Bulletin


@dataclass(frozen=True)
class Story:
    people: Sequence[Person]
    arrivals: Sequence[Arrival]


def tell(
    messages: Sequence[Message],
    seed: int,
    *,
    people: int,
    speed: float,
    pause_max_s: float,
    begin: datetime,
    slots: Sequence[int] = (),
) -> Story:
    """Replay messages `speed` times as fast as they were sent, but never with a longer pause than that."""
    dice = random.Random(seed)
    bulletins = _bulletins(messages, begin, speed)
    states = sorted({state for m in messages for state in m.states or ()})
    [country] = {m.country for m in messages}
    crowd = [_person(dice, n, states, country, slots) for n in range(people)]
    return Story(crowd, _arrivals(dice, bulletins, speed, pause_max_s))


def _bulletins(messages: Sequence[Message], begin: datetime, speed: float) -> list[Bulletin]:
    """The messages with their times pressed together before `begin`, and with a mark in every headline."""
    first, groups = situations(messages), dict[str, int]()
    sent: dict[str, datetime] = {}
    at = begin - (messages[-1].sent - messages[0].sent) / speed - timedelta(seconds=len(messages))
    before = messages[0].sent
    found = []
    for number, message in enumerate(messages, 1):
        at += max((message.sent - before) / speed, timedelta(seconds=1))
        before = message.sent
        sent[message.identifier] = at
        situation = groups.setdefault(first[message.identifier], len(groups))
        bulletin = Bulletin(number, situation, message, b"")
        found.append(replace(bulletin, source=_retold(bulletin, sent, begin + HOLDS)))
    return found


def _retold(bulletin: Bulletin, sent: dict[str, datetime], ends: datetime) -> bytes:
    now = sent[bulletin.message.identifier]

    def time(found: re.Match[str]) -> str:
        return f"{found[1]}{_written(ends if found['name'] == 'expires' else now)}{found[3]}"

    def references(found: re.Match[str]) -> str:
        triples = (triple.split(",") for triple in found[2].split())
        return (
            found[1]
            + " ".join(f"{a},{b},{_written(sent[b]) if b in sent else c}" for a, b, c in triples)
            + found[3]
        )

    text = bulletin.message.source.decode("utf-8").replace("\r", "\n")
    text = _REFERENCES.sub(references, _TIMES.sub(time, text))
    return _HEADLINE.sub(f" {bulletin.mark}</headline>", text).encode()


def _written(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _arrivals(
    dice: random.Random, bulletins: Sequence[Bulletin], speed: float, pause_max_s: float
) -> list[Arrival]:
    """In the order in which they were sent; one in fifteen is overtaken by the next of its situation, one in
    ten comes twice."""
    order = list(bulletins)
    for n, bulletin in enumerate(order[:-1]):
        later = next((m for m in range(n + 1, len(order)) if order[m].situation == bulletin.situation), None)
        if later is not None and dice.random() < 1 / 15:
            order.insert(later, order.pop(n))
    arrivals: list[Arrival] = []
    before = order[0].message.sent
    for n, bulletin in enumerate(order):
        pause = min(max(0.0, (bulletin.message.sent - before).total_seconds() / speed), pause_max_s)
        before = max(before, bulletin.message.sent)
        arrivals.append(Arrival(pause, bulletin))
        if dice.random() < 1 / 10:
            arrivals.append(Arrival(0.0, dice.choice(order[: n + 1])))
    return arrivals


def _person(dice: random.Random, n: int, states: Sequence[str], country: str, slots: Sequence[int]) -> Person:
    wanted = dice.choice(
        [[country], dice.sample(states, 1), dice.sample(states, min(4, len(states))), ["GE", "NZ"]]
    )
    least = dice.choice(("minor", "minor", "severe", "extreme"))
    slot = dice.choice(slots) if slots and dice.random() < 0.3 else None
    return Person(f"p{n}@people.example", frozenset(wanted), least, slot)
