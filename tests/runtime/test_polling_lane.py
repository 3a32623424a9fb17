"""What the sweep finds is polled in a lane of its own: a server that hangs holds up no step of the walk."""

import threading

from feed_server import AskedFor, FeedServer, rss, rss_item
from house import draft, subscribe

from alerts.model import Feed, Step, Work
from alerts.runtime.lanes import Lanes
from alerts.services import Services
from alerts.store import poll_work
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender


def test_an_update_is_matched_while_a_feed_hangs(services: Services) -> None:
    subscribe(services, "ann@example.org", "UA")
    asked = threading.Event()
    with FeedServer() as server:

        def hang(request: AskedFor) -> None:
            asked.set()
            request.server_of.released.wait(60)
            request.answer(200, rss(rss_item(1)))

        server.does["/feed"] = hang
        services.own_fetcher = server.fetcher(60)
        services.feeds.add(Feed("river", server.url(), 300), 0, 0)
        lanes = Lanes(BatchSender(services), list)
        lanes.offer([poll_work("river")])
        assert asked.wait(60)
        published, _ = steps.publish(services, draft())
        match = Work(Step.MATCH, published.revision.ref)
        lanes.offer([match])
        while services.due.is_owed(match):  # for ever, where a poll is in its way
            threading.Event().wait(0.01)
        assert services.feeds.get("river")[1].polled_ms == 0, "it was matched once the poll was given up"
        server.released.set()
        lanes.stop()
    assert services.feeds.get("river")[1].begun
