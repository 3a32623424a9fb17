"""A digest as one MIME message (RFC 2045, 2046), built once around its blanks.

No attachments, no remote images, nothing that tells anybody who opened it. Not with the standard library:
its writer differs between the versions of Python, and reads what it is to write: a headline became a header.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import css_inline

from alerts.channels.email.headers import Pieces, field, mailbox, unstructured
from alerts.channels.email.parts import joined, part
from alerts.channels.email.return_path import required
from alerts.errors import BadInput
from alerts.links import reading_page
from alerts.locales import Locale
from alerts.model import Blank, Change, Digest, Fill, Message, Revision
from alerts.rendering.composing import Place, PublicPage, compose
from alerts.rendering.environment import Templates
from alerts.rendering.mail_from import mail_from
from alerts.rendering.marks import Marks
from alerts.rendering.organisation import Organisation
from alerts.rendering.view import DigestView
from alerts.rules.translations import edition

#: Gmail cuts an HTML part off at about 102 KB. 90 KB is our promise; 2 KB of it are for the blanks.
HTML_MAX = 88_000

#: Octets of a page that leaves no room for much more.
_WELL_USED = HTML_MAX * 85 // 100
#: Octets of content to try first, most of the markup comes on top; how often, and below what none at all.
_BUDGET, _TRIES, _BUDGET_MIN = 75_000, 8, 500

_BLANKS = ("reason", "next", "unsubscribe", "leave", "lists", "page", "published", "expires")


class Emails:
    """Renders digests as emails from one sender, as ALERTS_MAIL_FROM has it `written`.

    `whose`: what footers say of whoever publishes; `returns`: the domain whose mail is read
    (ALERTS_RETURN_PATH), where people may leave by mail, too; `carried`: fields for whoever relays the mails
    and gives them back.
    """

    def __init__(
        self,
        templates: Templates,
        public_url: str,
        written: str,
        place: Place,
        public_page: PublicPage,
        *,
        whose: Organisation | None = None,
        returns: str | None = None,
        carried: Sequence[Pieces] = (),
    ) -> None:
        self._templates = templates
        self._place = place
        self._public_page = public_page
        self._reading = reading_page(public_url)
        self.sender = mail_from(written)
        self._organisation = whose or Organisation()
        if not (public_url.isascii() and public_url.isprintable()):
            raise BadInput(
                "ALERTS_PUBLIC_URL has signs that no mail header can hold, and every mail has a link to it.",
                "Write its host in ASCII (xn--…), and percent-encode what follows.",
            )
        if returns is not None:
            required(returns)
        self._returns = returns
        self._carried = carried
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False)

    def message(self, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
        """Render a digest for everybody who is owed it. Raises BadInput for a template that fails."""
        marks = Marks(_BLANKS)
        shown, html = self._page(digest, revisions, marks, locale)
        text = self._templates.render(_template(shown, "txt"), self._given(shown, marks), locale=locale)
        # "=_" can never stand in quoted-printable text (RFC 2045 §6.7), so no part can hold the boundary.
        boundary = f"=_{digest.id}"
        pieces = [
            *self._headers(digest, shown, boundary, _language(digest, revisions, locale)),
            *part(boundary, "plain", marks.cut(text, Fill.TEXT)),
            *part(boundary, "html", marks.cut(html, Fill.HTML)),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        ]
        return Message(digest.id, digest.channel, joined(pieces))

    def _page(
        self, digest: Digest, revisions: Mapping[str, Revision], marks: Marks, locale: Locale
    ) -> tuple[DigestView, str]:
        """Fold until the page fits and is well used; the last fold goes out whatever comes of it."""
        reading = self._reading + marks.given["page"]
        fits, beyond, budget = 0, 0, _BUDGET
        best: tuple[DigestView, str] | None = None
        for tries_left in reversed(range(_TRIES)):
            shown = compose(
                digest,
                revisions,
                self._place,
                budget,
                reading,
                locale=locale,
                public_page=self._public_page,
            )
            page = self._templates.render(_template(shown, "html"), self._given(shown, marks), locale=locale)
            html = self._inliner.inline(page)
            size = len(html.encode("utf-8"))
            if size <= HTML_MAX:
                best, fits = (shown, html), budget
            else:
                beyond = budget
            if best and (not beyond or _WELL_USED <= size <= HTML_MAX or tries_left < _TRIES // 2):
                break
            smaller = _less(budget, size) if tries_left > 1 else 0
            budget = (fits + beyond) // 2 if best else smaller
        return best or (shown, html)

    def _given(self, shown: DigestView, marks: Marks) -> dict[str, object]:
        return {
            "digest": _in_their_zone(shown, marks.given),
            "sender": self._organisation.name or self.sender.shown,
            "organisation": self._organisation,
            "blank": marks.given,
        }

    def _headers(
        self, digest: Digest, shown: DigestView, boundary: str, language: str
    ) -> Iterator[bytes | Blank]:
        yield from mailbox("From", self.sender.display_name, self.sender.address)
        yield from field("To", Blank("to", Fill.HEADER))
        yield from unstructured("Subject", shown.subject)
        yield from field("Date", Blank("date", Fill.HEADER))
        yield from field("Message-ID", Blank("message_id", Fill.HEADER))
        yield from field("References", Blank("references", Fill.HEADER))
        if digest.alone and digest.entries[0].change is not Change.NEW:
            yield from field("In-Reply-To", Blank("references", Fill.HEADER))
        if not digest.of_outage:  # who is told of outages is in no list, and what they subscribe to stays
            yield from field("List-Id", Blank("list_id", Fill.HEADER))
            unsubscribe = Blank("unsubscribe", Fill.HEADER)
            yield from field("List-Unsubscribe", "<", unsubscribe, ">", *self._by_mail())
            yield from field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")  # RFC 8058
        yield from field("Auto-Submitted", "auto-generated")  # RFC 3834
        yield from field("X-Auto-Response-Suppress", "All")  # Exchange
        stream = "urgent" if digest.urgent else "digest" if digest.clock else "alert"
        yield from field("Feedback-ID", f"{digest.id}:{stream}:alerts")  # Google; nothing personal
        if digest.clock:
            yield from field("Precedence", "bulk")
        if digest.urgent:
            yield from field("Importance", "high")
            yield from field("X-Priority", "1")
        if language:
            yield from field("Content-Language", language)  # RFC 3282
        for pieces in self._carried:
            yield from pieces
        yield from field("MIME-Version", "1.0")
        yield from field("Content-Type", f'multipart/alternative; boundary="{boundary}"')

    def _by_mail(self) -> tuple[str | Blank, ...]:
        """How to leave by mail, for programs that know no other way (RFC 2369); the link comes first."""
        if self._returns is None:
            return ()
        return (", <mailto:leave+", Blank("delivery", Fill.HEADER), f"@{self._returns}?subject=unsubscribe>")


def _less(budget: int, size: int) -> int:
    """What would have fitted, were all of it made as this was; less by a tenth at least."""
    less = min(budget * 9 // 10, budget * HTML_MAX * 97 // (size * 100))
    return less if less >= _BUDGET_MIN else 0


def _in_their_zone(shown: DigestView, blanks: Mapping[str, str]) -> DigestView:
    """Blanks for the times of an update that goes out at once: its readers live in many zones."""
    one = shown.one
    if one is None or shown.scheduled:
        return shown
    when = blanks["published"] if one.published else one.when
    return replace(shown, one=replace(one, when=when, expiry=blanks["expires"] if one.expires else ""))


def _language(digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> str:
    """The language that all of its updates are read in; empty where they differ, or one does not say."""
    editions = (edition(revisions[entry.ref].draft, locale.reads) for entry in digest.entries)
    languages = {tag for one in editions for tag in one.languages}
    return languages.pop() if len(languages) == 1 else ""


def _template(shown: DigestView, suffix: str) -> str:
    return f"email/{'one' if shown.one else 'many'}.{suffix}.j2"
