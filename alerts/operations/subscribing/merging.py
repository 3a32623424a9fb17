"""Two subscribers who are one person, spelt otherwise, become one.

Only a store of before addresses were folded has such: since then nobody is taken in twice.
"""

from dataclasses import replace

from alerts.channels import identity
from alerts.errors import BadInput, Conflict
from alerts.model import Standing, Subscriber
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.subscribing.altering import TRIES, in_short
from alerts.operations.subscribing.requested import combined, unnamed
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services


def doubles(services: Services, actor: Actor, keep: str, other: str) -> tuple[Subscriber, Subscriber]:
    """The two as they are, each as it is spelt. Raises Forbidden, NotFound, and BadInput for who is not one
    person, or is one subscriber already.
    """
    actor.require(Permission.READ)
    return _doubles(services, keep, other)


def _doubles(services: Services, keep: str, other: str) -> tuple[Subscriber, Subscriber]:
    kept, gone = find(services, keep), find(services, other)
    people = {identity(person.channel, person.address) for person in (kept, gone)}
    if len(people) > 1 or kept.channel is not gone.channel:
        raise BadInput(
            f"{kept.address} and {gone.address} are two people, not two spellings of one.",
            "`alerts check --index` names those that can be merged.",
        )
    if kept.sid == gone.sid:
        raise BadInput(f"{kept.address} is one subscriber already.", "There is nothing to merge.")
    return kept, gone


def merge(services: Services, actor: Actor, keep: str, other: str) -> Subscriber:
    """Let `keep` have all that either asks for, and `other` go: nobody is told twice, and nothing is lost.

    The name, the zone and the spelling are those of `keep`, the name of `other` where it has none. Nothing is
    sent only if both pause. Whatever stands against the address stands, for it is against the person, and
    links in mails to either work. What is with a relay at this very instant may come twice. Raises
    Forbidden, NotFound, BadInput, and Conflict if others keep changing them.
    """
    actor.require(Permission.MANAGE)
    services.installation.fold()
    for _ in range(TRIES):
        kept, gone = _doubles(services, keep, other)
        try:
            merged = services.subscribers.merge(_united(services, kept, gone), kept, gone)
        except Conflict:
            continue
        was, now = in_short(kept, services.tree), in_short(merged, services.tree)
        record(
            services,
            actor,
            "subscriber.merge",
            merged.address,
            before={name: value for name, value in was.items() if now.get(name) != value},
            after={name: value for name, value in now.items() if was.get(name) != value}
            | {"merged": gone.address},
        )
        return merged
    raise Conflict("Others keep changing these subscribers at this moment.", "Try again.")


def _united(services: Services, kept: Subscriber, gone: Subscriber) -> Subscriber:
    held = {unnamed(s) for s in kept.subscriptions}
    names = {s.name.casefold() for s in kept.subscriptions}
    more = [s for s in gone.subscriptions if unnamed(s) not in held]
    free = [replace(s, name="") if s.name.casefold() in names else s for s in more]
    wanted = combined(kept.subscriptions, free, services.tree)
    asked = {unnamed(s) for s in wanted}
    declined = {unnamed(s): s for s in (*gone.declined, *kept.declined) if unnamed(s) not in asked}
    pausing = kept.standing is gone.standing is Standing.PAUSED
    return replace(
        kept,
        name=kept.name or gone.name,
        owner=kept.owner or gone.owner,
        language=kept.language or gone.language,
        subscriptions=wanted,
        declined=tuple(declined.values()),
        standing=Standing.PAUSED if pausing else Standing.ACTIVE,
        paused_until_ms=kept.paused_until_ms if pausing else None,
    )
