"""What one subscriber gets: subscriptions read from words, added, changed and taken away by their names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from alerts.channels import masked
from alerts.errors import Conflict, NotFound, did_you_mean
from alerts.model import Severity, Subscriber, Subscription
from alerts.operations.acting import Actor, Permission
from alerts.operations.subscribing.altering import alter
from alerts.operations.subscribing.requested import Reader, Requested, combined, default_name, undeclined
from alerts.operations.tags import admit_tags
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """What is to be different about a subscription, in words. None: as it is; empty: as it usually is."""

    regions: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    all_tags: tuple[str, ...] | None = None
    none_tags: tuple[str, ...] | None = None
    min_severity: str | None = None
    cadence: str | None = None
    quiet_hours: str | None = None
    bypass: str | None = None
    daily_cap: str | None = None
    all_quiet: str | None = None
    name: str | None = None

    @property
    def given(self) -> dict[str, object]:
        """The parts that are to change."""
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in parts.items() if value is not None}


def reader(
    services: Services, new_tags: bool = False, find_region: Callable[[str], str] | None = None
) -> Reader:
    """What reads subscriptions, by the present tags and by the tree of regions or what finds places in it."""
    return Reader(find_region or services.tree.find, services.tags.all(), new_tags)


def read_requested(
    services: Services, actor: Actor, asked: Requested, new_tags: bool = False
) -> Subscription:
    """Look a subscription up; with `new_tags`, what is no tag yet goes on the list.

    Raises Forbidden, and BadInput for what means nothing.
    """
    actor.require(Permission.MANAGE)
    reading = reader(services, new_tags)
    subscription = reading.read(asked)
    admit_tags(services, actor, reading.added)
    return subscription


def subscribe(
    services: Services, actor: Actor, address: str, subscription: Subscription, *, expected: str | None = None
) -> Subscriber:
    """Add a subscription, be it one that its reader has ended: an operator who adds it by hand was asked to.

    Raises Forbidden, NotFound, Stale, and Conflict naming the one that asks for the same.
    """

    def extended(before: Subscriber) -> Subscriber:
        others = [s for s in before.declined if undeclined(replace(before, declined=(s,)), [subscription])]
        wanted = combined(before.subscriptions, [subscription], services.tree)
        return replace(before, subscriptions=wanted, declined=tuple(others))

    return alter(services, actor, "subscription.add", address, extended, expected=expected)


def change_subscription(
    services: Services,
    actor: Actor,
    address: str,
    name: str,
    changes: SubscriptionChange,
    *,
    new_tags: bool = False,
    expected: str | None = None,
) -> Subscriber:
    """Change the subscription of this name, and nothing else about it. What it newly covers is caught up on.

    A name that nobody chose follows what it describes. Raises Forbidden, BadInput, NotFound, Stale, and
    Conflict if another one asks for the same afterwards.
    """
    actor.require(Permission.MANAGE)
    reading = reader(services, new_tags)

    def changed(before: Subscriber) -> Subscriber:
        position = _position(before, name)
        held = before.subscriptions[position]
        by_default = held.name == default_name(held, services.tree, ())
        asked = replace(written(held), name="" if by_default else held.name)
        new = reading.read(replace(asked, **changes.given))  # type: ignore[arg-type]  # names are checked
        everything = [*before.subscriptions[:position], new, *before.subscriptions[position + 1 :]]
        after = replace(before, subscriptions=combined((), everything, services.tree))
        admit_tags(services, actor, reading.added)
        return after

    return alter(services, actor, "subscription.set", address, changed, expected=expected)


def unsubscribe(
    services: Services, actor: Actor, address: str, name: str, *, expected: str | None = None
) -> Subscriber:
    """Take the subscription of this name away.

    Raises Forbidden, NotFound, Stale; Conflict if it is the only one.
    """

    def without(before: Subscriber) -> Subscriber:
        position = _position(before, name)
        kept = before.subscriptions[:position] + before.subscriptions[position + 1 :]
        if not kept:
            raise Conflict(
                f"It is the only subscription of {masked(before.address)}.",
                f"Stop all of it with `alerts subscribers pause {masked(before.address)}`, or `remove`"
                " for good.",
            )
        return replace(before, subscriptions=kept)

    return alter(services, actor, "subscription.remove", address, without, expected=expected)


def written(held: Subscription) -> Requested:
    """A subscription in the words that are read back to it."""
    wanted = held.filter
    return Requested(
        wanted.regions,
        wanted.any_tags,
        wanted.all_tags,
        wanted.none_tags,
        "" if wanted.min_severity is Severity.MINOR else wanted.min_severity.value,
        str(held.cadence),
        str(held.quiet or ""),
        held.bypass.value if held.bypass else "",
        str(held.cap or ""),
        "yes" if held.all_quiet else "",
        held.name,
    )


def _position(subscriber: Subscriber, name: str) -> int:
    names: Sequence[str] = [s.name.casefold() for s in subscriber.subscriptions]
    sought = name.strip().casefold()
    if sought in names:
        return names.index(sought)
    near = get_close_matches(name[:200], [s.name for s in subscriber.subscriptions], n=3, cutoff=0.4)
    raise NotFound(
        f"{masked(subscriber.address)} has no subscription “{name[:80]}”.",
        did_you_mean(
            [f"“{match}”" for match in near], f"alerts subscriptions list {masked(subscriber.address)}"
        ),
    )
