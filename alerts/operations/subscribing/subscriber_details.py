"""A subscriber as every door shows one: found by address, with the next slots and what stands in the way."""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.channels import CHANNELS, masked
from alerts.errors import NotFound
from alerts.model import (
    Audience,
    Draft,
    Instant,
    Revision,
    Severity,
    Standing,
    Subscriber,
    Subscription,
    subscription_to_dict,
)
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.addresses import destination
from alerts.regions import Tree
from alerts.rules.decisions import Later, decide
from alerts.rules.describing import describe
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Suppression


@dataclass(frozen=True, slots=True)
class SubscriberSummary:
    """A subscriber, and the standing reason not to send to them if there is one."""

    subscriber: Subscriber
    suppression: Suppression | None

    def to_dict(self, tree: Tree) -> dict[str, object]:
        """As `-o json` shows it: `suppressed` is null, or has `reason`, `since` and `by`."""
        return to_dict(self.subscriber, tree) | {"suppressed": suppression_to_dict(self.suppression)}


@dataclass(frozen=True, slots=True)
class SubscriberDetails:
    """A subscriber with what stands beside it: when each subscription is served next, and why it may not be.

    `slots`: what becomes of an update that comes in now, or at the end of a pause, in the order of the
    subscriptions; None for one that goes at once, and while a pause has no end.
    """

    subscriber: Subscriber
    slots: tuple[Later | None, ...]
    suppression: Suppression | None
    now_ms: Instant

    def to_dict(self, tree: Tree) -> dict[str, object]:
        """As `-o json` shows it: what the module's `to_dict` has, and of each subscription its `next` slot.

        `next` is null for what goes at once; `capped` says that it is one line then, for today's cap is
        reached. `suppressed` is null, or has `reason`, `since` and `by`.
        """
        subscriptions = subscriptions_to_dicts(self.subscriber, tree)
        for subscription, slot in zip(subscriptions, self.slots, strict=True):
            subscription["next"] = utc_text(slot.slot_ms if slot else None)
            subscription["capped"] = slot is not None and slot.folded
        return to_dict(self.subscriber, tree) | {
            "subscriptions": subscriptions,
            "suppressed": suppression_to_dict(self.suppression),
        }


def to_dict(subscriber: Subscriber, tree: Tree) -> dict[str, object]:
    """As `-o json` shows it. `since` is when the present subscriptions began.

    `declined` are those that their reader has ended.
    """
    return {
        "address": subscriber.address,
        "channel": subscriber.channel,
        "name": subscriber.name,
        "timezone": subscriber.zone,
        "language": subscriber.language,
        "owner": subscriber.owner,
        "standing": subscriber.standing.value,
        "paused_until": utc_text(subscriber.paused_until_ms),
        "since": utc_text(subscriber.joined_ms),
        "subscriptions": subscriptions_to_dicts(subscriber, tree),
        "declined": _to_dicts(subscriber.declined, tree),
    }


def subscriptions_to_dicts(subscriber: Subscriber, tree: Tree) -> list[dict[str, object]]:
    """Each as its CSV row has it, less what is usual, with its `name`, and it all in `words`.

    A subdivision is named with its country and code: its name is easily mistaken.
    """
    return _to_dicts(subscriber.subscriptions, tree)


def _to_dicts(subscriptions: Iterable[Subscription], tree: Tree) -> list[dict[str, object]]:
    return [subscription_to_dict(s) | {"words": describe(s, tree.located)} for s in subscriptions]


def suppression_to_dict(standing: Suppression | None) -> dict[str, str | None] | None:
    """As `-o json` shows it."""
    if standing is None:
        return None
    return {"reason": reason_of(standing), "since": utc_text(standing.since_ms), "by": standing.by}


def reason_of(standing: Suppression) -> str:
    """Why nothing is sent to an address, and until when if that has an end."""
    if standing.until_ms is None:
        return standing.reason
    return f"{standing.reason}; tried again {utc_text(standing.until_ms)}"


def because(standing: Suppression) -> str:
    """Why nothing is sent to an address, by whom and since when."""
    return f"{reason_of(standing)} (by {standing.by}, since {utc_text(standing.since_ms)})"


def not_sent(standing: Suppression) -> str:
    """What is said wherever somebody is added, imported or shown whom nothing is sent to."""
    return f"Nothing is sent to this address: {because(standing)}."


def suppressions(services: Services, people: Iterable[Subscriber]) -> dict[int, Suppression]:
    """The standing reasons not to send to these people, by their number."""
    listed = list(people)
    found: dict[int, Suppression] = {}
    for channel in CHANNELS:
        addresses = {person.sid: person.address for person in listed if person.channel is channel}
        standing = services.suppressions.find(channel, list(addresses.values()))
        found |= {sid: standing[address] for sid, address in addresses.items() if address in standing}
    return found


def find(services: Services, address: str) -> Subscriber:
    """The subscriber with this address, however it is written. Raises NotFound, BadInput."""
    channel, exact = destination(address)
    found = services.subscribers.find(channel, exact)
    if found is None:
        raise NotFound(
            f"Nobody subscribes as “{masked(exact)}”.",
            "Look for a part of it with `alerts subscribers list PART`.",
        )
    return found


def summary(services: Services, actor: Actor, subscriber: Subscriber) -> SubscriberSummary:
    """A subscriber as they are after a change, and whether anything is sent to them at all."""
    actor.require(Permission.READ)
    return described(services, subscriber)


def described(services: Services, subscriber: Subscriber) -> SubscriberSummary:
    """The same, for whoever has just changed them: who may change need not have the right to look around."""
    return SubscriberSummary(subscriber, suppressions(services, [subscriber]).get(subscriber.sid))


def look_up(services: Services, actor: Actor, address: str) -> SubscriberSummary:
    """A subscriber, and whether anything is sent to them at all. Raises Forbidden, NotFound, BadInput."""
    actor.require(Permission.READ)
    return summary(services, actor, find(services, address))


def show(services: Services, actor: Actor, address: str) -> SubscriberDetails:
    """A subscriber, the next slots and a standing reason not to send. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    return details_of(services, find(services, address))


def details_of(services: Services, found: Subscriber) -> SubscriberDetails:
    """The same of a subscriber whom whoever asks may see: an operator who may, or they themselves."""
    now_ms = services.server.now_ms()
    return SubscriberDetails(
        found,
        tuple(_slot(services, found, subscription, now_ms) for subscription in found.subscriptions),
        suppressions(services, [found]).get(found.sid),
        now_ms,
    )


def _slot(
    services: Services, person: Subscriber, subscription: Subscription, now_ms: Instant
) -> Later | None:
    """When something is sent that the subscription wants and that is neither urgent nor bypasses anything."""
    if person.standing is Standing.PAUSED:
        if person.paused_until_ms is None:
            return None
        now_ms = max(now_ms, person.paused_until_ms)
    wanted = subscription.filter
    some = Draft("", wanted.regions, tags=(*wanted.any_tags, *wanted.all_tags), severity=Severity.UNKNOWN)
    facts = looking(services.tree, services.outlines.log)(Revision("", 1, some, now_ms))
    decision = decide(Audience.of(person.channel, person.zone, [subscription]), facts)
    return decision if isinstance(decision, Later) else None
