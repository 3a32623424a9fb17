"""The pages behind links in messages. Nothing is fetched, nothing runs, and no address is shown whole."""

from base64 import b64encode
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from alerts.locales import ENGLISH, Locale
from alerts.rendering.environment import Templates
from alerts.rendering.feeds import FeedEntry, FeedView
from alerts.rendering.mail_from import mail_from
from alerts.rendering.organisation import Organisation
from alerts.rendering.page import Page, masked
from alerts.rendering.people_pages import PeoplePages
from alerts.rendering.reference import ApiReference
from alerts.rendering.stories import StoryView
from alerts.rendering.view import DigestView

#: Characters that a page may come to: every text of an update that there can be, and its markup.
_PAGE_MAX = 8_000_000


class ShownList(Protocol):
    """A subscription as its reader is asked about it: `key` for a form, `only` where it is their last."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def ended(self) -> bool: ...
    @property
    def only(self) -> bool: ...


class Pages:
    """Draws the pages; ALERTS_MAIL_FROM as `written`. Each may raise BadInput for a template that fails."""

    def __init__(self, templates_dir: Path | None, written: str, whose: Organisation | None = None) -> None:
        self._organisation = whose or Organisation()
        self._sender = self._organisation.name or mail_from(written).shown
        self._templates = Templates(templates_dir)
        self.locale = ENGLISH

    def spoken(self, locale: Locale) -> "Pages":
        """The same in a language; without this they are in English."""
        pages = copy(self)
        pages.locale = locale
        return pages

    @property
    def people(self) -> PeoplePages:
        """The pages of those who act for themselves."""
        return PeoplePages(self._page, self.locale)

    def home(self) -> Page:
        """Say what this door is for."""
        return self._page("home")

    def unsubscribe(self, address: str, token: str) -> Page:
        """Ask whether this address is to get no more emails, or a link to change them."""
        return self._page("unsubscribe", address=masked(address), token=token)

    def unsubscribed(self, token: str) -> Page:
        """Say that no more emails come; `token` is for the way back, empty where there is none."""
        return self._page("unsubscribed", token=token)

    def resubscribed(self) -> Page:
        return self._page("resubscribed")

    def update(self, shown: StoryView) -> Page:
        """One update whole, with what changed in each of its revisions."""
        return self._page("update", "reading", story=shown)

    def digest(self, shown: DigestView) -> Page:
        """What a digest told: each update in short, leading to all of it."""
        return self._page("digest", "reading", digest=shown)

    def reference(self, shown: ApiReference) -> Page:
        """Every operation of the API: what it takes, what it answers, what can go wrong."""
        return self._page("reference", "reading", api=shown)

    def leave(self, lists: Sequence[ShownList], token: str, everything: str) -> Page:
        """Ask which of these subscriptions is to end; `everything`: the page that ends all of them."""
        return self._page("leave", lists=lists, token=token, everything=everything)

    def list_left(self, ended: ShownList, token: str) -> Page:
        """Say that one subscription has ended; `token` is for the way back."""
        return self._page("list_left", ended=ended, token=token)

    def list_back(self, back: ShownList) -> Page:
        return self._page("list_back", back=back)

    def public(self, shown: StoryView, page: str, revision: int, listed: bool) -> Page:
        """What everybody may read of an update. `page` is its address; `listed`, whether it can be found."""
        return self._page("public", "reading", story=shown, page=page, revision=revision, listed=listed)

    def taken_down(self) -> Page:
        """Say that everybody could read something here, and that nobody may any more."""
        return self._page("taken_down")

    def feed(self, shown: FeedView) -> FeedView:
        """Each entry of a feed as readers of feeds show it: HTML, with no looks of its own."""
        return replace(shown, entries=tuple(replace(one, html=self._content(one)) for one in shown.entries))

    def not_found(self) -> Page:
        return self._page("not_found")

    def unavailable(self) -> Page:
        return self._page("unavailable")

    def _content(self, one: FeedEntry) -> str:
        given = {"entry": one.shown, "page": one.page}
        return self._templates.render("web/feed_entry.html.j2", given, locale=self.locale)

    def _page(self, name: str, looks: str = "page", **given: object) -> Page:
        style = self._templates.render(f"web/{looks}.css.j2", {})
        everywhere = {"sender": self._sender, "organisation": self._organisation}
        html = self._templates.render(f"web/{name}.html.j2", {**everywhere, **given}, _PAGE_MAX, self.locale)
        hashed = b64encode(sha256(style.encode()).digest()).decode()
        return Page(html, f"'sha256-{hashed}'", bool(self._organisation.logo), self.locale.tag)
