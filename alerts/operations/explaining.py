"""Why somebody gets an update, gets it later, or does not; and everything somebody was sent or spared."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from alerts.model import (
    Audience,
    Change,
    Digest,
    Entry,
    Instant,
    Revision,
    Standing,
    State,
    Subscriber,
)
from alerts.operations.instants import utc_text
from alerts.operations.progress import of_update
from alerts.operations.subscribers import find
from alerts.rules.cadence import clock_of, next_slot, window_start
from alerts.rules.decisions import Clause, Later, Now, clauses, decide
from alerts.rules.windows import Window, entries, looking
from alerts.services import Services
from alerts.store import Delivery
from alerts.walk import recipients

#: `trace` looks through so many of the latest updates, so many digests in one round trip.
TRACED_UPDATES, TRACED_AT_ONCE = 1_000, 50


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
    wishes: tuple[SubscriptionVerdict, ...]
    note: str = ""  #: what the ledger or the rules add to the clauses

    def to_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "state": self.state.name.lower() if self.state else None,
            "slot": utc_text(self.slot_ms),
            "subscriptions": [
                {
                    "name": wish.name,
                    "wants": wish.wants,
                    "clauses": [
                        {"clause": c.clause, "holds": c.holds, "because": c.because} for c in wish.clauses
                    ],
                }
                for wish in self.wishes
            ],
        }


def explain(services: Services, address: str, update: str) -> Explanation:
    """Explain the latest revision of an update to one subscriber. Raises NotFound."""
    subscriber = find(services, address)
    revision = services.updates.standing(update)
    digests = {
        name: digest
        for name, digest in of_update(services, update).items()
        if digest.tells(update) == revision.number
    }
    found = services.ledger.find(subscriber.sid, list(digests))
    told = max(found.items(), key=lambda item: _weight(item[1].state), default=None)
    blocker = _blocker(services, subscriber, revision)
    wishes = tuple(
        SubscriptionVerdict(s.name, (*clauses(s.filter, revision.draft, services.tree), *blocker))
        for s in subscriber.subscriptions
    )
    verdict, slot_ms = ("no", None) if blocker else _by_rule(services, subscriber, revision)
    planned = Explanation(subscriber, revision, verdict, None, slot_ms, wishes)
    return _from_ledger(services, planned, digests[told[0]], told[1]) if told else planned


def _weight(state: State) -> int:
    """Of several deliveries of one revision, one that reached somebody says more than one that did not."""
    return 3 if state.reached else 2 if state.in_doubt else 1 if state.owed else 0


def _from_ledger(services: Services, planned: Explanation, digest: Digest, record: Delivery) -> Explanation:
    """What the ledger says stands above what the rules, and wishes as they are now, would say."""
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
    slot_ms, waiting = _next_slot(services, person)
    waits = any(told.update == revision.update for told in waiting)  # it was theirs in an earlier revision
    return ("slot", slot_ms) if waits else ("no", None)


def _blocker(services: Services, person: Subscriber, revision: Revision) -> tuple[Clause, ...]:
    """What keeps somebody from an update whatever they wish for; nothing for most people."""
    suppressed = services.subscribers.suppressions(person.channel, [person.address]).get(person.address)
    if person.standing is Standing.PAUSED:
        return (Clause("standing", False, "the subscriber is paused"),)
    if suppressed:
        return (Clause("standing", False, f"the address is suppressed: {suppressed.reason}"),)
    if revision.accepted_ms is not None and person.joined_ms > revision.accepted_ms:
        return (
            Clause(
                "since", False, f"it was accepted before these wishes began, {utc_text(person.joined_ms)}"
            ),
        )
    if revision.kind.ends:
        return (Clause("told before", False, "it was closed, and they had not been told about it"),)
    return ()


def trace(services: Services, address: str) -> Iterator[dict[str, Any]]:
    """What a subscriber is owed, was sent or was spared of the latest updates. Raises NotFound."""
    person = find(services, address)
    yield from _waiting(services, person)
    digests: dict[str, Digest] = {}
    for update in services.updates.recent(TRACED_UPDATES):
        digests |= of_update(services, update)
    found: dict[str, Delivery] = {}
    names = list(digests)
    for start in range(0, len(names), TRACED_AT_ONCE):
        found |= services.ledger.find(person.sid, names[start : start + TRACED_AT_ONCE])
    frozen = {name: p.frozen_ms for name, p in services.digests.progress(list(found)).items()}
    rows = [(frozen.get(name) or digests[name].horizon_ms, name, record) for name, record in found.items()]
    for at_ms, name, record in sorted(rows, reverse=True, key=lambda row: (row[0], row[1])):
        sent_ms = at_ms + record.offset_s * 1000
        for told in digests[name].entries:
            if told.change is not Change.TOLD:
                yield _row(services, told, sent_ms) | {
                    "how": _how(digests[name]),
                    "state": record.state.name.lower(),
                    "attempts": record.attempt,
                    "digest": name,
                    "note": services.ledger.note(name, person.sid),
                }


def _row(services: Services, told: Entry, at_ms: Instant) -> dict[str, Any]:
    return {
        "at": utc_text(at_ms),
        "update": told.update,
        "revision": told.number,
        "change": told.change.value,
        "headline": services.updates.revision(told.ref).draft.headline,
    }


def _how(digest: Digest) -> str:
    """The occasion of a digest, in words for a table: its clock, if it has one."""
    if digest.clock:
        return digest.clock
    if digest.catch_up:
        return "catch-up"
    return "correction" if digest.correcting else "at once"


def _waiting(services: Services, person: Subscriber) -> Iterator[dict[str, Any]]:
    """What waits for the next slot of this subscriber's clock."""
    slot_ms, waiting = _next_slot(services, person)
    for told in waiting:
        waits = {"how": str(clock_of(person.audience)), "state": "slot", "attempts": 0, "digest": None}
        yield _row(services, told, slot_ms) | waits | {"note": ""}


def _next_slot(services: Services, person: Subscriber) -> tuple[Instant, list[Entry]]:
    """The next slot of this subscriber's clock, and what waits for it by the rule that will tell it then."""
    audience: Audience = person.audience
    clock = clock_of(audience)
    opened_ms = services.audiences.last_opened(clock) if clock else None
    if clock is None or opened_ms is None or person.standing is Standing.PAUSED:
        return 0, []
    slot_ms = next_slot(clock, max(opened_ms, services.server.now_ms()))
    revisions = recipients.whole_updates(services, window_start(clock, opened_ms), slot_ms)
    window = Window(opened_ms, slot_ms, person.joined_ms)
    facts = looking(services.tree, services.updates.accepted)
    found = entries(audience, revisions, facts, window)
    return slot_ms, [told for told in found if told.change is not Change.TOLD]
