"""Every feed of the corpus, served, polled three times with edits in between: a naive reading agrees.

What the naive reading knows of a feed it was told by the test, which made the edits: it reads nothing.
"""

import re
from pathlib import Path

import pytest
from feed_server import AskedFor, FeedServer
from house import OPERATOR
from thorough import usually

from alerts.ingest.feeds import read_feed
from alerts.model import ItemState
from alerts.operations.drafts import list_drafts
from alerts.operations.feeds import FeedAsked, PollOutcome, add_feed
from alerts.operations.feeds.polling import polled
from alerts.services import Services

pytestmark = pytest.mark.long

FEEDS = Path(__file__).parents[4] / "shared" / "corpora" / "feeds"
#: Refused whole: it has a DOCTYPE.
REFUSED = {"fp_rdf_doctype_contains_entity_decl.xml", "_index.jsonl"}
#: Three of a megabyte and more take as long as all others: `tests/ingest` reads them, too.
LARGEST = usually(1_000_000, 10_000_000)
FILES = [p.name for p in sorted(FEEDS.glob("*")) if p.name not in REFUSED and p.stat().st_size <= LARGEST]
NAME = "corpus"
_ITEM = re.compile(rb"(<(item|entry)\b[^>]*>)(.*?)(</\2>)", re.S)
_TITLE = re.compile(rb"(<title\b[^>]*>)(.*?)(</title>)", re.S)


def reworded(document: bytes) -> bytes | None:
    """The document, with other words in the title of its first item that has one; None where none has."""
    for item in _ITEM.finditer(document):
        title = _TITLE.search(item[3])
        if title and title[2].strip() and b"CDATA" not in title[2]:
            at = item.start(3) + title.start(2)
            return document[:at] + b"Reworded: " + document[at:]
    return None


def respaced(document: bytes) -> bytes:
    """The document, with white space and comments where they mean nothing."""
    return re.sub(rb"(</(?:item|entry)>)", rb"\1\n  <!-- edited -->\n", document)


def serve_badly(server: FeedServer, turn: int) -> None:
    """Compressed, moving, broken: each poll meets its server in another mood, and then as it is."""
    server.gzips = turn % 2 == 0
    server.does.pop("/feed", None)
    if turn == 1:
        server.does["/feed"] = lambda asked: asked.answer(302, Location="/elsewhere")


def broken(asked: AskedFor) -> None:
    """Promise the document, and stop in the middle of it."""
    document = asked.server_of.documents["/feed"]
    asked.send_response_only(200)
    asked.send_header("Content-Length", str(len(document) + 100))
    asked.end_headers()
    asked.wfile.write(document[: len(document) // 2])
    asked.close_connection = True


@pytest.mark.skipif(not FILES, reason="the corpus is not in this checkout")
@pytest.mark.parametrize("name", FILES)
def test_a_feed_is_polled_three_times_with_edits_between_and_nothing_comes_twice(
    desk_of_feeds: Services, server: FeedServer, name: str
) -> None:
    desk, first = desk_of_feeds, (FEEDS / name).read_bytes()
    server.documents["/feed"] = server.documents["/elsewhere"] = first
    # What an item of an index leads to is not served here: a page for people is, and the item's words count.
    for item in read_feed(first, url=server.url()).items:
        assert not item.raw.alert_url.startswith(server.url(""))
    added = add_feed(desk, OPERATOR, FeedAsked(server.url(), NAME, ("UA",), review=True))
    assert added.poll.taken == ()
    listed: list[str] = []
    again = reworded(first)
    for turn, document in enumerate([respaced(first), again or first, respaced(again or first)]):
        server.documents["/feed"] = server.documents["/elsewhere"] = document
        server.does["/feed"] = broken
        assert polled(desk, *desk.feeds.get(NAME)).outcome is PollOutcome.FAILED
        serve_badly(server, turn)
        done = polled(desk, *desk.feeds.get(NAME))
        assert done.outcome in (PollOutcome.READ, PollOutcome.UNCHANGED), done.why
        listed += [one.item.key for one in done.taken]
        edited = again is not None and turn == 1
        # An index' alert cannot be fetched here, and is put off: it is one edit all the same.
        assert len(done.taken) + done.left == (1 if edited or (turn == 2 and done.left) else 0)
    assert len(listed) == len(set(listed))
    assert len(list_drafts(desk, OPERATOR)) == sum(
        item.state is ItemState.DRAFT for item in desk.feeds.every_item(NAME).values()
    )
    assert desk.updates.recent(0) == []
