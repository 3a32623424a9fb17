"""Why somebody gets an update, gets it later, or does not."""

from dataclasses import dataclass, replace

from alerts.model import (
    Digest,
    Instant,
    Revision,
    Standing,
    State,
    Subscriber,
)
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.progress import of_update
from alerts.operations.subscriber_details import find
from alerts.operations.waiting import waiting_for_slot
from alerts.rules.decisions import Clause, Later, Now, clauses, decide
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Delivery


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
    subscriber = find(services, address)
    revision = services.updates.standing(update)
    digests = {
        name: digest
        for name, digest in of_update(services, update).items()
        if digest.tells(update) == revision.number
    }
    found = services.ledger.find(subscriber.sid, list(digests))
    weightiest = max(found.items(), key=lambda item: _weight(item[1].state), default=None)
    blocker = _blocker(services, subscriber, revision)
    subscriptions = tuple(
        SubscriptionVerdict(s.name, (*clauses(s.filter, revision.draft, services.tree), *blocker))
        for s in subscriber.subscriptions
    )
    verdict, slot_ms = ("no", None) if blocker else _by_rule(services, subscriber, revision)
    note = "; ".join(clause.because for clause in blocker)
    planned = Explanation(subscriber, revision, verdict, None, slot_ms, subscriptions, note)
    return _from_ledger(services, planned, digests[weightiest[0]], weightiest[1]) if weightiest else planned


def _weight(state: State) -> int:
    """Of several deliveries of one revision, one that reached somebody says more than one that did not."""
    return 3 if state.reached else 2 if state.in_doubt else 1 if state.owed else 0


def _from_ledger(services: Services, planned: Explanation, digest: Digest, record: Delivery) -> Explanation:
    """What the ledger says stands above what the rules, and subscriptions as they are now, would say."""
    verdict, slot_ms = ("slot", digest.horizon_ms) if digest.clock else ("now", None)
    if record.state in (State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED):
        verdict, slot_ms = "no", None
    note = services.ledger.note(digest.id, planned.subscriber.sid)
    if not note and digest.correcting:
        note = "those who were told an earlier revision are told that it has changed"
    return replace(planned, verdict=verdict, state=record.state, slot_ms=slot_ms, note=note)


def _by_rule(services: Services, person: Subscriber, revision: Revision) -> tuple[str, Instant | None]:
    accepted_ms = revision.accepted_ms or services.server.now_ms()
    facts = looking(services.tree, services.updates.accepted)
    decision = decide(person.audience, facts(replace(revision, accepted_ms=accepted_ms)))
    if isinstance(decision, Later):
        return "slot", decision.slot_ms
    if isinstance(decision, Now):
        return "now", None
    slot_ms, waiting = waiting_for_slot(services, person)
    waits = any(entry.update == revision.update for entry in waiting)  # it was theirs in an earlier revision
    return ("slot", slot_ms) if waits else ("no", None)


def _blocker(services: Services, person: Subscriber, revision: Revision) -> tuple[Clause, ...]:
    """What keeps somebody from an update whatever they subscribe to; nothing for most people."""
    suppressed = services.suppressions.find(person.channel, [person.address]).get(person.address)
    if person.standing is Standing.PAUSED:
        return (Clause("standing", False, "the subscriber is paused"),)
    if suppressed:
        return (Clause("standing", False, f"the address is suppressed: {suppressed.reason}"),)
    if revision.accepted_ms is not None and person.joined_ms > revision.accepted_ms:
        return (
            Clause(
                "since",
                False,
                f"it was accepted before these subscriptions began, {utc_text(person.joined_ms)}",
            ),
        )
    if revision.kind.ends:
        return (Clause("told before", False, "it was closed, and they had not been told about it"),)
    return ()
