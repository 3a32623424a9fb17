"""Why somebody gets an update, gets it later, or does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from alerts.model import (
    Digest,
    Instant,
    Mute,
    Revision,
    Standing,
    State,
    Subscriber,
)
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.latest_deliveries import weight
from alerts.operations.following.progress import of_updates
from alerts.operations.following.recorded_reasons import recorded_reasons, stopped_reasons
from alerts.operations.following.waiting import waiting_for_slot
from alerts.operations.instants import utc_text, worded_moment
from alerts.operations.subscribing.subscriber_details import because, find, suppressions
from alerts.regions import Tree
from alerts.rules.decisions import Clause, Later, Now, clauses, decide
from alerts.rules.describing import worded_severity
from alerts.rules.facts import Facts
from alerts.rules.mutes import is_silent
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Suppression
from alerts.texts import Sayable, Text
from alerts.walk import recipients


@dataclass(frozen=True, slots=True)
class SubscriptionVerdict:
    """One subscription asked about one revision."""

    name: str
    clauses: tuple[Clause, ...]

    @property
    def wants(self) -> bool:
        return all(clause.holds for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody gets a revision now, at a slot, or not. What the ledger says stands above the rules."""

    subscriber: Subscriber
    revision: Revision
    verdict: str  #: now, slot or no
    state: State | None
    slot_ms: Instant | None
    subscriptions: tuple[SubscriptionVerdict, ...]
    note: str = ""  #: what the ledger or the rules add to the clauses
    in_the_way: tuple[Clause, ...] = ()  #: what the rules add
    recorded: str = ""  #: what the ledger adds

    @property
    def because(self) -> str:
        """Why, in one line: what the ledger adds, or every clause of a subscription that wants it, or what
        keeps the one from it that comes nearest.
        """
        wanting = next((one for one in self.subscriptions if one.wants), None)
        if self.note or not self.subscriptions:
            return self.note
        if wanting is not None:
            return "; ".join(clause.because for clause in wanting.clauses)
        against = [[c.because for c in one.clauses if not c.holds] for one in self.subscriptions]
        fewest = min(against, key=len)
        return "; ".join(fewest)

    @property
    def to_reader(self) -> tuple[Sayable, ...]:
        """Why not, to whom it is not for, in parts: what `because` says, in words that are for them."""
        if self.recorded:
            return recorded_reasons(self.recorded)
        if self.in_the_way:
            return tuple(part for clause in self.in_the_way for part in clause.to_reader)
        against = [[c for c in one.clauses if not c.holds] for one in self.subscriptions]
        fewest = min(against, key=len, default=[])
        return tuple(part for clause in fewest for part in clause.to_reader)

    def to_dict(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "state": self.state.name.lower() if self.state else None,
            "slot": utc_text(self.slot_ms),
            "subscriptions": [
                {
                    "name": asked.name,
                    "wants": asked.wants,
                    "clauses": [
                        {"clause": c.clause, "holds": c.holds, "because": c.because} for c in asked.clauses
                    ],
                }
                for asked in self.subscriptions
            ],
        }


