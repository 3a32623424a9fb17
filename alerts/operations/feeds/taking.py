"""One item of a feed: its documents are read, and each is published, or waits as a draft, or is refused."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts import ingest
from alerts.errors import AlertsError, BadInput, Refused, Unreachable
from alerts.ingest.feeds import FeedItem
from alerts.model import SLUG, Feed, ItemState, KnownItem, Severity, Status, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.drafts.keeping import keep_draft
from alerts.operations.feeds.fetching import NoAlert, fetch_alert
from alerts.operations.publishing.preparing import Choices
from alerts.operations.publishing.publishing import Conditions, Publication, publish
from alerts.operations.publishing.readings import NamedReading
from alerts.services import Services
from alerts.store import DraftOrigin
from alerts.texts import head

#: Digits of an item's key in the id of its update.
_KEY_DIGITS = 12
#: How often in a row what a publisher takes back and says again is looked for among the revisions.
_RETURNS_MOST = 50
HEADLINE_KEPT, WHY_KEPT = 120, 500
#: As what documents are read: by their endings.
_ITEM_FILE, _ALERT_FILE = "item.json", "alert.cap"


@dataclass(frozen=True, slots=True)
class TakenItem:
    """What became of an item now. `known` is None where it is put off until the next poll."""

    item: FeedItem
    known: KnownItem | None
    why: str = ""
    work: tuple[Work, ...] = ()  #: to ring for


def feed_actor(feed: Feed) -> Actor:
    """Who publishes what a feed says: the audit names the feed."""
    return Actor(f"feed {feed.name}", "feed", frozenset({Permission.PUBLISH}))


def update_id(feed: Feed, item: FeedItem) -> str:
    """The id of the update that an item becomes: the same for every edit of it."""
    return f"{feed.name}-{item.key[:_KEY_DIGITS]}"


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes items of one feed, of which `title` is what it calls itself, on a day (UTC, since the epoch)."""

    services: Services
    feed: Feed
    title: str
    today: int

    def take(self, item: FeedItem, known: KnownItem | None) -> TakenItem:
        """Publish an item, or have it wait as a draft, or refuse it with the reason.

        Twice: what it says is the same revision however often it is published. Raises Refused and
        Unreachable, and nothing else: no item is in the way of another.
        """
        kept = KnownItem(item.meaning, ItemState.REFUSED, self.today, also=also_known(item))
        try:
            return self._take(item, known, kept)
        except _PutOff as later:
            return TakenItem(item, None, later.why)
        except (Refused, Unreachable):
            raise
        except AlertsError as fault:
            why = head(" ".join(filter(None, (fault.sentence, fault.hint))), WHY_KEPT)
            refused = replace(kept, headline=head(item.headline, HEADLINE_KEPT), why=why)
            return TakenItem(item, refused, why)

    def _take(self, item: FeedItem, known: KnownItem | None, kept: KnownItem) -> TakenItem:
        actor, done, drafts = feed_actor(self.feed), list[Publication](), list[str]()
        for document, file in _documents(self.services, item, self.title):
            for reading in ingest.read_all(document, file):
                named = NamedReading(file, reading)
                chosen = _choices(self.services, self.feed, item, named)
                # Of what is not real somebody must say by hand that it may reach people.
                if self.feed.review or reading.draft.status is not Status.ACTUAL:
                    name = update_id(self.feed, item) + (f"-{len(drafts) + 1}" if drafts else "")
                    waiting = replace(kept, state=ItemState.DRAFT, update=name)
                    origin = None if drafts else DraftOrigin(self.feed.name, item.key, waiting)
                    keep_draft(self.services, actor, name, document, named, choices=chosen, origin=origin)
                    drafts.append(name)
                    break  # the draft is the whole document
                published = _publish(self.services, actor, named, chosen)
                if known is not None:
                    published = _again(self.services, actor, document, chosen, published)
                done.append(published)
        if not done and not drafts:
            raise BadInput("It says nothing.")
        state = ItemState.DRAFT if drafts else ItemState.PUBLISHED
        update = drafts[0] if drafts else done[0].revision.update
        work = tuple(entry for one in done for entry in one.work)
        return TakenItem(item, replace(kept, state=state, update=update), work=work)


class _PutOff(Exception):
    """It cannot be had now, and may be later."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _documents(services: Services, item: FeedItem, title: str) -> Iterator[tuple[bytes, str]]:
    """What an item says, as documents: the alerts in it, the one it leads to, or its own words."""
    if item.raw.alerts:
        yield from ((alert, _ALERT_FILE) for alert in item.raw.alerts)
        return
    if item.raw.alert_url:
        alert = fetch_alert(services, item.raw.alert_url)
        if isinstance(alert, NoAlert):
            if alert.later:
                raise _PutOff(alert.why)
            raise BadInput(alert.why, "Its publisher must mend the link.")
        if b"urn:oasis:names:tc:emergency:cap:" in alert or b"incident.com/cap" in alert:
            yield alert, _ALERT_FILE
            return
        # It leads to a page for people: what the item itself says is all there is.
    yield item.document(title), _ITEM_FILE


def _choices(services: Services, feed: Feed, item: FeedItem, named: NamedReading) -> Choices:
    """What the feed adds: its regions and severity where the item names none, its tags beside the item's."""
    said = named.reading.draft
    listed = services.tags.all() if item.raw.categories else {}
    categories = (one.strip().lower().replace(" ", "-") for one in item.raw.categories)
    own = [tag for tag in categories if SLUG.fullmatch(tag) and tag in listed]
    return Choices(
        () if said.regions else feed.regions,
        tuple(sorted({*feed.tags, *said.tags, *own})),
        feed.severity if said.severity is Severity.UNKNOWN and feed.severity else None,
        update_id(feed, item) if named.file == _ITEM_FILE else None,
        accept_suggestions=not feed.regions,
    )


def _publish(services: Services, actor: Actor, named: NamedReading, choices: Choices) -> Publication:
    [published] = publish(services, actor, [named], choices, Conditions(new=True))
    return published


def _again(
    services: Services, actor: Actor, document: bytes, choices: Choices, published: Publication
) -> Publication:
    """What was said before, was changed since, and is said again, is a revision of its own, and says so."""
    for _ in range(_RETURNS_MOST):
        if published.created or published.replaced_by is None or choices.id is None:
            break
        note = f"Again as in revision {published.revision.number}."
        said = json.dumps(json.loads(document) | {"note": note}, ensure_ascii=False).encode()
        named = NamedReading(_ITEM_FILE, ingest.read(said, _ITEM_FILE))
        published = _publish(services, actor, named, choices)
    return published


def also_known(item: FeedItem) -> tuple[str, ...]:
    """The other names that an item has: of its link, and of what it says."""
    return tuple(name[:_KEY_DIGITS] for name in (item.link_name, item.meaning) if name)
