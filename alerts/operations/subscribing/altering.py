"""A change of one subscriber: read, altered, written, audited; begun again if another was quicker."""

from collections.abc import Callable

from alerts.channels import masked
from alerts.errors import Conflict
from alerts.model import Standing, Subscriber, Work, name_of, subscription_to_dict
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import utc_text
from alerts.operations.subscribing.subscriber_details import find
from alerts.regions import Tree
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.walk.catch_up import catch_up_work

#: Is told a subscriber as they were before a change and as they are after it.
Kept = Callable[[Subscriber, Subscriber], None]
#: How often a change begins again when others change the same subscriber at the same moment.
TRIES = 5


class Stale(Conflict):
    """Somebody changed it since it was looked at, and whoever acts said what they had seen."""

    code = "stale"


def alter(
    services: Services,
    actor: Actor,
    action: str,
    address: str,
    change: Callable[[Subscriber], Subscriber],
    *,
    expected: str | None = None,
) -> Subscriber:
    """Write what `change` makes of a subscriber; a gap is caught up on. What changes nothing is no change.

    `expected`: the version that was seen, or none to change whatever is there. Raises Forbidden, NotFound,
    Stale where it is another one, and Conflict if others keep changing them.
    """
    actor.require(Permission.MANAGE)
    return _altered(services, actor, action, address, change, expected=expected)


def alter_own(
    services: Services,
    actor: Actor,
    action: str,
    address: str,
    change: Callable[[Subscriber], Subscriber],
    *,
    kept: Kept | None = None,
) -> Subscriber:
    """The same for a reader whose link was checked, and what is theirs; a change is also told to `kept`.

    Raises NotFound, Conflict.
    """
    return _altered(services, actor, action, address, change, expected=None, kept=kept)


def _altered(
    services: Services,
    actor: Actor,
    action: str,
    address: str,
    change: Callable[[Subscriber], Subscriber],
    *,
    expected: str | None,
    kept: Kept | None = None,
) -> Subscriber:
    tries = TRIES
    while True:
        before = find(services, address)
        require_version(before, expected)
        after = change(before)
        if after == before:
            return before
        try:
            saved = services.subscribers.save(after, before, catch_up=True)
        except Conflict:
            tries -= 1
            if not tries:
                raise
        else:
            note(services, actor, action, before, saved)
            if kept is not None:
                kept(before, saved)
            return saved


def version_of(subscriber: Subscriber) -> str:
    """A name for all that is kept of somebody: another one after every change."""
    return name_of(
        [
            subscriber.address,
            subscriber.name,
            subscriber.zone,
            subscriber.standing.value,
            subscriber.paused_until_ms,
            subscriber.joined_ms,
            [subscription_to_dict(subscription) for subscription in subscriber.subscriptions],
            *([[subscription_to_dict(s) for s in subscriber.declined]] if subscriber.declined else []),
            *([f"owner {subscriber.owner}"] if subscriber.owner else []),
            *([f"language {subscriber.language}"] if subscriber.language else []),
        ]
    )[:16]


def require_version(subscriber: Subscriber, expected: str | None) -> None:
    """Raises Stale unless they are as they were seen."""
    if expected is not None and version_of(subscriber) != expected:
        raise Stale(
            f"{masked(subscriber.address)} was changed since it was read.",
            "Read it again, then change what is there.",
        )


def work_left(services: Services, changed: Subscriber) -> list[Work]:
    """What a change has left to ring for: they are caught up with, if their subscriptions began anew."""
    return services.due.owed_among([catch_up_work(changed)])


def note(
    services: Services, actor: Actor, action: str, before: Subscriber | None, after: Subscriber | None
) -> None:
    """Write down what changed about a subscriber, and no more; None: they were not there, or are gone."""
    was, now = in_short(before, services.tree), in_short(after, services.tree)
    person = after or before
    record(
        services,
        actor,
        action,
        masked(person.address) if person else "",
        before={name: value for name, value in was.items() if now.get(name) != value},
        after={name: value for name, value in now.items() if was.get(name) != value},
    )


def in_short(subscriber: Subscriber | None, tree: Tree) -> dict[str, object]:
    """What is worth remembering of a subscriber once it has changed; what is usual is left out."""
    if subscriber is None:
        return {}
    paused = subscriber.standing is Standing.PAUSED
    short: dict[str, object] = {
        "name": subscriber.name,
        "timezone": subscriber.zone,
        "language": subscriber.language,
        "owner": masked(subscriber.owner),
        "paused": paused,
        "until": utc_text(subscriber.paused_until_ms),
        "subscriptions": {s.name: describe(s, tree.located) for s in subscriber.subscriptions},
        "declined": {s.name: describe(s, tree.located) for s in subscriber.declined},
    }
    return {name: value for name, value in short.items() if value}
