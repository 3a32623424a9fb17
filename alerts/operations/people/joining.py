"""Subscribing by oneself: asked for on a page, confirmed by whoever reads the mail."""

import secrets
from dataclasses import dataclass, replace

from alerts import channels, languages
from alerts.admission import JoinPolicy
from alerts.errors import Conflict, Faults, NotFound
from alerts.locales import ENGLISH, Locale, locale_for
from alerts.model import Channel, Errand, OneTimeLink, Step, Subscriber, Subscription, Work
from alerts.operations.acting import Actor
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.altering import alter_own, note
from alerts.operations.subscribing.requested import Requested, combined
from alerts.operations.subscribing.subscriptions import reader
from alerts.operations.subscribing.suppressing import lift, note_lifted
from alerts.regions import PlaceFinder
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.store import SUBSCRIBER
from alerts.walk.admitting import admitted, invitation

#: What the audit calls the way in, and how long the link works (ms).
DOOR, LINK_MS = "join page", 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class JoinOffer:
    """What somebody confirms: that this address gets these."""

    address: str
    subscriptions: tuple[str, ...]


def may_join(services: Services) -> bool:
    """Whether anybody may subscribe by themselves."""
    return JoinPolicy.parse(services.settings.join).anybody


def only_invited(services: Services) -> bool:
    """Whether nobody may who was not invited: said to everybody who looks, whoever they are."""
    return JoinPolicy.parse(services.settings.join).invited_alone


def ask_to_join(
    services: Services, address: str, asked: Requested, zone: str = "", language: str = ""
) -> list[Work]:
    """Mail a link to confirm these subscriptions, if the address may join. What to ring for.

    What happens is the same whoever is asked about: whether anything is mailed is decided later. Raises
    NotFound where nobody may join, and BadInput for an address or words that mean nothing.
    """
    _required(services)
    finder = PlaceFinder(services.tree, locale_for(language, services.settings.language))
    reading, faults = reader(services, find_region=finder.find), Faults()
    at = faults.of(lambda: [destination(address, channels.joining(address))], list[tuple[Channel, str]]())
    subscriptions = faults.of(lambda: (reading.read(asked),), tuple[Subscription, ...]())
    known_zone = faults.of(lambda: reading.zone(zone), "")
    known_language = faults.of(lambda: languages.canonical(language), "")
    faults.complain_of_one()
    [(channel, exact)] = at
    now_ms = services.server.now_ms()
    link = OneTimeLink(
        secrets.token_hex(16),
        Errand.JOIN,
        channel,
        exact,
        now_ms,
        now_ms + LINK_MS,
        subscriptions,
        known_zone or services.settings.timezone,
        known_language,
    )
    return [Work(Step.LINK, link.id)] if services.one_time_links.ask(link) else []


def link_to_join(services: Services, token: str) -> OneTimeLink:
    """The link of a token. Raises NotFound if it was used, is over, or is not ours."""
    link = services.one_time_links.find(services.links.read_one_time(token))
    if link is None or link.errand.page != Errand.JOIN or not admitted(services, link):
        raise NotFound("This link does not work any more.", "Ask for a new one.")
    return link


def join_offer(services: Services, link: OneTimeLink, locale: Locale = ENGLISH) -> JoinOffer:
    """What a link confirms. Changes nothing."""
    return JoinOffer(
        link.address,
        tuple(describe(subscription, services.tree.located, locale) for subscription in link.subscriptions),
    )


def join(services: Services, token: str) -> Subscriber:
    """Give the address what was confirmed beside what it gets. Raises NotFound like `link_to_join`.

    What its holder had said themselves before is lifted: they have changed their mind. It is kept before
    the link is used up, so that a process which dies in between leaves a link that still works.
    """
    link = link_to_join(services, token)
    invited = invitation(services, link)
    person = channels.identity(link.channel, link.address)
    actor = Actor(person, DOOR, frozenset())
    known = services.subscribers.find(link.channel, link.address)
    if known is None:
        wanted = combined((), link.subscriptions, services.tree)
        new = Subscriber(0, link.channel, link.address, link.zone, wanted, 0, language=link.language)
        if invited is not None:
            new = replace(new, name=invited.name, owner=invited.owner)
        joined = services.subscribers.save(new, None)
        note(services, actor, "subscriber.join", None, joined)
    else:
        joined = alter_own(
            services, actor, "subscriber.join", link.address, lambda before: _wider(services, before, link)
        )
    standing = services.suppressions.find(link.channel, [link.address]).get(link.address)
    if standing is not None and standing.by == SUBSCRIBER:
        lifted = lift(services, link.channel, link.address, standing, catch_up=False)
        note_lifted(services, actor, "subscriber.come_back", lifted)
    services.erased.lift(link.channel, link.address)
    services.one_time_links.use(link.id)
    if invited is not None:
        services.invitations.use(invited)
    return joined


def _wider(services: Services, before: Subscriber, link: OneTimeLink) -> Subscriber:
    """What they have and what they confirmed, less what asks for the same."""
    held = before.subscriptions
    for subscription in link.subscriptions:
        try:
            held = combined(held, [subscription], services.tree)
        except Conflict:
            continue
    return replace(before, subscriptions=held)


def _required(services: Services) -> None:
    if not may_join(services):
        raise NotFound("Nobody can subscribe by themselves here.", "Ask whoever sends the alerts to add you.")
