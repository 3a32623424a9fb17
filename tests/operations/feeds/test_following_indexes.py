"""An index of alerts is followed to them: each is a document of its own, published as a file would be."""

from itertools import permutations

import pytest
from cap_writer import cap, info, refers
from feed_server import AskedFor, FeedServer, rss, rss_item
from house import OPERATOR
from test_polling import NAME, headlines, now

from alerts.model import ItemState, Kind
from alerts.operations.feeds import FeedAsked, add_feed, show_feed
from alerts.services import Services

ALERT = b"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>river-4</identifier>
<sender>cap@example.org</sender>
<sent>2026-11-26T08:00:00+00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>en</language><category>Met</category><event>Flood</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><headline>Flood warning for the Dnipro</headline>
<area><areaDesc>Kyiv</areaDesc></area></info></alert>"""


def index(server: FeedServer, *numbers: int) -> bytes:
    """An index whose items say how severe their alerts are, and where they are."""
    document = rss(
        *(
            rss_item(n, link=server.url(f"/alert-{n}")).replace(
                "</item>", "<cap:severity>Severe</cap:severity></item>"
            )
            for n in numbers
        )
    )
    return document.replace(b"<rss ", b'<rss xmlns:cap="urn:oasis:names:tc:emergency:cap:1.1" ')


@pytest.fixture
def following(desk_of_feeds: Services, server: FeedServer) -> Services:
    server.documents["/feed"] = index(server, 3)
    add_feed(desk_of_feeds, OPERATOR, FeedAsked(server.url(), NAME, ("UA",)))
    server.documents["/feed"] = index(server, 4, 3)
    return desk_of_feeds


def test_the_alert_that_an_item_stands_for_is_what_is_published(
    following: Services, server: FeedServer
) -> None:
    server.documents["/alert-4"] = ALERT
    assert now(following).count(ItemState.PUBLISHED) == 1
    assert headlines(following) == ["Flood warning for the Dnipro"]
    for _ in range(2):
        assert now(following).taken == ()


def test_an_alert_that_cannot_be_read_is_refused_and_not_made_up_of_what_its_index_says(
    following: Services, server: FeedServer
) -> None:
    """An index says little: not that the alert is for a closed circle, nor that it is a cancel."""
    server.documents["/alert-4"] = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><broken></alert>'
    assert now(following).count(ItemState.REFUSED) == 1
    assert headlines(following) == []
    assert show_feed(following, OPERATOR, NAME).refused[0].why


def test_an_item_that_leads_to_a_page_for_people_says_what_it_says(
    following: Services, server: FeedServer
) -> None:
    server.documents["/alert-4"] = b"<html><body>Flood warning</body></html>"
    now(following)
    [update] = following.updates.recent(0)
    assert following.updates.standing(update).draft.severity == "severe"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_alert_whose_server_is_away_is_put_off_and_blocks_no_other(
    following: Services, server: FeedServer, status: int
) -> None:
    server.documents["/feed"] = index(server, 5, 4, 3)
    server.documents["/alert-5"] = b"<html/>"
    server.does["/alert-4"] = lambda asked: asked.answer(status)
    taken_whole = following.feeds.get(NAME)[1].etag
    done = now(following)
    assert (done.count(ItemState.PUBLISHED), done.left) == (1, 1)
    # What was not taken whole must be given once more.
    assert following.feeds.get(NAME)[1].etag == taken_whole
    server.does["/alert-4"] = AskedFor.serve
    server.documents["/alert-4"] = b"<html/>"
    assert now(following).count(ItemState.PUBLISHED) == 1
    assert now(following).taken == ()


def test_an_alert_that_is_not_there_is_refused(following: Services, server: FeedServer) -> None:
    now(following)
    [refused] = show_feed(following, OPERATOR, NAME).refused
    assert "nothing at this address" in refused.why


def test_an_item_cannot_have_us_call_our_own_network(following: Services, server: FeedServer) -> None:
    """A feed names addresses too: each is looked up and checked like that of the feed."""
    inside = "http://10.0.0.5:80/admin"
    document = index(server, 4, 3).replace(server.url("/alert-4").encode(), inside.encode())
    server.documents["/feed"] = document
    following.own_fetcher = server.fetcher(
        resolve=lambda host, _: ["10.0.0.5" if host[0] == "1" else "127.0.0.1"]
    )
    now(following)
    [refused] = show_feed(following, OPERATOR, NAME).refused
    assert "not public" in refused.why


@pytest.mark.parametrize("order", list(permutations((4, 5, 6))), ids=str)
def test_alerts_that_refer_to_each_other_are_one_situation_whatever_order_their_index_has(
    following: Services, server: FeedServer, order: tuple[int, ...]
) -> None:
    """An index has an item for each message, and no word of what belongs together."""
    first = cap(info(headline="Gales over Tyrol"), identifier="m1", sent="2094-03-01T08:00:00+01:00")
    worse = cap(
        info(headline="Gales over Tyrol get worse", severity="Severe"),
        inside=f"<references>{refers('m1')}</references>",
        identifier="m2",
        msgType="Update",
        sent="2094-03-01T09:00:00+01:00",
    )
    over = cap(
        info(headline="Gales over Tyrol are over"),
        inside=f"<references>{refers('m1', 'm2')}</references>",
        identifier="m3",
        msgType="Cancel",
        sent="2094-03-01T10:00:00+01:00",
    )
    for n, message in zip((4, 5, 6), (first, worse, over), strict=True):
        server.documents[f"/alert-{n}"] = message
    taken = 0
    for known in range(1, 4):
        server.documents["/feed"] = index(server, *order[:known], 3)
        done = now(following)
        taken += len(done.taken)
        assert done.count(ItemState.REFUSED) == 0
    assert taken == 3
    assert now(following).taken == ()
    updates = following.updates.recent(10)
    assert len(updates) <= 1  # a cancel that comes first ends what was never told, and nobody is
    if updates:
        assert following.updates.standing(updates[0]).draft.kind is Kind.CANCEL
