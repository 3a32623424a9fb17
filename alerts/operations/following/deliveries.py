"""Who was told of an update and who was not: everybody by name, with what became of theirs and why."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from alerts.errors import BadInput
from alerts.model import Channel, Instant, Ref, State
from alerts.operations.acting import Actor, Permission
from alerts.operations.following.latest_deliveries import LatestDeliveries, PeopleCount, Portion
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.subscriber_details import find, not_sent
from alerts.services import Services
from alerts.store import Delivery, Destination, Suppression

#: What somebody is in for whom it waits for a slot: there is no delivery yet.
SLOT = "slot"
#: What deliveries can be asked for by.
DELIVERY_STATES = (*(state.name.lower() for state in State), SLOT)
#: People who are looked up in one round trip.
PEOPLE_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PersonDelivery:
    """What became of an update for one person."""

    sid: int
    address: str  #: empty for somebody who was removed
    name: str
    channel: Channel
    revision: int
    state: str  #: of the delivery; `slot` while it waits for one
    at_ms: Instant | None  #: when it came to that; None for what has yet to be tried
    next_ms: Instant | None  #: the slot, or when it is tried again
    attempts: int
    words: str  #: the provider's, or why it was not tried
    reason: str  #: what stands in the way now
    digest: str | None

    def to_dict(self) -> dict[str, object]:
        return {
            "address": self.address,
            "name": self.name,
            "channel": self.channel,
            "revision": self.revision,
            "state": self.state,
            "at": utc_text(self.at_ms),
            "next": utc_text(self.next_ms),
            "attempts": self.attempts,
            "words": self.words,
            "reason": self.reason,
            "digest": self.digest,
            "sid": self.sid,
        }


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Everybody who was asked for, as they are read, in no order; and how many there were to begin with."""

    people: int
    rows: Iterator[PersonDelivery]


def deliveries(
    services: Services,
    actor: Actor,
    update: str,
    *,
    states: Collection[str] = (),
    channel: Channel | None = None,
    revision: int | None = None,
    address: str = "",
) -> Deliveries:
    """List everybody whom an update was, is or will be delivered to, each once, with what counts for them.

    That is their latest revision, or the one that is asked for; `address`: of one of them alone. Who is still
    to be matched is not among them: `status` says what is still owed. Memory is bounded. Raises Forbidden,
    NotFound, BadInput.
    """
    actor.require(Permission.READ)
    for state in states:
        if state not in DELIVERY_STATES:
            raise BadInput(f"“{state[:40]}” is no state.", f"There are {', '.join(DELIVERY_STATES)}.")
    services.updates.latest(update)
    if revision is not None:
        services.updates.revision(Ref.of(update, revision))
    latest = LatestDeliveries(services, update, revision)
    if address:
        one = find(services, address)
        if channel not in (None, one.channel):
            return Deliveries(0, iter(()))
        found = list(_rows(services, latest, states, one.channel, one.sid))
        return Deliveries(len(found), iter(found))

    def asked_for(count: PeopleCount) -> bool:
        state = count.state.name.lower() if count.state else SLOT
        return channel in (None, count.channel) and (not states or state in states)

    people = sum(count.people for count in latest.counts() if asked_for(count))
    return Deliveries(people, _rows(services, latest, states, channel))


def _rows(
    services: Services,
    latest: LatestDeliveries,
    states: Collection[str],
    channel: Channel | None,
    only: int | None = None,
) -> Iterator[PersonDelivery]:
    """The rows of everybody, or of one person: nobody else is looked up then."""
    down = services.breakers.tripped()
    for portion in latest.portions():
        if channel not in (None, portion.source.channel):
            continue
        wanted = (
            (sid, record)
            for sid, record in portion.records.items()
            if only in (None, sid)
            and (not states or (record.state.name.lower() if record else SLOT) in states)
        )
        while some := dict(islice(wanted, PEOPLE_AT_ONCE)):
            yield from _named(services, portion, some, down.get(portion.source.channel, ""))


def _named(
    services: Services, portion: Portion, records: Mapping[int, Delivery | None], down: str
) -> Iterator[PersonDelivery]:
    """These people by address and name, with the provider's words and what stands in the way."""
    source, sids = portion.source, list(records)
    people = services.subscribers.destinations(sids)
    standing = services.suppressions.find(source.channel, [p.address for p in people if p.address])
    names = services.subscribers.names(sids)
    digest = source.digest.id if source.digest else None
    words = services.ledger.notes(digest, sids) if digest else {}
    for person in people:
        record = records[person.sid]
        at_ms, next_ms = _times(record, portion.frozen_ms) if record else (None, source.slot_ms)
        yield PersonDelivery(
            person.sid,
            person.address,
            names.get(person.sid, ""),
            source.channel,
            source.revision,
            record.state.name.lower() if record else SLOT,
            at_ms,
            next_ms,
            record.attempt if record else 0,
            words.get(person.sid, ""),
            _in_the_way(person, standing.get(person.address), down if record and record.state.owed else ""),
            digest,
        )


def _times(record: Delivery, frozen_ms: Instant | None) -> tuple[Instant | None, Instant | None]:
    """When a delivery came to its state, and when it is tried again."""
    if frozen_ms is None or record.state in (State.QUEUED, State.SENDING):
        return None, None
    at_ms = frozen_ms + record.offset_s * 1000
    return (None, at_ms) if record.state.owed else (at_ms, None)


def _in_the_way(person: Destination, suppression: Suppression | None, down: str) -> str:
    if not person.address:
        return f"Subscriber {person.sid} was removed."
    if suppression is not None:
        return not_sent(suppression)
    if not person.active:
        return "The subscriber is paused."
    return f"The route is down: {down}" if down else ""
