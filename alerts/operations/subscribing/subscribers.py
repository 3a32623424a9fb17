"""Subscribers, one at a time: added, changed, paused, resumed, removed. No change leaves a gap."""

from collections.abc import Iterable
from dataclasses import replace

from alerts import languages
from alerts.channels import masked
from alerts.errors import BadInput, Conflict
from alerts.model import Channel, Instant, Standing, Subscriber, Subscription
from alerts.operations.acting import Actor, Permission
from alerts.operations.subscribing.addresses import destination, owner_named
from alerts.operations.subscribing.altering import TRIES, alter, note, require_version
from alerts.operations.subscribing.requested import combined, undeclined, unnamed
from alerts.operations.subscribing.requested_values import label
from alerts.operations.subscribing.subscriber_details import find
from alerts.rules.cadence import zone as zone_named
from alerts.services import Services


class WasErased(Conflict):
    """They had all that was kept of them erased, and nobody has said that they ask for it again."""

    code = "erased"


def add(
    services: Services,
    actor: Actor,
    address: str,
    subscriptions: Iterable[Subscription],
    *,
    channel: Channel | None = None,
    name: str = "",
    zone: str = "",
    language: str = "",
    owner: str = "",
    catch_up: bool = False,
) -> Subscriber:
    """Add a subscriber, in UTC unless a zone is given; `catch_up` also tells them where things stand.

    Raises Forbidden, BadInput, and Conflict if the address subscribes already.
    """
    actor.require(Permission.MANAGE)
    channel, exact = destination(address, channel)
    if (held := services.subscribers.find(channel, exact)) is not None:
        spelt = "" if held.address == exact else f", as “{masked(held.address)}”"
        raise Conflict(
            f"“{masked(exact)}” is a subscriber already{spelt}.",
            f"Add to what they get with `alerts subscriptions add {masked(exact)}`.",
        )
    if exact in services.erased.since(channel, [exact]):
        raise WasErased(
            f"“{masked(exact)}” was erased at their own wish.",
            f"Only if they ask for it: `alerts unsuppress {masked(exact)} --force`, then add them.",
        )
    wanted = _wanted(services, subscriptions)
    new = Subscriber(
        0,
        channel,
        exact,
        zone_named(zone or "UTC"),
        wanted,
        0,
        label(name),
        owner=owner_named(owner),
        language=languages.canonical(language),
    )
    added = services.subscribers.save(new, None, catch_up)
    note(services, actor, "subscriber.add", None, added)
    return added


def ensure(
    services: Services,
    actor: Actor,
    address: str,
    subscriptions: Iterable[Subscription],
    *,
    channel: Channel | None = None,
    name: str = "",
    zone: str = "",
    language: str = "",
    owner: str = "",
    catch_up: bool = False,
) -> tuple[Subscriber, bool]:
    """Add a subscriber, unless they are there already and want just this: asked for twice, done once.

    The second part of the result is whether they were added. Raises what `add` raises.
    """
    actor.require(Permission.MANAGE)
    wanted = tuple(subscriptions)
    try:
        given = {"name": name, "zone": zone, "language": language, "owner": owner}
        added = add(services, actor, address, wanted, channel=channel, catch_up=catch_up, **given)
    except WasErased:
        raise
    except Conflict:
        held = find(services, address)
        of_them = zone_named(zone or "UTC"), languages.canonical(language), owner_named(owner)
        alike = (label(name), *of_them, [unnamed(s) for s in wanted])
        now = (held.name, held.zone, held.language, held.owner, [unnamed(s) for s in held.subscriptions])
        if now != alike:
            raise
        return held, False
    return added, True


def change(
    services: Services,
    actor: Actor,
    address: str,
    name: str | None = None,
    zone: str | None = None,
    *,
    language: str | None = None,
    owner: str | None = None,
    expected: str | None = None,
) -> Subscriber:
    """Give a subscriber another name, zone, language or owner; what is None stays.

    Raises Forbidden, NotFound, BadInput, Stale: see `alter` for `expected`.
    """

    def changed(before: Subscriber) -> Subscriber:
        return replace(
            before,
            name=before.name if name is None else label(name),
            zone=before.zone if zone is None else zone_named(zone),
            language=before.language if language is None else languages.canonical(language),
            owner=before.owner if owner is None else owner_named(owner),
        )

    return alter(services, actor, "subscriber.change", address, changed, expected=expected)


def replace_subscriber(
    services: Services,
    actor: Actor,
    address: str,
    subscriptions: Iterable[Subscription],
    *,
    name: str,
    zone: str,
    language: str = "",
    owner: str = "",
    expected: str | None = None,
) -> Subscriber:
    """Put all that somebody wants in the place of what they wanted. What they newly cover is caught up on.

    What they have ended themselves stays out: this is how programs keep people as a list of theirs has them.

    Raises Forbidden, NotFound, BadInput, Conflict, Stale; Conflict also if they have ended all of it.
    """
    actor.require(Permission.MANAGE)
    wanted = _wanted(services, subscriptions)

    def replaced(before: Subscriber) -> Subscriber:
        left = undeclined(before, wanted)
        if not left:
            raise Conflict(
                f"{before.address} has ended all of these by the link in an email.",
                f"If they want one again, `alerts subscriptions add {before.address}` brings it back.",
            )
        return replace(
            before,
            name=label(name),
            zone=zone_named(zone or "UTC"),
            language=languages.canonical(language),
            owner=owner_named(owner),
            subscriptions=left,
        )

    return alter(services, actor, "subscriber.change", address, replaced, expected=expected)


def pause(
    services: Services,
    actor: Actor,
    address: str,
    until_ms: Instant | None = None,
    *,
    expected: str | None = None,
) -> Subscriber:
    """Send nothing until `resume`, or until an instant to come. Raises Forbidden, NotFound, Stale."""

    def paused(before: Subscriber) -> Subscriber:
        return replace(before, standing=Standing.PAUSED, paused_until_ms=until_ms)

    return alter(services, actor, "subscriber.pause", address, paused, expected=expected)


def resume(services: Services, actor: Actor, address: str, *, expected: str | None = None) -> Subscriber:
    """Send again, and catch up at once on what the pause left out. Raises Forbidden, NotFound, Stale."""

    def resumed(before: Subscriber) -> Subscriber:
        return replace(before, standing=Standing.ACTIVE, paused_until_ms=None)

    return alter(services, actor, "subscriber.resume", address, resumed, expected=expected)


def remove(services: Services, actor: Actor, address: str, *, expected: str | None = None) -> Subscriber:
    """Forget a subscriber; what they were sent stays in the ledger, by number.

    Raises Forbidden, NotFound, Conflict, Stale.
    """
    actor.require(Permission.MANAGE)
    gone = find(services, address)
    for _ in range(TRIES):
        require_version(gone, expected)
        services.subscribers.remove(gone)
        left = services.subscribers.find(gone.channel, gone.address)
        if left is None or left.sid != gone.sid:  # of two of old who are one person, the other one
            note(services, actor, "subscriber.remove", gone, None)
            return gone
        gone = left  # somebody changed their subscriptions in between
    raise Conflict("Others keep changing this subscriber at this moment.", "Try again.")


def _wanted(services: Services, subscriptions: Iterable[Subscription]) -> tuple[Subscription, ...]:
    wanted = combined((), subscriptions, services.tree)
    if not wanted:
        raise BadInput("A subscriber needs a subscription.", "Name a region.")
    return wanted
