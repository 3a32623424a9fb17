"""What everybody may read, where the settings have it so. Looking changes nothing (docs/adr/0047).

Nobody is asked who they are: what is found here has no names of people, and nothing that is not accepted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import takewhile

from alerts.errors import AlertsError, NotFound
from alerts.links import public_pages
from alerts.locales import Locale
from alerts.model import SLUG, Filter, Instant, Revision
from alerts.operations.subscribing.requested import Requested
from alerts.operations.subscribing.subscriptions import reader
from alerts.regions.tables import WORLD
from alerts.rendering.cap import cap_message
from alerts.rendering.feeds import FeedAbout, FeedView, feed_view
from alerts.rendering.mail_from import mail_from
from alerts.rendering.stories import StoryView, public_story
from alerts.rendering.times import SeenAt
from alerts.rules.decisions import wants
from alerts.rules.describing import describe_filter, naming
from alerts.rules.facts import Facts
from alerts.services import Services
from alerts.store import History

#: The entries of a feed, and the latest accepted revisions of the installation that are looked at for them.
ENTRIES_MOST, LOOKED_AT = 50, 500


class TakenDown(AlertsError):
    """Everybody could read it once, and its latest revision says that nobody may any more."""

    code = "taken-down"

    def __init__(self) -> None:
        super().__init__("This page was taken down.", "Ask whoever gave you the link.")


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """What everybody may read of one update: its revisions, oldest first."""

    update: str
    revisions: tuple[Revision, ...]
    page: str  #: the whole address of its page
    at_ms: Instant  #: when it was looked at

    @property
    def changed_ms(self) -> Instant:
        """When what is told changed last: by a revision, or because its time was over."""
        last = self.revisions[-1]
        return max(last.accepted_ms or 0, self._expired_ms or 0)

    @property
    def version(self) -> str:
        """The same for the same revisions, told in the same state."""
        return f"{self.revisions[-1].ref}-{len(self.revisions)}-{self.changed_ms}"

    @property
    def _expired_ms(self) -> Instant | None:
        ends = self.revisions[-1].draft.expires_at
        ends_ms = int(ends.timestamp() * 1000) if ends else None
        return ends_ms if ends_ms is not None and ends_ms <= self.at_ms else None


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """A feed that was asked for: which updates, and how far the log has come."""

    wanted: Filter
    latest: str  #: the ref that was accepted last of all, whether or not it is in the feed
    changed_ms: Instant  #: and when
    at_ms: Instant  #: when it was looked at

    @property
    def version(self) -> str:
        return f"{self.latest}-{self.changed_ms}"


def public_update(services: Services, name: str) -> PublicUpdate:
    """Find what everybody may read of an update, by the name of its page.

    The id alone is the name of a page only where all is open. Raises TakenDown, and NotFound: the same for
    what is not there, not public, not accepted, or of another installation.
    """
    update = _named(services, name)
    try:
        history = services.updates.history(update)
    except NotFound:
        raise _nothing() from None
    revisions = _public(history)
    if not revisions:
        raise TakenDown if any(r.draft.for_everybody for r in _accepted(history)) else _nothing()
    page = public_pages(services.settings.public_url) + (update if _is_open(services) else name)
    return PublicUpdate(update, revisions, page, services.server.now_ms())


def public_page(services: Services, found: PublicUpdate, locale: Locale) -> StoryView:
    """All that a page shows of it, in the time zone of the desk."""
    seen = SeenAt(found.at_ms, services.settings.timezone)
    return public_story(found.revisions, seen, naming(services.tree), locale)


def public_cap(services: Services, found: PublicUpdate, number: str) -> bytes:
    """One revision of it as a CAP message. Raises NotFound for one that everybody may not read."""
    position = next((p for p, r in enumerate(found.revisions) if str(r.number) == number), None)
    if position is None:
        raise _nothing()
    return cap_message(
        found.revisions[position],
        found.revisions[:position],
        tree=services.tree,
        sender_name=mail_from(services.settings.mail_from).shown,
        page=found.page,
        listed=_is_open(services),
    )


def public_feed(services: Services, asked: Requested) -> PublicFeed:
    """Find a feed by the words of a subscription; without a region it is of the world.

    Raises NotFound where nothing is listed, and BadInput naming all words that mean nothing.
    """
    if not _is_open(services):
        raise _nothing()
    wanted = reader(services).read(replace(asked, regions=asked.regions or (WORLD,))).filter
    latest, changed_ms = services.updates.last_accepted() or ("", 0)
    return PublicFeed(wanted, latest, changed_ms, services.server.now_ms())


def feed_page(services: Services, found: PublicFeed, address: str, locale: Locale) -> FeedView:
    """All that a feed tells, newest first. `address`: its own, as it was asked for, behind the public URL."""
    settings, place = services.settings, naming(services.tree)
    about = FeedAbout(
        title=locale.gettext(
            "Situation updates: %(subscription)s", subscription=describe_filter(found.wanted, place, locale)
        ),
        sender=mail_from(settings.mail_from).shown,
        home=settings.public_url.rstrip("/"),
        address=address,
        installation=services.installation.name(),
        changed_ms=found.changed_ms,
        clock=settings.timezone,
    )
    latest = nlargest(ENTRIES_MOST, _told(services, found.wanted), key=lambda pair: pair[-1].accepted_ms or 0)
    return feed_view(about, latest, place, locale)


def _is_open(services: Services) -> bool:
    """Whether everybody may find what everybody may read."""
    return services.settings.public == "open"


def _named(services: Services, name: str) -> str:
    if services.settings.public == "off":
        raise _nothing()
    if _is_open(services) and SLUG.fullmatch(name):
        return name
    return services.links.read_public_name(name)


def _accepted(history: History) -> list[Revision]:
    return [revision for revision in history.revisions if revision.accepted_ms is not None]


def _public(history: History) -> tuple[Revision, ...]:
    """What everybody may read: the latest accepted revisions, back to the last one that is not for them.

    So what was taken down stays down when a later revision is for everybody. Nobody is told who wrote them.
    """
    newest = takewhile(lambda revision: revision.draft.for_everybody, reversed(_accepted(history)))
    shown = (replace(revision, draft=replace(revision.draft, author="")) for revision in newest)
    return tuple(shown)[::-1]


def _told(services: Services, wanted: Filter) -> Iterator[Sequence[Revision]]:
    """What a feed tells: each time a revision, behind the public one that it follows, if there is one.

    What corrects or ends an update is told wherever anything of it was.
    """
    updates = services.updates.revised_since(0, LOOKED_AT)
    for history in services.updates.each(updates):
        before: tuple[Revision, ...] = ()
        any_told = False
        for revision in _public(history):
            if wants(wanted, Facts.of(revision, services.tree)) or (any_told and revision.kind.corrective):
                yield (*before, revision)
                any_told = True
            before = (revision,)


def _nothing() -> NotFound:
    return NotFound("There is no such page.", "Use the link as it was given to you.")
