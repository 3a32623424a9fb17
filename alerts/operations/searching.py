"""Subscribers searched: by a part of address or name, channel, region, tag and state, a page at a time.

A part of address or name is looked for in the directory, and whoever has it is read; else everybody is, some
hundreds at a time. Memory stays flat but for four bytes for each whom the directory names.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from alerts.errors import BadInput
from alerts.model import Channel, Standing, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.subscriber_details import SubscriberSummary, find, suppressions
from alerts.services import Services
from alerts.store import looked_for

PORTION = 500


class SubscriberState(StrEnum):
    """What a subscriber can be searched by. Who is paused may be suppressed as well."""

    ACTIVE = "active"  #: neither of the other two: something is sent to them
    PAUSED = "paused"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class SubscriberSearch:
    """Whom to look for: those of whom all that is given holds."""

    text: str = ""  #: a part of the address or the name, in any case
    channel: Channel | None = None
    region: str = ""  #: code or name: they are told of it, or of something within it
    tag: str = ""  #: a subscription of theirs asks for it
    state: SubscriberState | None = None


@dataclass(frozen=True, slots=True)
class SubscriberPage:
    """Some of those found, in the order in which they came, and how many there are after `after`."""

    subscribers: tuple[SubscriberSummary, ...]
    total: int

    @property
    def next(self) -> str | None:
        """What to give as `after` for the next page; None after the last."""
        return self.subscribers[-1].subscriber.address if len(self.subscribers) < self.total else None


def search(
    services: Services, actor: Actor, sought: SubscriberSearch, after: str = ""
) -> Iterator[SubscriberSummary]:
    """Everybody found, as they are read; those who came first come first, beginning after an address.

    Raises Forbidden, UnknownRegion, UnknownTag, NotFound.
    """
    actor.require(Permission.READ)
    begin = find(services, after).sid if after else 0
    return _summaries(
        services, filter(_fitting(services, sought), _people(services, sought, begin)), sought.state
    )


def _people(services: Services, sought: SubscriberSearch, begin: int) -> Iterator[Subscriber]:
    """Who may be meant, in the order in which they came."""
    named = _named(services, sought, begin)
    if named is None:
        yield from services.subscribers.in_order(begin)
        return
    for start in range(0, len(named), PORTION):
        yield from services.subscribers.load(named[start : start + PORTION])


def _named(services: Services, sought: SubscriberSearch, begin: int) -> "array[int] | None":
    """The numbers of those whom the directory has under the text; None where everybody must be looked at."""
    text = _text(sought)
    if not text or not services.directory.is_complete():
        return None
    found = array("I")
    for sids in services.directory.search(text):
        found.extend(sid for sid in sids if sid > begin)
    return array("I", sorted(found))


def _text(sought: SubscriberSearch) -> str:
    return looked_for(sought.text).strip()


def _fitting(services: Services, sought: SubscriberSearch) -> Callable[[Subscriber], bool]:
    """Whether somebody is meant, but for a suppression. Raises UnknownRegion, UnknownTag."""
    related = services.tree.related([services.tree.find(sought.region)]) if sought.region else None
    tag = sought.tag.strip().lower()
    if tag:
        services.tags.require([tag])
    text = _text(sought)

    def fits(person: Subscriber) -> bool:
        return (
            (sought.channel is None or person.channel is sought.channel)
            and (not text or text in looked_for(person.address) or text in looked_for(person.name))
            and (
                related is None or any(not related.isdisjoint(s.filter.regions) for s in person.subscriptions)
            )
            and (
                not tag or any(tag in (*s.filter.any_tags, *s.filter.all_tags) for s in person.subscriptions)
            )
            and (sought.state is not SubscriberState.PAUSED or person.standing is Standing.PAUSED)
            and (sought.state is not SubscriberState.ACTIVE or person.standing is Standing.ACTIVE)
        )

    return fits


def search_page(
    services: Services, actor: Actor, sought: SubscriberSearch, limit: int, after: str = ""
) -> SubscriberPage:
    """Not more than `limit` of those found, and how many there are. For that everybody who may be meant is
    looked at, unless a text is all that is given: then the directory has counted them.

    Raises what `search` raises, and BadInput for a page of nothing.
    """
    actor.require(Permission.READ)
    if limit < 1:
        raise BadInput("A page has at least one subscriber.", "Give a limit of 1 or more.")
    if sought == SubscriberSearch(sought.text):
        begin = find(services, after).sid if after else 0
        named = _named(services, sought, begin)
        if named is not None:
            people = iter(services.subscribers.load(named[:limit]))
            return SubscriberPage(tuple(_summaries(services, people, None)), len(named))
    found = search(services, actor, sought, after)
    page = tuple(islice(found, limit))
    return SubscriberPage(page, len(page) + sum(1 for _ in found))


def _summaries(
    services: Services, found: Iterator[Subscriber], state: SubscriberState | None
) -> Iterator[SubscriberSummary]:
    while portion := list(islice(found, PORTION)):
        standing = suppressions(services, portion)
        for person in portion:
            summary = SubscriberSummary(person, standing.get(person.sid))
            suppressed = summary.suppression is not None
            if state is SubscriberState.ACTIVE and suppressed:
                continue
            if state is SubscriberState.SUPPRESSED and not suppressed:
                continue
            yield summary
