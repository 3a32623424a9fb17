"""One subscription as its holder changes it on a page: read, looked ahead of, saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from alerts.errors import AlertsError, Conflict, FaultsOfParts, NotFound
from alerts.links import list_key
from alerts.model import Subscriber, Subscription, subscription_from_dict
from alerts.operations.people.coming_in import actor
from alerts.operations.people.undoing import Deed, keeping, undoable
from alerts.operations.subscribing.altering import alter_own
from alerts.operations.subscribing.requested import Requested, combined, default_name, tried, unnamed
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscription_preview import SubscriptionPreview, would_have_got
from alerts.operations.subscribing.subscriptions import reader, written
from alerts.services import Services
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
    services: Services,
    person: Subscriber,
    key: str,
    asked: Requested,
    zone: str,
    *,
    find_region: Callable[[str], str],
) -> EditedSubscription:
    """Look up all that was typed, places by `find_region`. Nothing is written, and no fault is raised."""
    reading, faults = reader(services, find_region=find_region), FaultsOfParts()
    known_zone = faults.of("zone", lambda: reading.zone(zone), "") or person.zone
    wanted, wrong = tried(reading, asked)
    return EditedSubscription(key, wanted, known_zone, {**wrong, **faults.found})


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

    def changed(before: Subscriber) -> Subscriber:
        subscriptions = _subscriptions(services, before, edited)
        return replace(before, subscriptions=subscriptions, zone=edited.zone)

    deed = Deed.ADD if edited.key == NEW else Deed.CHANGE
    action = "subscription.add" if deed is Deed.ADD else "subscription.set"
    kept = keeping(services, secret, deed)
    try:
        return alter_own(services, actor(person), action, person.address, changed, kept=kept)
    except (Conflict, NotFound):
        now = find(services, person.address)  # the first tap may have saved it since this page was opened
        if _is_saved(services, now, secret, edited):
            return now
        raise


def _is_saved(services: Services, person: Subscriber, secret: str, edited: EditedSubscription) -> bool:
    """Whether it is what this session has saved last: somebody has tapped twice."""
    last = undoable(services, person, secret)
    if edited.zone != person.zone or last is None or last.deed not in (Deed.ADD, Deed.CHANGE):
        return False
    before = [subscription_from_dict(one) for one in last.before.get("subscriptions", ())]
    made = [unnamed(held) for held in person.subscriptions if held not in before]
    is_made = unnamed(edited.wanted) in made  # and not what they have had for long
    return is_made and edited.key not in {list_key(held.name) for held in person.subscriptions}


def _subscriptions(
    services: Services, person: Subscriber, edited: EditedSubscription
) -> tuple[Subscription, ...]:
    held = person.subscriptions
    if edited.key == NEW:
        return combined(held, [edited.wanted], services.tree)
    position = _position(person, edited.key)
    return combined((), [*held[:position], edited.wanted, *held[position + 1 :]], services.tree)


def _position(person: Subscriber, key: str) -> int:
    for position, subscription in enumerate(person.subscriptions):
        if list_key(subscription.name) == key:
            return position
    raise NotFound(
        Text("You do not have this subscription any more."), Text("See what you have on your page.")
    )
