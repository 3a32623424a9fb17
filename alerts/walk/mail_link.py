"""Mail a link that works once to whoever it is for, if anything may be mailed there."""

from dataclasses import replace

from alerts.channels import OneTimeMail, identity
from alerts.links import one_time_page, opt_out_page
from alerts.locales import locale_for
from alerts.model import Errand, OneTimeLink, OptOut, Outcome, Recipient, Work
from alerts.rules.describing import describe
from alerts.services import Services
from alerts.store import SUBSCRIBER
from alerts.walk.admitting import admitted
from alerts.walk.single_mail import mail_one

#: What its reader is rid of by the link in such a mail, which somebody else may have asked for.
OPT_OUTS = {Errand.JOIN: OptOut.REQUESTS, Errand.INVITE: OptOut.INVITATIONS}


def mail_link(services: Services, work: Work) -> list[Work]:
    """Mail it. Twice: only one at a time tries, and what is sent again has the same `Message-ID` and link.

    Decided here and not where it was asked for: who asks learns nothing about an address, not even by how
    long the answer takes. A template that fails is notified of, and the mail is never written.
    """
    link = services.one_time_links.find(work.key)
    if link is None or not _may_be_mailed(services, link):
        services.due.done(work)
        return []
    mail_one(
        services,
        work,
        services.one_time_links,
        asked_ms=link.asked_ms,
        what="a mail with a link",
        send=lambda: _sent(services, link),
    )
    return []


def _may_be_mailed(services: Services, link: OneTimeLink) -> bool:
    """Whether anything may go there: not at a stranger's word to somebody who is gone, or complained."""
    standing = services.suppressions.find(link.channel, [link.address]).get(link.address)
    if link.errand is Errand.COME_IN:
        return standing is None and services.subscribers.find(link.channel, link.address) is not None
    refused = services.opt_outs.find(link.channel, [link.address]).get(link.address, ())
    if OptOut.REQUESTS in refused or (link.errand is Errand.INVITE and refused):
        return False
    if standing is not None and (standing.by != SUBSCRIBER or link.errand is Errand.INVITE):
        return False  # who unsubscribed may come back by their own word, and not by an operator's
    return admitted(services, link)


def _sent(services: Services, link: OneTimeLink) -> Outcome | None:
    """What the relay said; None if nothing was tried. Raises BadInput for a template that fails."""
    place, locale = services.tree.located, locale_for(link.language, services.settings.language)
    mail = OneTimeMail(
        replace(link, zone=link.zone or services.settings.timezone),
        one_time_page(services.settings.public_url, link.errand.page) + services.links.one_time(link.id),
        tuple(describe(subscription, place, locale, spoken=True) for subscription in link.subscriptions),
        services.server.now_ms(),
        opt_out_url(services, link),
    )
    message = services.renderer.one_time(mail)
    # Its return path is of no delivery: a bounce of it proves nothing, and nobody is suppressed by it.
    recipient = Recipient(0, link.address, {"delivery": link.id})
    outcomes = services.senders[link.channel].send(message, [recipient], services.stopping.is_set)
    return next((outcome for _, outcome in outcomes), None)


def opt_out_url(services: Services, link: OneTimeLink) -> str:
    """The page to be mailed no more like this; empty for what its reader has asked for."""
    kind = OPT_OUTS.get(link.errand)
    if kind is None:
        return ""
    person = identity(link.channel, link.address)
    return opt_out_page(services.settings.public_url) + services.links.opting_out_token(person, kind)