def explain(services: Services, actor: Actor, address: str, update: str) -> Explanation:
    """Explain the latest revision of an update to one subscriber. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return explain_to(services, find(services, address), services.updates.standing(update))


def explain_to(services: Services, subscriber: Subscriber, revision: Revision) -> Explanation:
    """The same for a reader whose link was checked, of the latest revision of an update."""
    [found] = explain_all_to(services, subscriber, [revision])
    return found


def explain_all_to(
    services: Services, subscriber: Subscriber, revisions: Sequence[Revision]
) -> Iterator[Explanation]:
    """The same of the latest revisions of several updates; what they share is looked up once."""
    by_update = {revision.update: revision for revision in revisions}
    digests = {
        name: digest
        for update, some in of_updates(services, list(by_update)).items()
        for name, digest in some.items()
        if digest.tells(update) == by_update[update].number
    }
    found = services.ledger.find(subscriber.sid, list(digests))
    suppression = suppressions(services, [subscriber]).get(subscriber.sid)
    muted = services.mutes.among(by_update, [subscriber.sid])
    rules = _PersonRules(services, subscriber)
    for update, revision in by_update.items():
        mute = silent_among(services, revision, muted.get(update, {})).get(subscriber.sid)
        in_the_way = blocker(subscriber, revision, suppression, mute)
        verdict, slot_ms = ("no", None) if in_the_way else rules.verdict(revision)
        subscriptions = with_clauses(asked(subscriber, revision, services.tree), in_the_way)
        note = "; ".join(clause.because for clause in in_the_way)
        planned = Explanation(subscriber, revision, verdict, None, slot_ms, subscriptions, note, in_the_way)
        deliveries = ((name, record) for name, record in found.items() if digests[name].tells(update))
        weightiest = max(deliveries, key=lambda item: weight(item[1].state), default=None)
        if weightiest is None:
            yield planned
        else:
            name, record = weightiest
            said = services.ledger.note(name, subscriber.sid)
            yield by_ledger(planned, digests[name], record.state, said)


def asked(person: Subscriber, revision: Revision, tree: Tree) -> tuple[SubscriptionVerdict, ...]:
    """Every subscription of a person asked about a revision."""
    return tuple(
        SubscriptionVerdict(s.name, clauses(s.filter, revision.draft, tree)) for s in person.subscriptions
    )


def with_clauses(
    subscriptions: tuple[SubscriptionVerdict, ...], in_the_way: tuple[Clause, ...]
) -> tuple[SubscriptionVerdict, ...]:
    """The same, each with what is in the way whatever somebody subscribes to."""
    if not in_the_way:
        return subscriptions
    return tuple(SubscriptionVerdict(one.name, (*one.clauses, *in_the_way)) for one in subscriptions)


def by_ledger(planned: Explanation, digest: Digest, state: State, note: str) -> Explanation:
    """What the ledger says stands above what the rules, and subscriptions as they are now, would say."""
    verdict, slot_ms = ("slot", digest.horizon_ms) if digest.clock else ("now", None)
    if state in (State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED):
        verdict, slot_ms = "no", None
    recorded = note
    if not note and digest.correcting:
        note = "those who were told an earlier revision are told that it has changed"
    return replace(planned, verdict=verdict, state=state, slot_ms=slot_ms, note=note, recorded=recorded)


class _PersonRules:
    """What the rules say to one person of one revision after another."""

    def __init__(self, services: Services, person: Subscriber) -> None:
        self._services = services
        self._person = person
        self._facts = looking(services.tree, services.outlines.log)

    def verdict(self, revision: Revision) -> tuple[str, Instant | None]:
        found = by_rule(self._person, self._facts(_as_if_accepted(self._services, revision)))
        if found[0] != "no":
            return found
        slot_ms, updates = self._waiting
        return ("slot", slot_ms) if revision.update in updates else ("no", None)

    @cached_property
    def _waiting(self) -> tuple[Instant, frozenset[str]]:
        """What waits for their next slot: it was theirs in an earlier revision."""
        slot_ms, waiting = waiting_for_slot(self._services, self._person)
        return slot_ms, frozenset(entry.update for entry in waiting)


def facts_of(services: Services, revision: Revision) -> Facts:
    """What matching knows of a revision, or would if it were accepted now."""
    return looking(services.tree, services.outlines.log)(_as_if_accepted(services, revision))


def _as_if_accepted(services: Services, revision: Revision) -> Revision:
    """A revision that is held as it would be if it were accepted now."""
    return replace(revision, accepted_ms=revision.accepted_ms or services.server.now_ms())


def by_rule(person: Subscriber, facts: Facts) -> tuple[str, Instant | None]:
    """The verdict of the rules alone, and the slot if there is one."""
    decision = decide(person.audience, facts)
    if isinstance(decision, Later):
        return "slot", decision.slot_ms
    return ("now" if isinstance(decision, Now) else "no"), None


def mutes_of(services: Services, revision: Revision) -> dict[int, Mute]:
    """By their number, the mutes of all those who hear nothing of a revision."""
    found = services.mutes.everybody([revision.update]).get(revision.update, {})
    return silent_among(services, revision, found)


def silent_among(services: Services, revision: Revision, mutes: Mapping[int, Mute]) -> dict[int, Mute]:
    """Those of the mutes of its update whose holders hear nothing of a revision."""
    if not mutes:
        return {}
    known, now_ms = _as_if_accepted(services, revision), services.server.now_ms()
    story = [*recipients.before(services, known), known]
    return {sid: mute for sid, mute in mutes.items() if is_silent(mute, story, now_ms)}


def blocker(
    person: Subscriber, revision: Revision, suppression: Suppression | None, mute: Mute | None
) -> tuple[Clause, ...]:
    """What keeps somebody from an update whatever they subscribe to; nothing for most people.

    `mute`: theirs, if they hear nothing of this revision.
    """
    if person.standing is Standing.PAUSED:
        paused = Text("you have paused your alerts")
        return (Clause("standing", False, "the subscriber is paused", (paused,)),)
    if suppression is not None:
        why = f"the address is suppressed: {because(suppression)}"
        return (Clause("standing", False, why, stopped_reasons(suppression, person.zone)),)
    if mute is not None:
        since = f"since {utc_text(mute.from_ms)}, when it was {mute.severity}"
        to_reader = Text(
            "you have muted it since %(moment)s, when it was %(severity)s",
            moment=worded_moment(mute.from_ms, person.zone),
            severity=worded_severity(mute.severity),
        )
        return (Clause("muted", False, f"they have muted it {since}", (to_reader,)),)
    if revision.accepted_ms is not None and person.joined_ms > revision.accepted_ms:
        to_reader = Text(
            "it came before your subscriptions began, %(moment)s",
            moment=worded_moment(person.joined_ms, person.zone),
        )
        since = f"it was accepted before these subscriptions began, {utc_text(person.joined_ms)}"
        return (Clause("since", False, since, (to_reader,)),)
    if revision.kind.ends:
        why = "it was closed, and they had not been told about it"
        return (
            Clause("told before", False, why, (Text("it was closed, and you had not been told about it"),)),
        )
    return ()
