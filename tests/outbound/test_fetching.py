"""One document: by way of redirects, decompressed, every size and the whole of the time bounded."""

import gzip
import zlib
from collections.abc import Iterator

import pytest
from feed_server import LOOPBACK, AskedFor, FeedServer, here

from alerts.outbound import (
    FETCH_PORTS,
    AnswerLost,
    Fetched,
    Fetcher,
    FetchReply,
    Guard,
    NotReached,
    TooMuch,
    shown_url,
)

MOST = 1_000_000


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as made:
        made.documents["/feed"] = b"news"
        yield made


def get(server: FeedServer, path: str = "/feed") -> FetchReply:
    return server.fetcher().get(server.url(path), [], MOST)


def redirects(server: FeedServer, status: int, location: str, path: str = "/old") -> None:
    server.does[path] = lambda asked: asked.answer(status, Location=location)


def test_a_document_is_had_with_its_headers(server: FeedServer) -> None:
    found = get(server)
    assert isinstance(found, Fetched)
    assert (found.status, found.body, found.moved) == (200, b"news", "")
    assert server.asked[0][1]["host"] == f"feeds.test:{server.port}"


@pytest.mark.parametrize(
    ("status", "moved"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_a_redirect_is_followed_and_only_those_for_good_are_told(
    server: FeedServer, status: int, moved: bool
) -> None:
    redirects(server, status, "/feed")
    found = get(server, "/old")
    assert isinstance(found, Fetched)
    assert (found.body, found.moved) == (b"news", server.url("/feed") if moved else "")


def test_what_comes_after_a_redirect_for_now_is_not_for_good(server: FeedServer) -> None:
    redirects(server, 302, "/b", "/a")
    redirects(server, 301, "/feed", "/b")
    found = get(server, "/a")
    assert isinstance(found, Fetched)
    assert found.moved == ""


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("/old", "more than 5 times"),
        ("file:///etc/passwd", "not an address by http"),
        ("gopher://x/", "not an address by http"),
        ("http://user:secret@feeds.test/", "not an address by http"),
        ("http://[", "no address"),
    ],
)
def test_a_redirect_that_leads_nowhere_good_is_not_followed(
    server: FeedServer, location: str, why: str
) -> None:
    redirects(server, 301, location)
    found = get(server, "/old")
    assert isinstance(found, NotReached)
    assert why in found.why
    assert found.inadmissible


def test_a_redirect_to_a_private_address_is_refused_as_the_address_itself_is(server: FeedServer) -> None:
    """The metadata of a cloud is one redirect away from any server that somebody names."""
    redirects(server, 302, "http://metadata.test/latest")

    def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "feeds.test" else ["169.254.169.254"]

    found = Fetcher(Guard(LOOPBACK, FETCH_PORTS), 20, resolve).get(server.url("/old"), [], MOST)
    assert found == NotReached("it leads to an address that is not public", inadmissible=True)


def test_whoever_follows_no_redirect_asks_once(server: FeedServer) -> None:
    redirects(server, 302, "/feed")
    found = Fetcher(Guard(LOOPBACK, FETCH_PORTS), 20, here, redirects=0).get(server.url("/old"), [], MOST)
    assert found == NotReached("it redirects", inadmissible=True)
    assert len(server.asked) == 1


def test_without_leave_this_machine_is_not_called(server: FeedServer) -> None:
    found = Fetcher(Guard((), FETCH_PORTS), 20, here).get(server.url(), [], MOST)
    assert isinstance(found, NotReached)
    assert server.asked == []


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_document_is_had_as_it_was(server: FeedServer, coding: str) -> None:
    body = b"news " * 50_000
    packed = gzip.compress(body) if coding == "gzip" else zlib.compress(body)
    server.does["/feed"] = lambda asked: asked.answer(200, packed, Content_Encoding=coding)
    found = get(server)
    assert isinstance(found, Fetched)
    assert found.body == body


def test_a_bomb_is_put_down_before_it_goes_off(server: FeedServer) -> None:
    packed = gzip.compress(bytes(200_000_000), 9)
    assert len(packed) < MOST
    server.does["/feed"] = lambda asked: asked.answer(200, packed, Content_Encoding="gzip")
    assert get(server) == TooMuch(MOST)


def test_a_document_that_is_too_long_is_not_read_to_its_end(server: FeedServer) -> None:
    server.documents["/feed"] = bytes(MOST + 1)
    assert get(server) == TooMuch(MOST)


@pytest.mark.parametrize(
    ("body", "coding"),
    [(b"not gzip", "gzip"), (gzip.compress(b"news " * 100)[:-9], "gzip"), (b"x", "br")],
    ids=["no gzip", "gzip that ends early", "another coding"],
)
def test_what_is_not_compressed_as_it_says_is_no_document(
    server: FeedServer, body: bytes, coding: str
) -> None:
    server.does["/feed"] = lambda asked: asked.answer(200, body, Content_Encoding=coding)
    assert isinstance(get(server), AnswerLost)


def test_one_that_drips_is_given_up_when_the_time_for_all_of_it_is_over(server: FeedServer) -> None:
    def drip(asked: AskedFor) -> None:
        asked.send_response_only(200)
        asked.send_header("Content-Length", "1000000")
        asked.end_headers()
        while not asked.server_of.released.wait(0.02):
            asked.wfile.write(b".")

    server.does["/feed"] = drip
    assert isinstance(server.fetcher(0.5).get(server.url(), [], MOST), AnswerLost | NotReached)


def test_an_address_that_is_not_ascii_is_asked_for_as_http_takes_it(server: FeedServer) -> None:
    server.documents["/p%C5%99i?q=%C5%99"] = b"news"
    found = get(server, "/při?q=ř")
    assert isinstance(found, Fetched)
    assert found.body == b"news"


def test_what_may_be_a_secret_in_an_address_is_not_shown() -> None:
    assert shown_url("https://example.org/feed?token=abc") == "https://example.org/feed?…"
