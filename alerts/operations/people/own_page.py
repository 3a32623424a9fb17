"""What a person sees and changes on their own page: theirs alone, and each change is in the audit."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts import channels
from alerts.errors import BadInput
from alerts.links import Purpose, list_key
from alerts.locales import ENGLISH, SPOKEN, Locale, catalog_for
from alerts.model import Instant, Standing, Subscriber
from alerts.operations.acting import Actor
from alerts.operations.following.recorded_reasons import SaidReason, said_reasons, stopped_reasons
from alerts.operations.people.coming_in import DOOR, actor
from alerts.operations.people.leaving import LeavingOffer, OfferedList, come_back_to, leave_list
from alerts.operations.subscribing.altering import alter_own
from alerts.operations.subscribing.muting import MutedUpdate, muted_by, unmute_own
from alerts.operations.subscribing.subscriber_details import SubscriberDetails, details_of
from alerts.operations.subscribing.subscription_preview import SubscriptionPreview, would_have_got
from alerts.operations.subscribing.unsubscribing import LinkHolder, come_back, is_by_link
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.texts import Text

#: How long a pause may be at most, and how long one by a link in an email is (days).
PAUSE_DAYS_MOST, LINK_DAYS = 365, 7
_DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class OwnSubscription:
    """One of their subscriptions, as its holder reads it.

    `next_ms`: when it is served next; None for one that goes at once.
    """

    key: str
    name: str
    words: str
    next_ms: Instant | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """All that somebody's own page shows."""

    details: SubscriberDetails
    subscriptions: tuple[OwnSubscription, ...]
    ended: tuple[OwnSubscription, ...]  #: what they have ended and can bring back
    unsubscribe: str  #: the token of the link that ends everything
    preview: SubscriptionPreview  #: what they would have got lately
    muted: tuple[MutedUpdate, ...]
    today: date  #: where they are
    stopped: tuple[SaidReason, ...]  #: why nothing at all is sent to them; none where nothing is in the way

    @property
    def address(self) -> str:
        return self.details.subscriber.address

    @property
    def zone(self) -> str:
        return self.details.subscriber.zone

    @property
    def pause_days(self) -> tuple[date, date, date]:
        """The first day that a pause may last until, the one that is offered, and the last."""
        return (
            self.today + timedelta(days=1),
            self.today + timedelta(days=LINK_DAYS),
            self.today + timedelta(days=PAUSE_DAYS_MOST),
        )

    @property
    def paused(self) -> bool:
        return self.details.subscriber.standing is Standing.PAUSED

    @property
    def paused_until_ms(self) -> Instant | None:
        return self.details.subscriber.paused_until_ms

    @property
    def by_themselves(self) -> bool:
        """Whether it was they who ended everything, and they can take it back."""
        return self.details.suppression is not None and is_by_link(self.details.suppression)


def own_page(services: Services, person: Subscriber, locale: Locale = ENGLISH) -> OwnPage:
    """What somebody gets, when, and what they have ended."""
    details = details_of(services, person)
    place = services.tree.located
    held = tuple(
        OwnSubscription(list_key(s.name), s.name, describe(s, place, locale), slot.slot_ms if slot else None)
        for s, slot in zip(person.subscriptions, details.slots, strict=True)
    )
    ended = tuple(
        OwnSubscription(list_key(s.name), s.name, describe(s, place, locale), None) for s in person.declined
    )
    token = services.links.token(Purpose.UNSUBSCRIBE, channels.identity(person.channel, person.address))
    preview = would_have_got(services, person.zone, person.subscriptions, reads=locale.reads)
    muted, today = tuple(muted_by(services, person)), _today(services, person)
    standing = details.suppression
    stopped = said_reasons(stopped_reasons(standing, person.zone), locale) if standing else ()
    return OwnPage(details, held, ended, token, preview, muted, today, stopped)


def end_own(services: Services, person: Subscriber, key: str) -> OfferedList | None:
    """End one of them; the only one ends everything, as its link does. None if there is none of that key."""
    return leave_list(services, _offer(person, key), key)


