"""Subscribers searched: by a part of address or name, channel, region, tag and state, a page at a time.

A text is looked for in the directory, all else in the roll, and only who is shown is read. What one page
costs is bounded, whatever is asked: where that ends the counting, the page says so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from alerts.errors import BadInput
from alerts.model import Channel, Standing, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.subscribing.subscriber_details import SubscriberSummary, find, suppressions
from alerts.services import Services
from alerts.store import RollCall, RollLine, looked_for, roll_line

PORTION = 500
#: Of those who have a text this many are looked at for a page; beyond it nobody counts them.
LOOKED_AT_MOST = 10_000
#: If all else fits so few, the text is looked for in them instead of in everybody.
FEW = 2_000


class SubscriberState(StrEnum):
    """What a subscriber can be searched by. Who is paused may be suppressed as well."""

    ACTIVE = "active"  #: neither of the other two: something is sent to them
    PAUSED = "paused"
    SUPPRESSED = "suppressed"


#: What the roll is asked for each: whether they are paused and suppressed.
_ON_THE_ROLL: dict[SubscriberState | None, dict[str, bool]] = {
    None: {},
    SubscriberState.ACTIVE: {"paused": False, "suppressed": False},
    SubscriberState.PAUSED: {"paused": True},
    SubscriberState.SUPPRESSED: {"suppressed": True},
}


@dataclass(frozen=True, slots=True)
class SubscriberSearch:
    """Whom to look for: those of whom all that is given holds."""

    text: str = ""  #: a part of the address or the name, in any case
    channel: Channel | None = None
    region: str = ""  #: code or name: they are told of it, or of something within it
    tag: str = ""  #: a subscription of theirs asks for it
    state: SubscriberState | None = None

    @property
    def folded(self) -> str:
        """The text as it is looked for."""
        return looked_for(self.text).strip()


@dataclass(frozen=True, slots=True)
class SubscriberPage:
    """Some of those found, and how many there are after `after`.

    `exact`: whether `total` is all of them; else there are at least as many. `next`: what to give as `after`
    for the next page, which may find nobody more; None after the last.
    """

    subscribers: tuple[SubscriberSummary, ...]
    total: int
    exact: bool
    next: str | None


def search(
    services: Services, actor: Actor, sought: SubscriberSearch, after: str = ""
) -> Iterator[SubscriberSummary]:
    """Everybody found, as they are read, beginning after an address.

    Those who came first come first; with a text, whoever was called otherwise since comes as if they came
    then. Raises Forbidden, UnknownRegion, UnknownTag, NotFound.
    """
    actor.require(Permission.READ)
    begin = find(services, after).sid if after else 0
    fits = _fitting(services, sought)
    if not _complete(services):
        return _of_everybody(services, sought, fits, begin)
    return _read(services, _numbers(services, sought, _call(services, sought, fits), begin))


def search_page(
    services: Services, actor: Actor, sought: SubscriberSearch, limit: int, after: str = ""
) -> SubscriberPage:
    """Not more than `limit` of those found, in the order of `search`, and how many there are.

    Raises what `search` raises, and BadInput for a page of nothing.
    """
    actor.require(Permission.READ)
    if limit < 1:
        raise BadInput("A page has at least one subscriber.", "Give a limit of 1 or more.")
    begin = find(services, after).sid if after else 0
    fits = _fitting(services, sought)
    if not _complete(services):
        found = _of_everybody(services, sought, fits, begin)
        shown = tuple(islice(found, limit))
        total = len(shown) + sum(1 for _ in found)
        return SubscriberPage(shown, total, True, _address(shown[-1]) if total > len(shown) else None)
    call = _call(services, sought, fits)
    if not sought.folded:
        return _page(services, call.numbers(begin), limit, call.count(begin))
    if (few := _few(sought, call)) is not None:
        named = _having(services, (sid for sid in few if sid > begin), sought.folded)
        return _page(services, named, limit, len(named))
    return _page_of_directory(services, sought, call, limit, begin)


def _complete(services: Services) -> bool:
    """Whether everybody is in directory and roll; in a store of an older version they may not be."""
    return services.directory.is_complete() and services.roll.is_complete()


def _fitting(services: Services, sought: SubscriberSearch) -> Callable[[RollLine], bool]:
    """Whether those of an audience are meant, but for text and state. Raises UnknownRegion, UnknownTag."""
    related = services.tree.related([services.tree.find(sought.region)]) if sought.region else None
    tag = sought.tag.strip().lower()
    if tag:
        services.tags.require([tag])

    def fits(line: RollLine) -> bool:
        return (
            sought.channel in (None, line.channel)
            and (related is None or not related.isdisjoint(line.regions))
            and (not tag or tag in line.tags)
        )

    return fits


def _call(services: Services, sought: SubscriberSearch, fits: Callable[[RollLine], bool]) -> RollCall:
    return services.roll.call(fits, **_ON_THE_ROLL[sought.state])


def _few(sought: SubscriberSearch, call: RollCall) -> list[int] | None:
    """The numbers of those who fit but for the text, if something is asked beside it and they are few."""
    if sought == SubscriberSearch(sought.text):
        return None
    return call.if_few(FEW)


def _having(services: Services, sids: Iterable[int], text: str) -> list[int]:
    """Of some people those whose address or name has the text."""
    people = services.subscribers.destinations(list(sids))
    return [p.sid for p in people if text in looked_for(p.address) or text in looked_for(p.name)]


def _numbers(services: Services, sought: SubscriberSearch, call: RollCall, begin: int) -> Iterator[int]:
    """The numbers of all who are meant."""
    if not sought.folded:
        yield from call.numbers(begin)
        return
    for sids in services.directory.search(sought.folded, begin):
        yield from filter(call.__contains__, sids)


def _page(services: Services, sids: Iterable[int], limit: int, total: int) -> SubscriberPage:
    """A page of those who are known to be meant."""
    shown = tuple(_read(services, islice(sids, limit)))
    return SubscriberPage(shown, total, True, _address(shown[-1]) if shown and total > limit else None)


def _page_of_directory(
    services: Services, sought: SubscriberSearch, call: RollCall, limit: int, begin: int
) -> SubscriberPage:
    """A page of those who have a text, of whom not more are looked at than one answer may cost."""
    found: list[int] = []
    looked_at = last = 0
    for sids in services.directory.search(sought.folded, begin):
        found += filter(call.__contains__, sids)
        looked_at += len(sids)
        if looked_at >= LOOKED_AT_MOST:
            last = sids[-1]
            break
    shown = tuple(_read(services, found[:limit]))
    if len(found) > limit:
        following = _address(shown[-1]) if shown else None
    else:
        following = services.subscribers.destinations([last])[0].address or None if last else None
    return SubscriberPage(shown, len(found), not last, following)


def _read(services: Services, sids: Iterable[int]) -> Iterator[SubscriberSummary]:
    """These people, some hundreds at a time."""
    rest = iter(sids)
    while portion := list(islice(rest, PORTION)):
        people = services.subscribers.load(portion)
        standing = suppressions(services, people)
        for person in people:
            yield SubscriberSummary(person, standing.get(person.sid))


def _of_everybody(
    services: Services, sought: SubscriberSearch, fits: Callable[[RollLine], bool], begin: int
) -> Iterator[SubscriberSummary]:
    """The same by a look at each: for a store in which an older version wrote."""

    def meant(person: Subscriber) -> bool:
        text = sought.folded
        return (text in looked_for(person.address) or text in looked_for(person.name)) and fits(
            roll_line(person.audience)
        )

    rest = filter(meant, services.subscribers.in_order(begin))
    while portion := list(islice(rest, PORTION)):
        standing = suppressions(services, portion)
        for person in portion:
            paused, suppressed = person.standing is Standing.PAUSED, person.sid in standing
            asked = _ON_THE_ROLL[sought.state]
            if asked.get("paused", paused) == paused and asked.get("suppressed", suppressed) == suppressed:
                yield SubscriberSummary(person, standing.get(person.sid))


def _address(shown: SubscriberSummary) -> str:
    return shown.subscriber.address
