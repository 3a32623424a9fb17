"""A feed is polled: what is new in it is published once, and what is not new is not."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from feed_server import AskedFor, FeedServer, rss, rss_item
from house import OPERATOR, subscribe, told, walk

from alerts.errors import BadInput, Conflict, Forbidden
from alerts.model import FeedState, ItemState, Kind
from alerts.operations import Permission, list_notices
from alerts.operations.acting import Actor
from alerts.operations.drafts import list_drafts
from alerts.operations.feeds import (
    FeedAsked,
    PollOutcome,
    add_feed,
    pause_feed,
    remove_feed,
    resume_feed,
    show_feed,
)
from alerts.operations.feeds.polling import poll, polled
from alerts.rules import feed_polls as rules
from alerts.services import Services
from alerts.store import poll_work

NAME = "river"


def follow(services: Services, server: FeedServer, path: str = "/feed", **asked: Any) -> Any:
    return add_feed(services, OPERATOR, FeedAsked(server.url(path), NAME, **({"regions": ("UA",)} | asked)))


def now(services: Services) -> Any:
    """Poll it now, as a worker would, and what came of it."""
    return polled(services, *services.feeds.get(NAME))


def published(services: Services) -> dict[str, int]:
    """How many revisions each update has."""
    return {update: services.updates.latest(update) for update in services.updates.recent(0)}


def headlines(services: Services) -> list[str]:
    return sorted(services.updates.standing(u).draft.headline for u in services.updates.recent(0))


def notices(services: Services) -> list[str]:
    return [notice.what for notice in list_notices(services, OPERATOR, 100)]


def test_nothing_old_is_published_and_what_comes_after_is_once(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    added = follow(desk_of_feeds, server)
    assert (added.poll.items, published(desk_of_feeds)) == (3, {})
    server.documents["/feed"] = rss(*(rss_item(n) for n in (5, 4, 3, 2, 1)))
    done = now(desk_of_feeds)
    assert done.count(ItemState.PUBLISHED) == 2
    assert headlines(desk_of_feeds) == ["Flood warning 4 for Kyiv", "Flood warning 5 for Kyiv"]
    for _ in range(3):
        now(desk_of_feeds)
    assert set(published(desk_of_feeds).values()) == {1}


def test_of_what_is_there_as_many_of_the_newest_are_taken_as_were_asked_for(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server, backlog=2)
    assert headlines(desk_of_feeds) == ["Flood warning 2 for Kyiv", "Flood warning 3 for Kyiv"]


def test_what_a_feed_says_reaches_who_subscribes(desk_of_feeds: Services, server: FeedServer) -> None:
    subscribe(desk_of_feeds, "ann@example.org", "UA")
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    walk(desk_of_feeds)
    [update] = desk_of_feeds.updates.recent(0)
    assert list(told(desk_of_feeds, update)) == ["ann@example.org"]


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Flood  warning 4 for Kyiv ", "The Dnipro rises in Kyiv:\n gauge 4."),
        ("FLOOD WARNING 4 FOR KYIV", "The Dnipro rises in Kyiv: gauge 4"),
        ("Flood warning 4 for Kyiv (12 comments)", "The Dnipro rises in Kyiv: gauge 4."),
        (
            "Flood warning 4 for Kyiv",
            "&lt;p&gt;The &lt;b&gt;Dnipro&lt;/b&gt; rises in Kyiv: gauge 4.&lt;/p&gt;"
            "&lt;p&gt;1,204 views&lt;/p&gt;"
            "&lt;p&gt;Advertisement&lt;/p&gt;&lt;img src='https://ads.example/pixel.gif?n=7'&gt;",
        ),
        (
            "Flood warning 4 for Kyiv",
            "&lt;p&gt;The Dnipro rises in Kyiv: gauge 4.&lt;/p&gt;"
            "&lt;p&gt;Updated 5 minutes ago&lt;/p&gt;&lt;p&gt;Read more&lt;/p&gt;",
        ),
    ],
    ids=["white space", "capitals", "comments", "views and advertising", "ages"],
)
def test_an_edit_that_means_the_same_is_no_revision(
    desk_of_feeds: Services, server: FeedServer, headline: str, text: str
) -> None:
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    server.documents["/feed"] = rss(rss_item(4, headline, text), rss_item(3))
    assert now(desk_of_feeds).taken == ()
    assert list(published(desk_of_feeds).values()) == [1]


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        ("Flood warning 4 for Kyiv", "The Dnipro rises in Kyiv: gauge 5."),
        ("Flood warning 4 for Kyiv lifted", ""),
        ("Flood warning 4 for Kyiv", "The Dnipro rises in Kyiv: gauge -4."),
        ("Flood warning 4 for Kyiv", "The Dnipro rises in Kyiv: gauge 4. 12 people are dead."),
    ],
)
def test_an_edit_that_means_something_else_is_the_next_revision(
    desk_of_feeds: Services, server: FeedServer, headline: str, text: str
) -> None:
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    [update] = desk_of_feeds.updates.recent(0)
    server.documents["/feed"] = rss(
        rss_item(4, headline, text, link="https://example.org/moved"), rss_item(3)
    )
    now(desk_of_feeds)
    assert published(desk_of_feeds) == {update: 2}
    assert desk_of_feeds.updates.standing(update).kind is Kind.UPDATE


def test_what_was_old_when_it_was_followed_and_says_something_else_now_is_news(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    """A feed of disasters turns its items from green to red: that they were there before is no reason."""
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(rss_item(3, "Red alert for Kyiv"), rss_item(2), rss_item(1))
    now(desk_of_feeds)
    assert headlines(desk_of_feeds) == ["Red alert for Kyiv"]


def test_what_is_said_again_after_it_was_changed_is_a_revision_of_its_own(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    """The same content is the same revision: what is taken back by repeating it reached nobody."""
    follow(desk_of_feeds, server)
    for text in ("closed", "open", "closed", "open", "closed"):
        server.documents["/feed"] = rss(rss_item(4, text=f"The bridge in Kyiv is {text}."), rss_item(3))
        now(desk_of_feeds)
    [update] = desk_of_feeds.updates.recent(0)
    notes = [r.draft.note for r in desk_of_feeds.updates.history(update).revisions]
    assert notes == ["", "", "Again as in revision 1.", "Again as in revision 2.", "Again as in revision 3."]


def test_items_are_known_by_id_else_link_else_content(desk_of_feeds: Services, server: FeedServer) -> None:
    follow(desk_of_feeds, server)
    by_link = rss_item(7, guid="", link="https://www.example.org/7/?utm_source=rss")
    by_content = rss_item(8, guid="", link="")
    server.documents["/feed"] = rss(by_link, by_content, rss_item(3))
    now(desk_of_feeds)
    again = rss_item(7, "Flood warning 7 for Kyiv: it is over", guid="", link="https://example.org/7")
    server.documents["/feed"] = rss(again, by_content, rss_item(3))
    now(desk_of_feeds)
    assert sorted(published(desk_of_feeds).values()) == [1, 2]


def test_one_id_that_several_items_bear_is_none(desk_of_feeds: Services, server: FeedServer) -> None:
    """A generator that writes the same guid everywhere would have made one situation of all there are."""
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(*(rss_item(n, guid="1") for n in (4, 5)), rss_item(3))
    now(desk_of_feeds)
    assert len(published(desk_of_feeds)) == 2


def test_an_item_that_cannot_be_read_is_shown_with_its_reason_and_blocks_no_other(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server, regions=())
    nowhere = rss_item(4, "Something happened", "Nobody says where.")
    server.documents["/feed"] = rss(rss_item(5), nowhere, rss_item(3))
    done = now(desk_of_feeds)
    assert (done.count(ItemState.PUBLISHED), done.count(ItemState.REFUSED)) == (1, 1)
    found = show_feed(desk_of_feeds, OPERATOR, NAME).to_dict()
    [refused] = found["refused_items"]  # type: ignore[misc]
    assert refused["headline"] == "Something happened"
    assert "names no region" in refused["why"]
    assert now(desk_of_feeds).taken == (), "it is not tried again until it says something else"


def test_a_document_that_has_not_changed_is_not_sent_again(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)
    assert now(desk_of_feeds).outcome is PollOutcome.UNCHANGED
    assert "if-none-match" in server.asked[-1][1]


def test_a_gzipped_feed_is_read(desk_of_feeds: Services, server: FeedServer) -> None:
    server.gzips = True
    assert follow(desk_of_feeds, server).poll.items == 3


def fails(status: int, **headers: str) -> Callable[[AskedFor], object]:
    return lambda asked: asked.answer(status, **headers)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_feed_that_cannot_be_had_is_asked_again_later_and_later(
    desk_of_feeds: Services, server: FeedServer, status: int
) -> None:
    follow(desk_of_feeds, server)
    server.does["/feed"] = fails(status)
    waits = []
    for _ in range(4):
        assert now(desk_of_feeds).outcome is PollOutcome.FAILED
        look_ms = desk_of_feeds.due.look_ms(poll_work(NAME))
        assert look_ms
        waits.append(look_ms - desk_of_feeds.server.now_ms())
    assert all(later > sooner * 1.5 for sooner, later in pairwise(waits))
    del server.does["/feed"]
    now(desk_of_feeds)
    _, progress = desk_of_feeds.feeds.get(NAME)
    assert (progress.failures, progress.fault) == (0, "")


def test_a_server_that_says_how_long_to_wait_is_left_alone_so_long(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)
    server.does["/feed"] = fails(429, Retry_After="7200")
    now(desk_of_feeds)
    look_ms = desk_of_feeds.due.look_ms(poll_work(NAME))
    assert look_ms
    assert look_ms - desk_of_feeds.server.now_ms() > 7_100_000


def test_a_feed_that_is_gone_for_good_is_polled_no_more(desk_of_feeds: Services, server: FeedServer) -> None:
    follow(desk_of_feeds, server)
    server.does["/feed"] = fails(410)
    assert now(desk_of_feeds).outcome is PollOutcome.STOPPED
    assert desk_of_feeds.due.look_ms(poll_work(NAME)) is None
    assert notices(desk_of_feeds) == ["a feed was stopped"]
    assert list_notices(desk_of_feeds, OPERATOR, 1)[0].details["go_on"] == f"alerts feeds resume {NAME}"


def test_a_move_for_good_is_remembered_once_it_was_said_three_times(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)
    server.documents["/new"] = server.documents["/feed"]
    server.does["/feed"] = fails(301, Location="/new")
    for _ in range(2):
        now(desk_of_feeds)
        assert desk_of_feeds.feeds.get(NAME)[0].url == server.url("/feed")
    now(desk_of_feeds)
    assert desk_of_feeds.feeds.get(NAME)[0].url == server.url("/new")
    assert notices(desk_of_feeds) == ["a feed has moved"]
    assert published(desk_of_feeds) == {}


def test_a_move_for_now_is_followed_and_not_remembered(desk_of_feeds: Services, server: FeedServer) -> None:
    follow(desk_of_feeds, server)
    server.documents["/new"] = server.documents["/feed"]
    server.does["/feed"] = fails(302, Location="/new")
    for _ in range(4):
        assert now(desk_of_feeds).outcome is not PollOutcome.FAILED
    assert desk_of_feeds.feeds.get(NAME)[0].url == server.url("/feed")


ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>News of the river</title>'
    b"<entry><id>urn:item:3</id><title>Flood warning 3 for Kyiv</title></entry></feed>"
)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (rss(*(rss_item(n) for n in range(6))), ATOM, "it was RSS and is Atom now"),
        (
            rss(*(rss_item(n) for n in range(6))),
            rss(*(rss_item(n, guid=f"other:{n}") for n in range(6))),
            "all its items have new ids",
        ),
        (
            rss(*(rss_item(n) for n in range(6))),
            rss(*(rss_item(n) for n in range(100, 106))),
            "none of its items was in it before",
        ),
        (
            rss(*(rss_item(n) for n in range(6))),
            rss(*(rss_item(n) for n in range(1006))),
            "1,000 new items are in it at once",
        ),
    ],
    ids=["format", "ids", "another feed", "a flood"],
)
def test_a_feed_that_is_not_what_it_was_is_stopped_until_somebody_says_go_on(
    desk_of_feeds: Services, server: FeedServer, before: bytes, after: bytes, why: str
) -> None:
    server.documents["/feed"] = before
    follow(desk_of_feeds, server)
    server.documents["/feed"] = after
    stopped = now(desk_of_feeds)
    assert (stopped.outcome, stopped.why[: len(why)]) == (PollOutcome.STOPPED, why)
    assert published(desk_of_feeds) == {}
    assert notices(desk_of_feeds) == ["a feed was stopped"]
    assert now(desk_of_feeds).taken == ()
    resume_feed(desk_of_feeds, OPERATOR, NAME)
    assert now(desk_of_feeds).outcome is PollOutcome.READ
    assert published(desk_of_feeds) == {}, "what is there now is known, and not news"
    server.documents["/feed"] = after.replace(b"<channel>", b"<channel>" + rss_item(5000).encode())
    now(desk_of_feeds)
    assert len(published(desk_of_feeds)) == (1 if b"<channel>" in after else 0)


def test_a_feed_that_goes_on_is_asked_for_as_much_of_what_it_missed_as_somebody_says(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    server.documents["/feed"] = rss(*(rss_item(n) for n in range(6)))
    follow(desk_of_feeds, server)
    server.documents["/feed"] = rss(*(rss_item(n) for n in range(105, 99, -1)))
    now(desk_of_feeds)
    resume_feed(desk_of_feeds, OPERATOR, NAME, backlog=2)
    now(desk_of_feeds)
    assert headlines(desk_of_feeds) == ["Flood warning 104 for Kyiv", "Flood warning 105 for Kyiv"]


def test_a_paused_feed_is_not_polled_and_goes_on_where_it_was(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)
    pause_feed(desk_of_feeds, OPERATOR, NAME)
    asked = len(server.asked)
    assert poll(desk_of_feeds, poll_work(NAME)) == []
    assert len(server.asked) == asked
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    resume_feed(desk_of_feeds, OPERATOR, NAME)
    now(desk_of_feeds)
    assert headlines(desk_of_feeds) == ["Flood warning 4 for Kyiv"]


def test_a_feed_that_is_paused_while_it_is_polled_stays_paused(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)

    def meanwhile(asked: AskedFor) -> None:
        pause_feed(desk_of_feeds, OPERATOR, NAME)
        asked.serve()

    server.does["/feed"] = meanwhile
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    assert desk_of_feeds.feeds.get(NAME)[1].state is FeedState.PAUSED
    assert desk_of_feeds.due.look_ms(poll_work(NAME)) is None


def test_a_feed_that_is_removed_while_it_is_polled_leaves_nothing(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)

    def meanwhile(asked: AskedFor) -> None:
        remove_feed(desk_of_feeds, OPERATOR, NAME)
        asked.serve()

    server.does["/feed"] = meanwhile
    now(desk_of_feeds)
    client = desk_of_feeds.server.client
    assert client.keys("alerts:feed*") == []
    assert desk_of_feeds.due.look_ms(poll_work(NAME)) is None


def test_one_worker_at_a_time_polls_a_feed(desk_of_feeds: Services, server: FeedServer) -> None:
    follow(desk_of_feeds, server)
    during: list[PollOutcome] = []

    def meanwhile(asked: AskedFor) -> None:
        during.append(now(desk_of_feeds).outcome)
        asked.serve()

    server.does["/feed"] = meanwhile
    now(desk_of_feeds)
    assert during == [PollOutcome.NOT_NOW]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"<!DOCTYPE rss><rss/>", "DOCTYPE"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b"<html><body>Log in</body></html>", "web page"),
        (b"", "empty"),
        (b'{"items": []}', "no JSON Feed"),
        (b"\x00\x01\x02" * 100, "not a text"),
    ],
)
def test_what_is_no_feed_is_not_followed_and_says_why(
    desk_of_feeds: Services, server: FeedServer, document: bytes, why: str
) -> None:
    server.documents["/feed"] = document
    with pytest.raises(BadInput, match=why):
        follow(desk_of_feeds, server)
    assert desk_of_feeds.feeds.all() == []


def test_everything_that_is_wrong_with_what_was_asked_is_said_at_once(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    asked = FeedAsked("ftp://x", "No Name", ("Atlantis",), ("no-such-tag",), "bad", "1s", backlog=1000)
    with pytest.raises(BadInput) as refused:
        add_feed(desk_of_feeds, OPERATOR, asked)
    for part in ("ftp://x", "No Name", "Atlantis", "no-such-tag", "bad", "1s", "backlog"):
        assert part in refused.value.sentence
    assert server.asked == []


def test_who_may_not_publish_follows_a_feed_for_review_alone(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    """Else whoever may administer, and not publish, would publish by a feed of their own."""
    admin = Actor("admin", "test", frozenset({Permission.ADMINISTER, Permission.READ}))
    with pytest.raises(Forbidden, match="publish"):
        add_feed(desk_of_feeds, admin, FeedAsked(server.url(), NAME, ("UA",)))
    add_feed(desk_of_feeds, admin, FeedAsked(server.url(), NAME, ("UA",), review=True))


def test_a_feed_is_followed_once(desk_of_feeds: Services, server: FeedServer) -> None:
    follow(desk_of_feeds, server)
    with pytest.raises(Conflict, match="followed already"):
        follow(desk_of_feeds, server)


def test_what_comes_by_a_feed_for_review_waits_as_a_draft(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server, review=True)
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    assert published(desk_of_feeds) == {}
    [draft] = list_drafts(desk_of_feeds, OPERATOR)
    assert (draft.draft.headline, draft.draft.source) == ("Flood warning 4 for Kyiv", f"feed {NAME}")
    now(desk_of_feeds)
    assert len(list_drafts(desk_of_feeds, OPERATOR)) == 1


def test_what_a_feed_does_not_say_is_its_default_and_what_it_says_stands(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    desk_of_feeds.tags.add(["flood"], "")
    desk_of_feeds.tags.add(["rivers"], "")
    follow(desk_of_feeds, server, tags=("rivers",), severity="moderate")
    server.documents["/feed"] = rss(rss_item(4, category="Flood"), rss_item(3))
    now(desk_of_feeds)
    [update] = desk_of_feeds.updates.recent(0)
    draft = desk_of_feeds.updates.standing(update).draft
    assert (draft.regions, draft.tags, draft.severity) == (("UA",), ("flood", "rivers"), "moderate")
    assert (draft.source, draft.url) == ("News of the river", "https://example.org/4")


def test_operators_are_notified_once_of_a_feed_that_fails_and_once_that_it_works(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    follow(desk_of_feeds, server)
    server.does["/feed"] = fails(500)
    now(desk_of_feeds)
    assert notices(desk_of_feeds) == []
    past(desk_of_feeds, failing_ms=rules.FAILING_MS)
    for _ in range(3):
        now(desk_of_feeds)
    assert notices(desk_of_feeds) == ["a feed cannot be read"]
    del server.does["/feed"]
    now(desk_of_feeds)
    assert notices(desk_of_feeds) == ["a feed can be read again", "a feed cannot be read"]
    server.does["/feed"] = fails(500)
    now(desk_of_feeds)
    past(desk_of_feeds, failing_ms=rules.GIVEN_UP_MS)
    assert now(desk_of_feeds).outcome is PollOutcome.STOPPED


def test_a_feed_that_is_silent_for_long_is_told_apart_from_one_that_fails_and_polled_all_the_same(
    desk_of_feeds: Services, server: FeedServer
) -> None:
    """Its next item may be the one that matters: a quiet feed of tsunamis is not stopped."""
    follow(desk_of_feeds, server)
    past(desk_of_feeds, new_ms=rules.SILENT_MS)
    for _ in range(3):
        now(desk_of_feeds)
    assert notices(desk_of_feeds) == ["a feed is silent"]
    server.documents["/feed"] = rss(rss_item(4), rss_item(3))
    now(desk_of_feeds)
    assert len(published(desk_of_feeds)) == 1
    assert desk_of_feeds.feeds.get(NAME)[1].notified == ""


def past(services: Services, **ago: int) -> None:
    """Have something be so long ago (ms)."""
    now_ms = services.server.now_ms()
    changes = {name: str(now_ms - ms) for name, ms in ago.items()}
    services.feeds.steer(NAME, FeedState.ACTIVE, now_ms, changes)
