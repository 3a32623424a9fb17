"""Why everybody, or each on a list, gets an update, gets it later, or does not: a line a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from alerts.channels import masked
from alerts.errors import BadInput
from alerts.model import Channel, Instant, Subscriber, Subscription
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.explaining import (
    Explanation,
    SubscriptionVerdict,
    asked,
    blocker,
    by_ledger,
    by_rule,
    facts_of,
    mutes_of,
    with_clauses,
)
from alerts.operations.following.latest_deliveries import LatestDeliveries
from alerts.operations.instants import utc_text
from alerts.operations.lists.lines import lines_of
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.subscriber_details import suppressions
from alerts.services import Services
from alerts.store import Suppression

#: People who are looked up in one round trip.
PEOPLE_AT_ONCE = 500
#: Subscriptions of which a verdict is remembered.
REMEMBERED = 50_000
#: Characters that are shown of what is no subscriber's address.
ADDRESS_SHOWN = 320
#: The verdict about an address that nobody subscribes with.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One address explained in a line."""

    address: str
    verdict: str  #: now, slot, no, or nobody
    because: str
    explanation: Explanation | None = None

    def to_dict(self) -> dict[str, object]:
        found = self.explanation
        return {
            "address": self.address,
            "name": found.subscriber.name if found else "",
            "verdict": self.verdict,
            "state": found.state.name.lower() if found and found.state else None,
            "slot": utc_text(found.slot_ms) if found else None,
            "because": self.because,
        }


def explain_everybody(services: Services, actor: Actor, update: str) -> Iterator[ExplanationLine]:
    """Explain the latest revision of an update to every subscriber, in the order in which they came.

    Each line is what `explain` says of that person. Raises Forbidden, NotFound.
    """
    actor.require(Permission.READ)
    explaining = _Explaining(services, update)
    return map(_line, explaining.explain(services.subscribers.in_order()))


def explain_listed(
    services: Services, actor: Actor, update: str, stream: BinaryIO
) -> Iterator[ExplanationLine]:
    """Explain the latest revision of an update to each address of a list, in its order, read as it comes.

    One address a line; empty lines, and those that begin with #, are left out. Raises Forbidden, NotFound,
    and, as it is read, BadInput for what is no text.
    """
    actor.require(Permission.READ)
    return _listed(services, _Explaining(services, update), stream)


def _listed(services: Services, explaining: "_Explaining", stream: BinaryIO) -> Iterator[ExplanationLine]:
    with lines_of(stream) as lines:
        written = (line.encode("utf-8", "replace").decode().strip() for _, line in lines)
        addresses = (address for address in written if address and not address.startswith("#"))
        while some := list(islice(addresses, PEOPLE_AT_ONCE)):
            people, unknown = _found(services, some)
            distinct = {person.sid: person for person in people.values()}
            explained = {one.subscriber.sid: one for one in explaining.explain(distinct.values())}
            for address in some:
                if address in people:
                    yield _line(explained[people[address].sid])
                else:
                    why = unknown.get(address, "Nobody subscribes with this address.")
                    yield ExplanationLine(masked(address)[:ADDRESS_SHOWN], NOBODY, why)


def _found(services: Services, addresses: Iterable[str]) -> tuple[dict[str, Subscriber], dict[str, str]]:
    """The subscribers with these addresses as they are written here, and what is wrong with the others."""
    exact: dict[Channel, dict[str, str]] = defaultdict(dict)
    wrong: dict[str, str] = {}
    for address in addresses:
        try:
            channel, spelt = destination(address)
        except BadInput as fault:
            wrong[address] = fault.sentence
        else:
            exact[channel][address] = spelt
    people: dict[str, Subscriber] = {}
    for channel, spellings in exact.items():
        held = services.subscribers.find_all(channel, list(spellings.values()))
        people |= {address: held[spelt] for address, spelt in spellings.items() if spelt in held}
    return people, wrong


def _line(explained: Explanation) -> ExplanationLine:
    return ExplanationLine(
        masked(explained.subscriber.address), explained.verdict, explained.because, explained
    )


class _Explaining:
    """Explains the latest revision of an update to many; what they share is looked up once."""

    def __init__(self, services: Services, update: str) -> None:
        self._services = services
        self._revision = services.updates.standing(update)
        self._latest = LatestDeliveries(services, update)
        self._facts = facts_of(services, self._revision)
        self._mutes = mutes_of(services, self._revision)
        self._known: dict[tuple[Channel, str, tuple[Subscription, ...]], _Rules] = {}

    def explain(self, people: Iterable[Subscriber]) -> Iterator[Explanation]:
        """Explain it to these, some hundreds at a time."""
        rest = iter(people)
        while some := list(islice(rest, PEOPLE_AT_ONCE)):
            standing = suppressions(self._services, some)
            notes = self._notes([person.sid for person in some])
            for person in some:
                yield self._one(person, standing.get(person.sid), notes.get(person.sid, ""))

    def _one(self, person: Subscriber, suppression: Suppression | None, note: str) -> Explanation:
        in_the_way = blocker(person, self._revision, suppression, self._mutes.get(person.sid))
        rules = self._by_rule(person)
        source, state = self._latest.of(person.sid) or (None, None)
        verdict, slot_ms = rules.verdict, rules.slot_ms
        if in_the_way:
            verdict, slot_ms = "no", None
        elif verdict == "no" and source and state is None:  # it was theirs in an earlier revision
            verdict, slot_ms = "slot", source.slot_ms
        planned = Explanation(
            person,
            self._revision,
            verdict,
            None,
            slot_ms,
            with_clauses(rules.subscriptions, in_the_way),
            "; ".join(clause.because for clause in in_the_way),
            in_the_way,
        )
        if source and source.digest and state and source.revision == self._revision.number:
            return by_ledger(planned, source.digest, state, note)
        return planned

    def _by_rule(self, person: Subscriber) -> "_Rules":
        alike = (person.channel, person.zone, person.subscriptions)
        if alike not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            verdict, slot_ms = by_rule(person, self._facts)
            subscriptions = asked(person, self._revision, self._services.tree)
            self._known[alike] = _Rules(verdict, slot_ms, subscriptions)
        return self._known[alike]

    def _notes(self, sids: list[int]) -> dict[int, str]:
        """The words about the delivery that counts for each of these."""
        by_digest: dict[str, list[int]] = defaultdict(list)
        for sid in sids:
            found = self._latest.of(sid)
            if found and found[0].digest:
                by_digest[found[0].digest.id].append(sid)
        words: dict[int, str] = {}
        for digest, some in by_digest.items():
            words |= self._services.ledger.notes(digest, some)
        return words


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the rules say to all who subscribe alike."""

    verdict: str
    slot_ms: Instant | None
    subscriptions: tuple[SubscriptionVerdict, ...]
