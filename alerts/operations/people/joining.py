"""Subscribing by oneself: asked for on a page, confirmed by whoever reads the mail."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from alerts import channels, languages
from alerts.admission import JoinPolicy
from alerts.channels import CHANNELS
from alerts.errors import AlertsError, Conflict, FaultsOfParts, NotFound
from alerts.locales import ENGLISH, Locale
from alerts.model import Channel, Errand, OneTimeLink, OptOut, Step, Subscriber, Subscription, Work
from alerts.operations.acting import Actor
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.altering import alter_own, note
from alerts.operations.subscribing.requested import Requested, combined, tried
from alerts.operations.subscribing.subscription_preview import SubscriptionPreview, would_have_got
from alerts.operations.subscribing.subscriptions import reader
from alerts.operations.subscribing.suppressing import lift, note_lifted
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.store import SUBSCRIBER
from alerts.walk.admitting import admitted, invitation
from alerts.walk.mail_link import OPT_OUTS, opt_out_url

#: What the audit calls the way in, and how long the link works (ms).
DOOR, LINK_MS = "join page", 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class JoinOffer:
    """What somebody confirms: that this address gets these."""

    address: str
    subscriptions: tuple[str, ...]
    opt_out: str  #: the page to get no more such mails
    kind: OptOut  #: which those are


@dataclass(frozen=True, slots=True)
class AskedToJoin:
    """What somebody asks for, looked up. `faults`: what is wrong with each part, by its name in `Requested`.

    Besides there are `address` and `zone`.
    """

    channel: Channel
    address: str
    wanted: Subscription
    zone: str
    language: str
    faults: Mapping[str, AlertsError]


def may_join(services: Services) -> bool:
    """Whether anybody may subscribe by themselves."""
    return JoinPolicy.parse(services.settings.join).anybody


def only_invited(services: Services) -> bool:
    """Whether nobody may who was not invited: said to everybody who looks, whoever they are."""
    return JoinPolicy.parse(services.settings.join).invited_alone


def read_to_join(
    services: Services,
    address: str,
    asked: Requested,
    zone: str = "",
    language: str = "",
    *,
    find_region: Callable[[str], str] | None = None,
) -> AskedToJoin:
    """Look up all that somebody asks for. Nothing is written, and no fault is raised.

    `find_region`: what finds places as its reader types them. Raises NotFound where nobody may join.
    """
    _required(services)
    reading, faults = reader(services, find_region=find_region), FaultsOfParts()
    nobody = next(iter(CHANNELS)), ""
    channel, exact = faults.of("address", lambda: destination(address, channels.joining(address)), nobody)
    known_zone = faults.of("zone", lambda: reading.zone(zone), "") or services.settings.timezone
    wanted, wrong = tried(reading, asked)
    spoken = languages.canonical(language)
    return AskedToJoin(channel, exact, wanted, known_zone, spoken, {**wrong, **faults.found})


def ask_to_join(services: Services, asked: AskedToJoin) -> list[Work]:
    """Mail a link to confirm what has no fault, if the address may join. What to ring for.

    What happens is the same whoever is asked about: whether anything is mailed is decided later. Raises
    NotFound where nobody may join.
    """
    _required(services)
    now_ms = services.server.now_ms()
    link = OneTimeLink(
        secrets.token_hex(16),
        Errand.JOIN,
        asked.channel,
        asked.address,
        now_ms,
        now_ms + LINK_MS,
        (asked.wanted,),
        asked.zone,
        asked.language,
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
        tuple(describe(one, services.tree.located, locale, spoken=True) for one in link.subscriptions),
        opt_out_url(services, link),
        OPT_OUTS[link.errand],
    )


def join_preview(services: Services, link: OneTimeLink) -> SubscriptionPreview:
    """What would have come of what a link confirms. Whoever has the mail may know how much that is."""
    wanted = combined((), link.subscriptions, services.tree)
    return would_have_got(services, link.zone or services.settings.timezone, wanted)


def join(services: Services, token: str, zone: str = "") -> Subscriber:
    """Give the address what was confirmed beside what it gets. Raises NotFound like `link_to_join`.

    `zone`: theirs, as they say with it; it counts where nobody has chosen one. Raises BadInput for none.
    What its holder had said themselves before is lifted: they have changed their mind. It is kept before
    the link is used up, so that a process which dies in between leaves a link that still works.
    """
    link = link_to_join(services, token)
    chosen = link.zone or reader(services).zone(zone) or services.settings.timezone
    invited = invitation(services, link)
    person = channels.identity(link.channel, link.address)
    actor = Actor(person, DOOR, frozenset())
    known = services.subscribers.find(link.channel, link.address)
    if known is None:
        wanted = combined((), link.subscriptions, services.tree)
        new = Subscriber(0, link.channel, link.address, chosen, wanted, 0, language=link.language)
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
    services.opt_outs.lift(link.channel, link.address)
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
