"""A worker may die after any command that it sends while it polls a feed. Each item is published once.

The dying worker is a client that stops after its n-th command; for every n, a healthy one then polls on.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from dying import Died, Mortal
from feed_server import FeedServer, rss, rss_item
from house import OPERATOR

from alerts.model import ItemState
from alerts.operations.drafts import discard_draft, list_drafts
from alerts.operations.feeds import FeedAsked, add_feed
from alerts.operations.feeds.polling import poll
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import poll_work

NAME = "river"
BEFORE = rss(*(rss_item(n) for n in (3, 2, 1)))
#: Two that are new, one that was old and says something else now, one that nobody can place, one as it was.
AFTER = rss(
    rss_item(5),
    rss_item(4),
    rss_item(9, "Something happened", "Nobody says where."),
    rss_item(3, "Red alert for Kyiv"),
    rss_item(2),
)


@pytest.fixture
def mortal(settings: Settings, server: FeedServer) -> Iterator[tuple[Services, Mortal]]:
    ready = connect(settings)
    ready.own_fetcher = server.fetcher()
    dying = Mortal(ready)
    yield ready, dying
    dying.left = float("inf")
    ready.close()


def a_feed_has_news(services: Services, server: FeedServer, **asked: Any) -> None:
    services.server.client.flushall()
    server.documents["/feed"] = BEFORE
    add_feed(services, OPERATOR, FeedAsked(server.url(), NAME, **asked))
    server.documents["/feed"] = AFTER


def go_on(services: Services) -> None:
    """What a healthy worker does once the lease of the dead one has run out."""
    services.server.client.connection_pool.disconnect()
    services.server.client.delete(services.server.keys("feed", NAME, "lease"))
    for _ in range(2):
        assert services.due.is_owed(poll_work(NAME)), "nobody would ever poll it again"
        poll(services, poll_work(NAME))


@pytest.mark.parametrize("part", range(3))
def test_whichever_command_is_the_last_every_item_is_published_once(
    mortal: tuple[Services, Mortal], server: FeedServer, part: int
) -> None:
    services, dying = mortal
    survived, n, died = False, part + 1, 0
    while not survived:
        a_feed_has_news(services, server)
        dying.left = n
        try:
            poll(services, poll_work(NAME))
            survived = True
        except Died:
            died += 1
        dying.left = float("inf")
        go_on(services)
        found = {u: services.updates.history(u) for u in services.updates.recent(0)}
        said = sorted(h.revisions[-1].draft.headline for h in found.values())
        assert said == ["Flood warning 4 for Kyiv", "Flood warning 5 for Kyiv", "Red alert for Kyiv"], n
        assert {len(h.revisions) for h in found.values()} == {1}, n
        states = [item.state for item in services.feeds.every_item(NAME).values()]
        assert states.count(ItemState.REFUSED) == 1
        assert states.count(ItemState.PUBLISHED) == 3
        n += 3
    assert died > 5


def test_whichever_command_is_the_last_every_item_waits_as_one_draft_and_does_not_come_back(
    mortal: tuple[Services, Mortal], server: FeedServer
) -> None:
    """Were its item not noted in the same instant, a draft that was discarded would come again."""
    services, dying = mortal
    survived, n, died = False, 1, 0
    while not survived:
        a_feed_has_news(services, server, review=True)
        dying.left = n
        try:
            poll(services, poll_work(NAME))
            survived = True
        except Died:
            died += 1
        dying.left = float("inf")
        services.server.client.connection_pool.disconnect()
        kept = list_drafts(services, OPERATOR)
        for draft in kept:
            discard_draft(services, OPERATOR, draft.draft.id)
        go_on(services)
        after = list_drafts(services, OPERATOR)
        assert len(kept) + len(after) == 4, n
        assert {d.draft.id for d in kept}.isdisjoint(d.draft.id for d in after)
        n += 2
    assert died > 5


def test_the_first_poll_may_die_anywhere_and_takes_nothing_old(
    mortal: tuple[Services, Mortal], server: FeedServer
) -> None:
    services, dying = mortal
    survived, n = False, 1
    while not survived:
        services.server.client.flushall()
        server.documents["/feed"] = BEFORE
        dying.left = n
        try:
            add_feed(services, OPERATOR, FeedAsked(server.url(), NAME, ("UA",)))
            survived = True
        except Died:
            pass
        dying.left = float("inf")
        services.server.client.connection_pool.disconnect()
        if services.feeds.all():
            go_on(services)
        assert services.updates.recent(0) == [], n
        n += 1
    assert n > 5
