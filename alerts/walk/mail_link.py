"""Mail a link that works once to whoever it is for, if anything may be mailed there."""

import secrets

from alerts.channels import OneTimeMail
from alerts.errors import BadInput
from alerts.links import one_time_page
from alerts.locales import locale_for
from alerts.model import Deferred, Errand, Failed, OneTimeLink, Outcome, Recipient, RouteDown, Unsure, Work
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.store import SUBSCRIBER
from alerts.walk.admitting import admitted

#: Nobody else tries while somebody does (ms): longer than one talk with a relay about one mail.
TURN_MS = 120_000
#: Before it is tried again (ms): as long as it has been tried for, within these.
PAUSE_MIN_MS, PAUSE_MAX_MS = 15_000, 900_000


def mail_link(services: Services, work: Work) -> list[Work]:
    """Mail it. Twice: only one at a time tries, and what is sent again has the same `Message-ID` and link.

    Decided here and not where it was asked for: who asks learns nothing about an address, not even by how
    long the answer takes. A template that fails is notified of, and the mail is never written.
    """
    link = services.one_time_links.find(work.key)
    if link is None or not _may_be_mailed(services, link):
        services.due.done(work)
        return []
    worker = secrets.token_hex(8)
    if not services.one_time_links.take_turn(link.id, worker, TURN_MS):
        services.due.postpone(work, services.server.now_ms() + TURN_MS)
        return []
    now_ms = services.server.now_ms()
    try:
        outcome = _sent(services, link)
    except BadInput as fault:
        services.notices.notify("a mail with a link could not be written", why=fault.sentence)
        services.due.done(work)
        return []
    if outcome is None or isinstance(outcome, (Deferred, RouteDown, Unsure)):
        asked_s = (outcome.after_s or 0) if outcome is not None else 0
        tried_ms = now_ms - link.asked_ms
        pause_ms = max(round(asked_s * 1000), min(max(tried_ms, PAUSE_MIN_MS), PAUSE_MAX_MS))
        services.one_time_links.give_turn(link.id, worker)
        services.due.postpone(work, now_ms + pause_ms)
        return []
    if isinstance(outcome, Failed) and outcome.suppress:
        services.notices.notify("a mail with a link came back", why=outcome.why)
    services.due.done(work)
    return []


def _may_be_mailed(services: Services, link: OneTimeLink) -> bool:
    """Whether anything may go there: not at a stranger's word to somebody who is gone, or complained."""
    standing = services.suppressions.find(link.channel, [link.address]).get(link.address)
    if link.errand is Errand.COME_IN:
        return standing is None and services.subscribers.find(link.channel, link.address) is not None
    if standing is not None and (standing.by != SUBSCRIBER or link.errand is Errand.INVITE):
        return False  # who unsubscribed may come back by their own word, and not by an operator's
    return admitted(services, link)


def _sent(services: Services, link: OneTimeLink) -> Outcome | None:
    """What the relay said; None if nothing was tried. Raises BadInput for a template that fails."""
    place, locale = services.tree.located, locale_for(link.language, services.settings.language)
    mail = OneTimeMail(
        link,
        one_time_page(services.settings.public_url, link.errand.page) + services.links.one_time(link.id),
        tuple(describe(subscription, place, locale) for subscription in link.subscriptions),
        services.server.now_ms(),
    )
    message = services.renderer.one_time(mail)
    # Its return path is of no delivery: a bounce of it proves nothing, and nobody is suppressed by it.
    recipient = Recipient(0, link.address, {"delivery": link.id})
    outcomes = services.senders[link.channel].send(message, [recipient], services.stopping.is_set)
    return next((outcome for _, outcome in outcomes), None)