def bring_back_own(services: Services, person: Subscriber, key: str) -> OfferedList | None:
    """Undo `end_own`."""
    return come_back_to(services, _offer(person, key), key)


def pause_own(services: Services, person: Subscriber, until: date) -> Subscriber:
    """Send nothing until a day begins where they are, then catch up. Raises BadInput."""
    days = (until - _today(services, person)).days
    if not 1 <= days <= PAUSE_DAYS_MOST:
        raise BadInput(
            Text("A pause cannot be that long or short."),
            Text("Choose a day from tomorrow on, within a year."),
        )
    begins = datetime.combine(until, time.min, ZoneInfo(person.zone))
    return _paused(services, actor(person), person, int(begins.timestamp() * 1000))


def _paused(services: Services, who: Actor, person: Subscriber, until_ms: Instant) -> Subscriber:
    def paused(before: Subscriber) -> Subscriber:
        return replace(before, standing=Standing.PAUSED, paused_until_ms=until_ms)

    return alter_own(services, who, "subscriber.pause", person.address, paused)


def _today(services: Services, person: Subscriber) -> date:
    return datetime.fromtimestamp(services.server.now_ms() / 1000, ZoneInfo(person.zone)).date()


def pause_by_link(services: Services, holder: LinkHolder) -> bool:
    """Pause for a week whoever a link in an email is for.

    False if nobody subscribes as that, or they are paused for longer: a forwarded email shortens no pause.
    """
    person = _pausable(services, holder)
    if person is not None:
        _paused(services, holder.actor, person, services.server.now_ms() + LINK_DAYS * _DAY_MS)
    return person is not None


def resume_by_link(services: Services, holder: LinkHolder) -> bool:
    """Undo `pause_by_link`: whoever may begin a pause may end it, and none that is longer. False as there."""
    person = _pausable(services, holder)
    if person is not None:
        resume_own(services, person, by=holder)
    return person is not None


def _pausable(services: Services, holder: LinkHolder) -> Subscriber | None:
    """Whom the link is for, unless they are paused for longer than it could pause them."""
    person = services.subscribers.find(channels.unsubscribing(holder.identity), holder.identity)
    if person is None or person.standing is not Standing.PAUSED:
        return person
    latest_ms, until_ms = services.server.now_ms() + LINK_DAYS * _DAY_MS, person.paused_until_ms
    return person if until_ms is not None and until_ms <= latest_ms else None


def resume_own(services: Services, person: Subscriber, *, by: LinkHolder | None = None) -> Subscriber:
    """End the pause, and catch up at once on what it left out."""

    def active(before: Subscriber) -> Subscriber:
        return replace(before, standing=Standing.ACTIVE, paused_until_ms=None)

    who = by.actor if by else actor(person)
    return alter_own(services, who, "subscriber.resume", person.address, active)


def speak_own(services: Services, person: Subscriber, language: str) -> Subscriber:
    """Speak to somebody in one of the languages that we speak. Nothing is sent anew. Raises BadInput.

    Of who reads a variety of it, that is kept: `ar-EG` stays what it is.
    """
    if language not in SPOKEN:
        raise BadInput(Text("This language is not offered."), Text("Choose one from the list."))

    def spoken_to(before: Subscriber) -> Subscriber:
        return before if catalog_for(before.language) == language else replace(before, language=language)

    return alter_own(services, actor(person), "subscriber.change", person.address, spoken_to)


def hear_again_own(services: Services, person: Subscriber, update: str) -> MutedUpdate:
    """Unmute a situation: what was left out comes at once. Raises NotFound for what they have not muted."""
    return unmute_own(services, actor(person), person.address, update)


def come_back_own(services: Services, person: Subscriber) -> bool:
    """Take back that they ended everything. False where somebody else's reason stands in the way."""
    return come_back(services, _holder(person))


def _holder(person: Subscriber) -> LinkHolder:
    return LinkHolder(channels.identity(person.channel, person.address), DOOR)


def _offer(person: Subscriber, key: str) -> LeavingOffer:
    return LeavingOffer(_holder(person), (key,))
