"""A digest as one MIME message, built once with the standard library and cut at its blanks.

No attachments, no remote images, nothing that tells anybody who opened it.
"""

import re
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

import css_inline

from alerts.errors import BadInput
from alerts.model import Channel, Digest, Fill, Message, Revision, quoted_printable
from alerts.rendering import moments
from alerts.rendering.composing import Place, compose
from alerts.rendering.environment import Templates
from alerts.rendering.marks import cut, mark, marks
from alerts.rendering.view import DigestView

#: Gmail cuts an HTML part off at about 102 KB. 90 KB is our promise; 2 KB of it are for the blanks.
HTML_MAX = 88_000

#: Characters of content to try, until the page fits: markup, and letters of several bytes, come on top.
_BUDGETS = (30_000, 15_000, 7_500, 3_000, 1_000, 0)

_BLANKS = ("reason", "next", "unsubscribe")
_ADDRESS = r"[!-~]+@[A-Za-z0-9.-]+"
_SENDER = re.compile(rf'\s*(?:"?([^"<>]*?)"?\s*<({_ADDRESS})>|({_ADDRESS}))\s*')
_MARK = re.compile(r"(\x7f[a-z_]+-[a-z]+\x7f)")


class Emails:
    """Renders digests as emails from one sender."""

    def __init__(self, templates: Templates, public_url: str, mail_from: str, place: Place) -> None:
        self._templates = templates
        self._place = place
        self.sender = sender(mail_from)
        self._list_id = f"<situation-updates.{urlsplit(public_url).hostname or self.sender.domain}>"
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)

    def message(self, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
        """Render a digest for everybody who is owed it. Raises BadInput for a template that fails."""
        shown, html = self._page(digest, revisions)
        text = self._templates.render(_template(shown, "txt"), self._given(shown, Fill.TEXT))
        mail = self._headers(digest, shown)
        mail.attach(_part("plain", text))
        mail.attach(_part("html", html))
        return Message(digest.id, Channel.EMAIL, cut(mail.as_bytes()))

    def _page(self, digest: Digest, revisions: Mapping[str, Revision]) -> tuple[DigestView, str]:
        """Fold until the page fits; the last fold goes out whatever an operator's template made of it."""
        for budget in _BUDGETS:
            shown = compose(digest, revisions, self._place, budget)
            page = self._templates.render(_template(shown, "html"), self._given(shown, Fill.HTML))
            html = self._inliner.inline(page)
            if len(html.encode("utf-8")) <= HTML_MAX:
                break
        return shown, html

    def _given(self, shown: DigestView, fill: Fill) -> dict[str, object]:
        sent_by = self.sender.display_name or self.sender.addr_spec
        return {"digest": shown, "sender": sent_by, "blank": marks(_BLANKS, fill)}

    def _headers(self, digest: Digest, shown: DigestView) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = mark("to", Fill.HEADER)
        mail["Subject"] = shown.subject
        mail["Date"] = moments.utc(digest.horizon_ms)
        mail["Message-ID"] = mark("message_id", Fill.HEADER)
        mail["References"] = mark("references", Fill.HEADER)
        mail["List-Id"] = self._list_id
        mail["List-Unsubscribe"] = f"<{mark('unsubscribe', Fill.HEADER)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
        mail["X-Auto-Response-Suppress"] = "All"  # Exchange
        stream = "urgent" if digest.urgent else "digest" if digest.clock else "alert"
        mail["Feedback-ID"] = f"{digest.id}:{stream}:alerts"  # Google Postmaster Tools; nothing personal
        if digest.clock:
            mail["Precedence"] = "bulk"
        if digest.urgent:
            mail["Importance"] = "high"
            mail["X-Priority"] = "1"
        mail["Content-Language"] = "en"
        mail["MIME-Version"] = "1.0"
        # "=_" can never stand in quoted-printable text (RFC 2045 §6.7), so no part can hold the boundary.
        mail["Content-Type"] = f'multipart/alternative; boundary="=_{digest.id}"'
        return mail


def sender(mail_from: str) -> Address:
    """Read `Name <address>`, or an address alone, for the From header. Raises BadInput."""
    found = _SENDER.fullmatch(mail_from) if mail_from.isprintable() else None
    try:
        if found:
            return Address(found[1] or "", addr_spec=found[2] or found[3])
    except (MessageError, ValueError, IndexError):  # what the standard library raises, by kind of damage
        pass
    raise BadInput(
        "ALERTS_MAIL_FROM is not an address mail can come from.",
        "Write it like: Alerts <alerts@example.org>.",
    )


def _template(shown: DigestView, suffix: str) -> str:
    return f"email/{'one' if shown.one else 'many'}.{suffix}.j2"


def _part(subtype: str, text: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload("".join(_encoded(piece) for piece in _MARK.split(text)))
    return part


def _encoded(piece: str) -> str:
    """Quoted-printable for a literal, soft line breaks on both sides of a mark."""
    if _MARK.fullmatch(piece):
        return f"=\r\n{piece}=\r\n"
    # The "=" at the end holds room for the soft break that may follow, and guards a space before it.
    return quoted_printable(f"{piece}=").decode("ascii").removesuffix("=3D")
