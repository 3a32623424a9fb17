"""Subscribers searched: by a part of address or name, channel, region, tag and state, a page at a time.

Everybody is looked at, some hundreds at a time: memory stays flat, and time grows with how many there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from alerts.errors import BadInput
from alerts.model import Channel, Standing, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.subscriber_details import SubscriberSummary, find, suppressions
from alerts.services import Services

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
    related = services.tree.related([services.tree.find(sought.region)]) if sought.region else None
    tag = sought.tag.strip().lower()
    if tag:
        services.tags.require([tag])
    text = sought.text.strip().casefold()
    begin = find(services, after).sid if after else 0

    def fits(person: Subscriber) -> bool:
        return (
            (sought.channel is None or person.channel is sought.channel)
            and (not text or text in person.address.casefold() or text in person.name.casefold())
            and (
                related is None or any(not related.isdisjoint(s.filter.regions) for s in person.subscriptions)
            )
            and (
                not tag or any(tag in (*s.filter.any_tags, *s.filter.all_tags) for s in person.subscriptions)
            )
            and (sought.state is not SubscriberState.PAUSED or person.standing is Standing.PAUSED)
            and (sought.state is not SubscriberState.ACTIVE or person.standing is Standing.ACTIVE)
        )

    return _summaries(services, filter(fits, services.subscribers.in_order(begin)), sought.state)


def search_page(
    services: Services, actor: Actor, sought: SubscriberSearch, limit: int, after: str = ""
) -> SubscriberPage:
    """Not more than `limit` of those found, and how many there are: everybody is looked at for that.

    Raises what `search` raises, and BadInput for a page of nothing.
    """
    actor.require(Permission.READ)
    if limit < 1:
        raise BadInput("A page has at least one subscriber.", "Give a limit of 1 or more.")
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
