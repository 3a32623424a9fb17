"""A mail with a link that works once: to one address, about nothing but what was asked in its name."""

from collections.abc import Iterator
from email.utils import format_datetime

import css_inline

from alerts.channels.contract import OneTimeMail
from alerts.channels.email.address import NAME
from alerts.channels.email.headers import field, mailbox, unstructured
from alerts.channels.email.parts import joined, part
from alerts.locales import Locale
from alerts.model import Blank, Errand, Message
from alerts.rendering import moments
from alerts.rendering.environment import Templates
from alerts.rendering.mail_from import mail_from
from alerts.rendering.organisation import organisation
from alerts.settings import Settings


class OneTimeMails:
    """Lays these mails out. What its reader did not ask for has a link to get no more like it."""

    def __init__(self, settings: Settings, templates: Templates) -> None:
        self._templates = templates
        self._sender = mail_from(settings.mail_from)
        self._organisation = organisation(settings)
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)

    def message(self, mail: OneTimeMail, locale: Locale) -> Message:
        """The whole message; the same id, address and link give the same `Message-ID`."""
        name, boundary = f"link-{mail.link.id}", f"=_{mail.link.id}"
        subject = _subject(mail.link.errand, locale)
        given = {
            "subject": subject,
            "errand": mail.link.errand,
            "address": mail.link.address,
            "sender": self._organisation.name or self._sender.shown,
            "organisation": self._organisation,
            "url": mail.url,
            "subscriptions": mail.subscriptions,
            "opt_out": mail.opt_out,
            "until": moments.full(moments.utc(mail.link.expires_ms), mail.link.zone, locale),
        }
        text = self._templates.render("email/one_time.txt.j2", given, locale=locale)
        html = self._inliner.inline(self._templates.render("email/one_time.html.j2", given, locale=locale))
        pieces = [
            *self._headers(mail, name, subject, boundary),
            *part(boundary, "plain", [text]),
            *part(boundary, "html", [html]),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        ]
        return Message(name, NAME, joined(pieces))

    def _headers(self, mail: OneTimeMail, name: str, subject: str, boundary: str) -> Iterator[bytes | Blank]:
        yield from mailbox("From", self._sender.display_name, self._sender.address)
        yield from mailbox("To", "", mail.link.address)
        yield from unstructured("Subject", subject)
        yield from field("Date", format_datetime(moments.utc(mail.at_ms)))
        yield from field("Message-ID", f"<{name}@{self._sender.domain}>")
        asked = "auto-generated" if mail.link.errand is Errand.INVITE else "auto-replied"
        yield from field("Auto-Submitted", asked)  # RFC 3834: replied is what somebody's asking caused
        yield from field("X-Auto-Response-Suppress", "All")  # Exchange
        if mail.link.errand is Errand.INVITE:  # many are sent at once, unasked: mail programs show a button
            yield from field("List-Unsubscribe", f"<{mail.opt_out}>")
            yield from field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")  # RFC 8058
        yield from field("MIME-Version", "1.0")
        yield from field("Content-Type", f'multipart/alternative; boundary="{boundary}"')


def _subject(errand: Errand, locale: Locale) -> str:
    match errand:
        case Errand.JOIN:
            return locale.gettext("Please confirm: alerts by email")
        case Errand.COME_IN:
            return locale.gettext("Your link to see and change your alerts")
        case Errand.INVITE:
            return locale.gettext("Would you like these alerts by email?")
