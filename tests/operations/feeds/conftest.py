"""Services that may call a server of feeds on this machine."""

from collections.abc import Iterator

import pytest
from feed_server import FeedServer, rss, rss_item

from alerts.services import Services


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as made:
        made.documents["/feed"] = rss(*(rss_item(n) for n in (3, 2, 1)))
        yield made


@pytest.fixture
def desk_of_feeds(services: Services, server: FeedServer) -> Services:
    services.own_fetcher = server.fetcher()
    return services
