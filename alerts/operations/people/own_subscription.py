"""One subscription as its holder changes it on a page: read, looked ahead of, saved, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from alerts.errors import AlertsError, Conflict, FaultsOfParts, Hopeless, NotFound
from alerts.links import list_key
from alerts.model import Subscriber, Subscription, name_of, subscription_to_dict
from alerts.operations.people.coming_in import actor
from alerts.operations.subscribing.altering import alter_own
from alerts.operations.subscribing.requested import Requested, combined, default_name, unnamed
from alerts.operations.subscribing.subscription_preview import SubscriptionPreview, would_have_got
from alerts.operations.subscribing.subscriptions import reader, written
from alerts.services import Services
from alerts.store import BeforeChange
from alerts.texts import Text

#: The key of one that they do not have yet.
NEW = "new"


@dataclass(frozen=True, slots=True)
class EditedSubscription:
    """What somebody has typed of a subscription, and of the zone that goes for all of theirs.

    `faults`: what is wrong with each part, by its name in `Requested`, and `zone`; empty for the whole.
    """

    key: str  #: of the one that it takes the place of, or NEW
    wanted: Subscription
    zone: str
    faults: Mapping[str, AlertsError]


def own_subscription(services: Services, person: Subscriber, key: str) -> Requested:
    """One of their subscriptions in words; a name that nobody chose is left out. Raises NotFound."""
    if key == NEW:
        return Requested(())
    held = person.subscriptions[_position(person, key)]
    named = held.name != default_name(held, services.tree, ())
    return replace(written(held), name=held.name if named else "")


def read_edited(
    services: Services, person: Subscriber, key: str, asked: Requested, zone: str
) -> EditedSubscription:
    """Look up all that was typed. Nothing is written, and no fault is raised."""
    reading, faults = reader(services), FaultsOfParts()
    known_zone = faults.of("zone", lambda: reading.zone(zone), "") or person.zone
    try:
        wanted, wrong = reading.tried(asked)
    except Hopeless as fault:
        wanted, wrong = reading.tried(Requested(()))[0], {"regions": fault}
    return EditedSubscription(key, wanted, known_zone, wrong | faults.found)


def preview_own(
    services: Services, person: Subscriber, edited: EditedSubscription, reads: str
) -> SubscriptionPreview:
    """What they would have got lately, had it been so. Raises Conflict, TooManySubscriptions."""
    wanted = _subscriptions(services, person, edited)
    return would_have_got(services, edited.zone, wanted, reads=reads)


def save_own(services: Services, person: Subscriber, secret: str, edited: EditedSubscription) -> Subscriber:
    """Give them what they have typed, which has no fault; `undo_own` takes it back. Twice is once.

    Raises NotFound for one that they do not have any more, Conflict, TooManySubscriptions.
    """
    if _is_saved(services, person, secret, edited):
        return person
    seen: list[Subscriber] = []

    def changed(before: Subscriber) -> Subscriber:
        seen.append(before)
        subscriptions = _subscriptions(services, before, edited)
        return replace(before, subscriptions=subscriptions, zone=edited.zone)

    action = "subscription.add" if edited.key == NEW else "subscription.set"
    after = alter_own(services, actor(person), action, person.address, changed)
    before = seen[-1]
    if after != before:
        kept = BeforeChange(before.subscriptions, before.zone, _version(after))
        services.sessions.remember(secret, kept)
    return after


def undo_own(services: Services, person: Subscriber, secret: str) -> Subscriber:
    """Take back what was last saved in this session, and nothing that came since. Raises Conflict."""
    session = services.sessions.find(secret)
    before = session.before if session else None

    def restored(now: Subscriber) -> Subscriber:
        if before is None or _version(now) != before.version:
            raise Conflict(
                Text("It was changed again since, or is taken back already."), Text("Change it once more.")
            )
        return replace(now, subscriptions=before.subscriptions, zone=before.zone)

    return alter_own(services, actor(person), "subscription.undo", person.address, restored)


def can_undo(services: Services, person: Subscriber, secret: str) -> bool:
    """Whether what was last saved in this session can still be taken back."""
    session = services.sessions.find(secret)
    return session is not None and session.before is not None and _version(person) == session.before.version


def _is_saved(services: Services, person: Subscriber, secret: str, edited: EditedSubscription) -> bool:
    """Whether it is what this session has saved last: somebody has tapped twice."""
    if edited.zone != person.zone or not can_undo(services, person, secret):
        return False
    is_held = unnamed(edited.wanted) in map(unnamed, person.subscriptions)
    return is_held and edited.key not in {list_key(held.name) for held in person.subscriptions}


def _subscriptions(
    services: Services, person: Subscriber, edited: EditedSubscription
) -> tuple[Subscription, ...]:
    held = person.subscriptions
    if edited.key == NEW:
        return combined(held, [edited.wanted], services.tree)
    position = _position(person, edited.key)
    return combined((), [*held[:position], edited.wanted, *held[position + 1 :]], services.tree)


def _version(person: Subscriber) -> str:
    """A name for what they get, and when: another one after every change of it."""
    return name_of([person.zone, [subscription_to_dict(one) for one in person.subscriptions]])


def _position(person: Subscriber, key: str) -> int:
    for position, subscription in enumerate(person.subscriptions):
        if list_key(subscription.name) == key:
            return position
    raise NotFound(
        Text("You do not have this subscription any more."), Text("See what you have on your page.")
    )
