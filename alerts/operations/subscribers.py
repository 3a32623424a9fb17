"""Subscribers and their subscriptions, one at a time: found, added, changed, paused, resumed, removed.

Every change reads, alters and writes, and begins again if somebody else was quicker; none opens a gap.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from alerts.channels import CHANNELS
from alerts.errors import BadInput, Conflict, NotFound, did_you_mean
from alerts.model import (
    Audience,
    Channel,
    Draft,
    Instant,
    Revision,
    Severity,
    Standing,
    Subscriber,
    Subscription,
    Work,
    subscription_to_dict,
)
from alerts.operations.addresses import destination
from alerts.operations.instants import utc_text
from alerts.operations.wishes import Reader, combined, label
from alerts.regions import Tree
from alerts.rules.cadence import zone as zone_named
from alerts.rules.decisions import Later, decide, describe
from alerts.rules.windows import looking
from alerts.services import Services
from alerts.store import Suppression
from alerts.walk.catch_up import catch_up_work

#: How often a change begins again when others change the same subscriber at the same moment.
TRIES = 5


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

    def to_dict(self, tree: Tree) -> dict[str, Any]:
        """As `-o json` shows it: what the module's `to_dict` has, and of each subscription its `next` slot.

        `next` is null for what goes at once; `capped` says that it is one line then, for today's cap is
        reached. `suppressed` is null, or has `reason`, `since` and `by`.
        """
        whole = to_dict(self.subscriber, tree)
        for subscription, slot in zip(whole["subscriptions"], self.slots, strict=True):
            subscription["next"] = utc_text(slot.slot_ms if slot else None)
            subscription["capped"] = slot is not None and slot.folded
        return whole | {"suppressed": suppression_to_dict(self.suppression)}


def to_dict(subscriber: Subscriber, tree: Tree) -> dict[str, Any]:
    """As `-o json` shows it. `since` is when the present wishes began.

    Each of `subscriptions` has what its CSV row has, less what is usual, its `name`, and it all in `words`,
    a subdivision with its country and code: its name is easily mistaken.
    """
    return {
        "address": subscriber.address,
        "channel": subscriber.channel,
        "name": subscriber.name,
        "timezone": subscriber.zone,
        "standing": subscriber.standing.value,
        "paused_until": utc_text(subscriber.paused_until_ms),
        "since": utc_text(subscriber.joined_ms),
        "subscriptions": [
            subscription_to_dict(s) | {"words": describe(s, tree.located)} for s in subscriber.subscriptions
        ],
    }


def suppression_to_dict(standing: Suppression | None) -> dict[str, Any] | None:
    """As `-o json` shows it."""
    if standing is None:
        return None
    return {"reason": standing.reason, "since": utc_text(standing.since_ms), "by": standing.by}


def because(standing: Suppression) -> str:
    """Why nothing is sent to an address, by whom and since when."""
    return f"{standing.reason} (by {standing.by}, since {utc_text(standing.since_ms)})"


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


def reader(services: Services, new_tags: bool = False) -> Reader:
    """What reads wishes against the region tree and the present tag list."""
    return Reader(services.tree, services.tags.all(), new_tags)


def find(services: Services, address: str) -> Subscriber:
    """The subscriber with this address, however it is written. Raises NotFound, BadInput."""
    channel, exact = destination(address)
    found = services.subscribers.find(channel, exact)
    if found is None:
        raise NotFound(
            f"Nobody subscribes as “{exact}”.", "List the addresses with `alerts subscribers list`."
        )
    return found


def show(services: Services, address: str) -> SubscriberDetails:
    """A subscriber, the next slots and a standing reason not to send. Raises NotFound."""
    found = find(services, address)
    now_ms = services.server.now_ms()
    return SubscriberDetails(
        found,
        tuple(_slot(services, found, subscription, now_ms) for subscription in found.subscriptions),
        suppressions(services, [found]).get(found.sid),
        now_ms,
    )


def _slot(services: Services, person: Subscriber, wish: Subscription, now_ms: Instant) -> Later | None:
    """When something is told that the subscription wants and that is neither urgent nor bypasses anything."""
    if person.standing is Standing.PAUSED:
        if person.paused_until_ms is None:
            return None
        now_ms = max(now_ms, person.paused_until_ms)
    wanted = wish.filter
    some = Draft("", wanted.regions, tags=(*wanted.any_tags, *wanted.all_tags), severity=Severity.UNKNOWN)
    facts = looking(services.tree, services.updates.accepted)(Revision("", 1, some, now_ms))
    decision = decide(Audience.of(person.channel, person.zone, [wish]), facts)
    return decision if isinstance(decision, Later) else None


def everyone(
    services: Services, channel: Channel | None = None, region: str = "", paused: bool = False
) -> Iterator[Subscriber]:
    """All subscribers, or those of a channel, those told of a region, those who are paused; in no order."""
    related = services.tree.related([services.tree.find(region)]) if region else None
    for subscriber in services.subscribers.everyone(channel):
        if paused and subscriber.standing is not Standing.PAUSED:
            continue
        if related is None or any(not related.isdisjoint(s.filter.regions) for s in subscriber.subscriptions):
            yield subscriber


def add(
    services: Services,
    address: str,
    subscriptions: Iterable[Subscription],
    *,
    channel: Channel | None = None,
    name: str = "",
    zone: str = "",
    catch_up: bool = False,
) -> Subscriber:
    """Add a subscriber, in UTC unless a zone is given; `catch_up` also tells them where things stand.

    Raises Conflict if the address subscribes already, BadInput.
    """
    channel, exact = destination(address, channel)
    if (held := services.subscribers.find(channel, exact)) is not None:
        spelt = "" if held.address == exact else f", as “{held.address}”"
        raise Conflict(
            f"“{exact}” is a subscriber already{spelt}.",
            f"Add to what they get with `alerts subscriptions add {exact}`.",
        )
    wanted = combined((), subscriptions, services.tree)
    if not wanted:
        raise BadInput("A subscriber needs a subscription.", "Name a region.")
    new = Subscriber(0, channel, exact, zone_named(zone or "UTC"), wanted, 0, label(name))
    return services.subscribers.save(new, None, catch_up)


def change(services: Services, address: str, name: str | None = None, zone: str | None = None) -> Subscriber:
    """Give a subscriber another name or zone; what is None stays. Raises NotFound, BadInput."""

    def changed(before: Subscriber) -> Subscriber:
        return replace(
            before,
            name=before.name if name is None else label(name),
            zone=before.zone if zone is None else zone_named(zone),
        )

    return _alter(services, address, changed)


def pause(services: Services, address: str, until_ms: Instant | None = None) -> Subscriber:
    """Send nothing until `resume`, or until an instant to come. Raises NotFound."""

    def paused(before: Subscriber) -> Subscriber:
        return replace(before, standing=Standing.PAUSED, paused_until_ms=until_ms)

    return _alter(services, address, paused)


def resume(services: Services, address: str) -> Subscriber:
    """Send again, and catch up at once on what the pause left out. Raises NotFound."""
    return _alter(
        services, address, lambda before: replace(before, standing=Standing.ACTIVE, paused_until_ms=None)
    )


def subscribe(services: Services, address: str, subscription: Subscription) -> Subscriber:
    """Add a subscription. Raises NotFound, Conflict naming the one that asks for the same."""
    return _alter(
        services,
        address,
        lambda before: replace(
            before, subscriptions=combined(before.subscriptions, [subscription], services.tree)
        ),
    )


def unsubscribe(services: Services, address: str, name: str) -> Subscriber:
    """Take the subscription of this name away. Raises NotFound; Conflict if it is the only one."""

    def without(before: Subscriber) -> Subscriber:
        kept = tuple(s for s in before.subscriptions if s.name.casefold() != name.strip().casefold())
        if len(kept) == len(before.subscriptions):
            names = [s.name for s in before.subscriptions]
            near = [f"“{match}”" for match in get_close_matches(name[:200], names, n=3, cutoff=0.4)]
            raise NotFound(
                f"{before.address} has no subscription “{name[:80]}”.",
                did_you_mean(near, f"alerts subscriptions list {before.address}"),
            )
        if not kept:
            raise Conflict(
                f"It is the only subscription of {before.address}.",
                f"Stop all of it with `alerts subscribers pause {before.address}`, or `remove` for good.",
            )
        return replace(before, subscriptions=kept)

    return _alter(services, address, without)


def work_left(services: Services, changed: Subscriber) -> list[Work]:
    """What a change has left to ring for: they are caught up with, if their subscriptions began anew."""
    return services.due.owed_among([catch_up_work(changed)])


def remove(services: Services, address: str) -> Subscriber:
    """Forget a subscriber; what they were sent stays in the ledger, by number. Raises NotFound, Conflict."""
    gone = find(services, address)
    for _ in range(TRIES):
        services.subscribers.remove(gone)
        left = services.subscribers.find(gone.channel, gone.address)
        if left is None or left.sid != gone.sid:  # of two of old who are one person, the other one
            return gone
        gone = left  # somebody changed their wishes in between
    raise Conflict("Others keep changing this subscriber at this moment.", "Try again.")


def _alter(services: Services, address: str, change: Callable[[Subscriber], Subscriber]) -> Subscriber:
    """Write what `change` makes of a subscriber, anew if it was changed in between; a gap is caught up."""
    tries = TRIES
    while True:
        before = find(services, address)
        after = change(before)
        if after == before:
            return before
        try:
            return services.subscribers.save(after, before, catch_up=True)
        except Conflict:
            tries -= 1
            if not tries:
                raise
