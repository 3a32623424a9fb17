"""Ending one subscription by the link in an email, and taking that back; the others go on.

What its reader ended is kept beside their subscriptions as declined: no file brings it back, they do, or an
operator who adds it to what they get. To end the only one is to end everything: see `unsubscribing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from alerts import channels
from alerts.errors import Conflict
from alerts.links import Purpose, list_key
from alerts.locales import ENGLISH, Locale
from alerts.model import Subscriber, Subscription
from alerts.operations.subscribing.altering import Kept, alter_own
from alerts.operations.subscribing.requested import combined
from alerts.operations.subscribing.unsubscribing import LinkHolder, leave
from alerts.regions import Tree
from alerts.rules.describing import describe
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class LeavingOffer:
    """What a link to leave is good for: whose it is, and the subscriptions it names."""

    holder: LinkHolder
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferedList:
    """A subscription as its reader is asked about it. `ended`: by them; `only`: nothing else is left."""

    key: str
    name: str
    words: str
    ended: bool
    only: bool


def offer_of(services: Services, token: str) -> LeavingOffer:
    """Whose subscriptions a link offers to end, and which. Raises NotFound if it is not ours."""
    leaving = services.links.read_leaving(token)
    return LeavingOffer(LinkHolder(leaving.person), leaving.lists)


def unsubscribe_token(services: Services, holder: LinkHolder) -> str:
    """The token by which the same person ends everything."""
    return services.links.token(Purpose.UNSUBSCRIBE, holder.identity)


def offered(services: Services, offer: LeavingOffer, locale: Locale = ENGLISH) -> list[OfferedList]:
    """Those that the link names and its holder has, or has ended; the others are gone or called otherwise."""
    person = _person(services, offer.holder)
    if person is None:
        return []
    only = len(person.subscriptions) == 1
    held = [_offered(s, services.tree, locale, ended=False, only=only) for s in person.subscriptions]
    declined = [_offered(s, services.tree, locale, ended=True, only=False) for s in person.declined]
    known = {one.key: one for one in (*declined, *held)}
    return [known[key] for key in offer.lists if key in known]


def leave_list(
    services: Services, offer: LeavingOffer, key: str, *, kept: Kept | None = None
) -> OfferedList | None:
    """End one of the subscriptions that the link names. None if it names no such one; twice is once."""
    asked = _named(offered(services, offer), key)
    if asked is None or asked.ended:
        return asked
    if asked.only:
        leave(services, offer.holder)
        return asked

    def without(before: Subscriber) -> Subscriber:
        gone = [s for s in before.subscriptions if list_key(s.name) == key]
        others = tuple(s for s in before.subscriptions if s not in gone)
        if not gone or not others:  # somebody else took the others away at this moment
            return before
        declined = [s for s in before.declined if list_key(s.name) != key]
        return replace(before, subscriptions=others, declined=(*declined, *gone))

    alter_own(services, offer.holder.actor, "subscription.leave", offer.holder.identity, without, kept=kept)
    return _named(offered(services, offer), key)


def come_back_to(
    services: Services, offer: LeavingOffer, key: str, *, kept: Kept | None = None
) -> OfferedList | None:
    """Undo `leave_list`, and nothing else: what came in between is caught up on. None as there."""
    asked = _named(offered(services, offer), key)
    if asked is None or not asked.ended:
        return asked

    def restored(before: Subscriber) -> Subscriber:
        back = [s for s in before.declined if list_key(s.name) == key]
        others = tuple(s for s in before.declined if s not in back)
        try:
            held = combined(before.subscriptions, back, services.tree)
        except Conflict:  # an operator has added the same meanwhile
            held = before.subscriptions
        return replace(before, subscriptions=held, declined=others)

    alter_own(
        services, offer.holder.actor, "subscription.come_back", offer.holder.identity, restored, kept=kept
    )
    return _named(offered(services, offer), key)


def _person(services: Services, holder: LinkHolder) -> Subscriber | None:
    return services.subscribers.find(channels.unsubscribing(holder.identity), holder.identity)


def _offered(
    subscription: Subscription, tree: Tree, locale: Locale, *, ended: bool, only: bool
) -> OfferedList:
    words = describe(subscription, tree.located, locale, spoken=True)
    return OfferedList(list_key(subscription.name), subscription.name, words, ended, only)


def _named(lists: Sequence[OfferedList], key: str) -> OfferedList | None:
    return next((one for one in lists if one.key == key), None)
