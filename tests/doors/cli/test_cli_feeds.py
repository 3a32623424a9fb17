"""`alerts feeds` and `alerts drafts`, as a desk types them."""

from collections.abc import Iterator

import pytest
from cli_runs import Runs
from feed_server import FeedServer, rss, rss_item

from alerts.services import Services


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    monkeypatch.setenv("ALERTS_OUTBOUND_ALLOW", "127.0.0.0/8")
    with FeedServer() as made:
        made.documents["/feed?key=secret"] = rss(rss_item(2), rss_item(1))
        yield made


def url(server: FeedServer) -> str:
    return server.url("/feed?key=secret", "127.0.0.1")


def test_a_day_of_a_feed(alerts: Runs, server: FeedServer) -> None:
    """Looked at, followed, polled, paused, and followed no more: each command says what came of it."""
    shown = alerts("feeds", "preview", url(server), "-o", "json").json
    assert [(item["headline"], item["regions"]) for item in shown["items"]] == [
        ("Flood warning 2 for Kyiv", ["UA"]),
        ("Flood warning 1 for Kyiv", ["UA"]),
    ]
    assert alerts("feeds", "list").err == "No feed is followed: `alerts feeds add URL`.\n"
    added = alerts("feeds", "add", url(server), "--name", "river", "--every", "10m")
    assert (added.code, added.out) == (0, "✓ river is followed: News of the river\n  2 items: 0 published\n")
    assert "No worker is running" in added.err
    server.documents["/feed?key=secret"] = rss(rss_item(3), rss_item(2))
    assert alerts("feeds", "poll", "river").out == "  2 items: 1 published\n"
    assert alerts("feeds", "poll", "river").out == "= river has not changed\n"
    [row] = alerts("feeds", "list", "-o", "json").json
    assert (row["feed"], row["published"], row["every_s"]) == ("river", 1, 600)
    assert "secret" not in alerts("feeds", "list", "-o", "json").out
    assert "secret" not in alerts("audit", "-o", "json").out
    assert "every 10 min" in alerts("feeds", "show", "river").out
    assert alerts("feeds", "pause", "river").out.startswith("✓ river is paused")
    assert alerts("feeds", "poll", "river").sentence == (
        "error: The feed river is paused.\nhint: Go on with `alerts feeds resume river`."
    )
    assert alerts("feeds", "resume", "river").out == "✓ river is polled again\n"
    assert alerts("feeds", "remove", "river").code == 2, "nobody could be asked"
    assert alerts("feeds", "remove", "river", "--yes").out == "✓ river is followed no more\n"
    assert alerts("feeds", "show", "river").code == 4


def test_what_comes_for_review_is_published_or_discarded_by_hand(
    alerts: Runs, services: Services, server: FeedServer
) -> None:
    alerts("feeds", "add", url(server), "--name", "river", "--review", "--backlog", "2")
    rows = alerts("drafts", "list", "-o", "json").json
    assert [row["headline"] for row in rows] == ["Flood warning 1 for Kyiv", "Flood warning 2 for Kyiv"]
    first, second = (row["draft"] for row in rows)
    assert "drafts       2 wait (`alerts drafts list`)" in alerts("status").out
    shown = alerts("drafts", "show", first)
    assert "The Dnipro rises in Kyiv: gauge 1." in shown.out
    assert "it speaks of: UA" in shown.out
    done = alerts("drafts", "publish", first, "--region", "Ukraine", "--severity", "severe")
    assert done.out == f"✓ {first}.r1: nobody is subscribed to it\n"
    assert alerts("drafts", "discard", second).out == f"✓ discarded {second}: Flood warning 2 for Kyiv\n"
    assert alerts("drafts", "list").err == "No draft waits.\n"
    assert services.updates.recent(0) == [first]
    alerts("feeds", "poll", "river")
    assert alerts("drafts", "list").err == "No draft waits.\n", "what was discarded does not come again"


def test_a_feed_that_was_stopped_says_why_and_how_to_go_on(alerts: Runs, server: FeedServer) -> None:
    alerts("feeds", "add", url(server), "--name", "river")
    server.does["/feed?key=secret"] = lambda asked: asked.answer(410)
    said = alerts("feeds", "poll", "river")
    assert said.code == 1
    assert said.out == "! river was stopped: its server says that it is gone for good (410)\n"
    assert "`alerts feeds resume river`" in said.err
    status = alerts("status").out
    assert "a feed was stopped: feed river" in status
    assert "feed         river: its server says that it is gone for good (410)" in status
    assert alerts("feeds", "show", "river", "-o", "json").json["state"] == "stopped"


def test_a_refused_item_says_why_where_it_is_looked_for(alerts: Runs, server: FeedServer) -> None:
    alerts("feeds", "add", url(server), "--name", "river")
    server.documents["/feed?key=secret"] = rss(rss_item(9, "Something happened", "Nobody says where."))
    polled = alerts("feeds", "poll", "river").out
    assert "1 refused" in polled
    assert "  ! Something happened: It names no region." in alerts("feeds", "show", "river").out


def test_an_address_of_our_own_network_is_not_called(
    alerts: Runs, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALERTS_OUTBOUND_ALLOW")
    said = alerts("feeds", "add", url(server))
    assert said.code == 2
    assert said.sentence == (
        "error: It cannot be reached: it leads to an address that is not public.\n"
        "hint: If it is yours, name its network in ALERTS_OUTBOUND_ALLOW."
    )
    assert server.asked == []
