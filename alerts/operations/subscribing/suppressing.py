"""Standing reasons not to send to an address, subscribed or not: set, lifted and listed by operators."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest

from alerts.channels import CHANNELS, masked
from alerts.errors import Conflict, NotFound
from alerts.model import Channel, Ref, Standing, State, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.requested_values import label
from alerts.operations.subscribing.subscriber_details import reason_of
from alerts.services import Services
from alerts.store import OPERATOR, SUBSCRIBER, Suppression
from alerts.walk import recipients
from alerts.walk.catch_up import catch_up_work
from alerts.walk.receive import COMPLAINT

#: The reason of those of whom nothing else is kept.
ERASED = "they had all that was kept of them erased"
#: Of what an address missed, up to N are sent as they were, each by itself; more come in one digest.
RESENT_MOST = 5
#: How often a subscriber is read again who is being changed by somebody else at the same moment.
TRIES = 3


@dataclass(frozen=True, slots=True)
class SuppressedAddress:
    """An address that nothing is sent to, and why. Of an email every spelling is meant."""

    channel: Channel
    address: str
    suppression: Suppression

    def to_dict(self) -> dict[str, object]:
        standing = self.suppression
        return {
            "address": self.address,
            "channel": self.channel,
            "reason": reason_of(standing),
            "since": utc_text(standing.since_ms),
            "by": standing.by,
        }


def list_suppressions(
    services: Services, actor: Actor, channel: Channel | None = None, limit: int | None = None
) -> Iterator[SuppressedAddress]:
    """Every address that nothing is sent to, in no order; with a `limit`, the newest ones, newest first.

    Memory is bounded by the limit, however many there are. Raises Forbidden.
    """
    actor.require(Permission.READ)
    found = (
        SuppressedAddress(one, address, standing)
        for one in (CHANNELS if channel is None else (channel,))
        for address, standing in services.suppressions.everyone(one)
    )
    if limit is None:
        return found
    return iter(nlargest(limit, found, key=lambda one: one.suppression.since_ms))


def count_suppressions(services: Services, actor: Actor, channel: Channel | None = None) -> int:
    """How many addresses nothing is sent to."""
    actor.require(Permission.READ)
    return sum(services.suppressions.count(one) for one in (CHANNELS if channel is None else (channel,)))


def suppress(services: Services, actor: Actor, address: str, reason: str = "") -> SuppressedAddress:
    """Send nothing to this address again. The first reason stays: what is returned is the one that stands.

    Raises Forbidden, BadInput.
    """
    actor.require(Permission.MANAGE)
    channel, exact = destination(address)
    why = label(reason) or "by operator"
    if services.suppressions.add(channel, exact, why, OPERATOR):
        record(services, actor, "suppression.add", masked(exact), after={"reason": why})
    standing = services.suppressions.find(channel, [exact])
    return SuppressedAddress(channel, exact, standing[exact])


@dataclass(frozen=True, slots=True)
class Lifted:
    """A suppression that stands no more, and what its address gets of what it missed."""

    channel: Channel
    address: str
    was: Suppression
    missed: tuple[str, ...] = ()  #: revisions that were to reach it at once and did not, `ua-talks.r2`
    again: int = 0  #: deliveries that are sent as they were
    catch_up: bool = False  #: the rest, if there is any, comes in one digest
    work: tuple[Work, ...] = ()  #: to ring for


def unsuppress(
    services: Services, actor: Actor, address: str, force: bool = False, catch_up: bool = True
) -> Lifted:
    """Lift the standing reason, and send what was missed and still matters, as after a pause.

    What was missed is named also where it is not sent. Raises Forbidden, and NotFound if there is none. What
    people said themselves, by complaint or by unsubscribing, is lifted only with `force`: Conflict.
    """
    actor.require(Permission.MANAGE)
    channel, exact = destination(address)
    standing = services.suppressions.find(channel, [exact]).get(exact) or _erased(services, channel, exact)
    if standing is None:
        raise NotFound(
            f"Nothing is in the way of “{masked(exact)}”.", "See `alerts trace` for what was sent there."
        )
    if standing.by in (COMPLAINT, SUBSCRIBER) and not force:
        raise Conflict(
            f"They asked for it themselves: {standing.reason}.",
            "Give --force only if they told you that they want to receive again.",
        )
    lifted = lift(services, channel, exact, standing, catch_up)
    note_lifted(services, actor, "suppression.lift", lifted)
    return lifted


def _erased(services: Services, channel: Channel, address: str) -> Suppression | None:
    """Why nothing is sent to somebody of whom nothing is kept."""
    since_ms = services.erased.since(channel, [address]).get(address)
    return None if since_ms is None else Suppression(ERASED, since_ms, SUBSCRIBER)


def note_lifted(services: Services, actor: Actor, action: str, lifted: Lifted) -> None:
    """Write down that a reason stands no more, and which it was."""
    was = {"reason": lifted.was.reason, "by": lifted.was.by}
    record(services, actor, action, masked(lifted.address), before=was, after={"catch_up": lifted.catch_up})


def lift(
    services: Services, channel: Channel, address: str, standing: Suppression, catch_up: bool = True
) -> Lifted:
    """Lift it for whoever may. Deliveries are owed again first: the catch-up tells the rest."""
    services.suppressions.lift(channel, address)
    services.erased.lift(channel, address)
    person = services.subscribers.find(channel, address)
    if person is None:
        return Lifted(channel, address, standing)
    missed = recipients.missed(services, person, standing.since_ms)
    named = tuple(sorted({Ref.of(entry.update, entry.number) for one in missed for entry in one.entries}))
    if person.standing is not Standing.ACTIVE or not catch_up:
        return Lifted(channel, address, standing, named)
    work: list[Work] = []
    again = 0
    if len(missed) <= RESENT_MOST:
        for digest in missed:
            k = services.ledger.batch_of(
                digest.id, person.sid, services.digests.progress([digest.id])[digest.id].batches
            )
            sends, n = services.digests.reopen(digest, k, [person.sid], (State.FAILED, State.SUPPRESSED))
            work += sends
            again += n
    since_ms, held_ms = services.receipts.softs(person.sid) or (standing.since_ms, 0)
    for _ in range(TRIES):
        try:
            back = services.subscribers.save(person, person, True, since_ms, held_ms)
        except (
            Conflict
        ):  # somebody changed their subscriptions in between: what they missed is owed by the new ones
            [person] = services.subscribers.load([person.sid])
        else:
            work.append(catch_up_work(back))
            break
    return Lifted(channel, address, standing, named, again, True, tuple(work))
