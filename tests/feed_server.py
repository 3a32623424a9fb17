"""A server of feeds that lives in this process: real HTTP, and what a test has it do."""

import gzip
import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

from alerts.outbound import FETCH_PORTS, Fetcher, Guard, Resolve

LOOPBACK = (ip_network("127.0.0.0/8"),)


def here(_host: str, _port: int) -> list[str]:
    """Every name leads to this machine."""
    return ["127.0.0.1"]


class AskedFor(BaseHTTPRequestHandler):
    """One request, as what a test has done about it sees it."""

    protocol_version = "HTTP/1.1"
    server_of: "FeedServer"

    def do_GET(self) -> None:
        ours = self.server_of
        ours.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        with suppress(OSError):  # who is given up hears of it by an error
            ours.does.get(self.path, AskedFor.serve)(self)

    def serve(self) -> None:
        """The document of this path: with its ETag, compressed where that is wanted, 304 to who has it."""
        ours = self.server_of
        document = ours.documents.get(self.path)
        if document is None:
            self.answer(404)
            return
        tag = f'"{hashlib.sha1(document).hexdigest()}"'
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, ETag=tag)
        elif ours.gzips:
            self.answer(200, gzip.compress(document), ETag=tag, Content_Encoding="gzip")
        else:
            self.answer(200, document, ETag=tag)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not in the output of tests."""


class FeedServer:
    """Serves `documents` by their paths, unless a path `does` something else."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.documents: dict[str, bytes] = {}
        self.does: dict[str, Callable[[AskedFor], object]] = {}
        self.gzips = False
        self.released = threading.Event()  #: ends what hangs
        handler = type("Handler", (AskedFor,), {"server_of": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that leaves
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "FeedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str = "/feed", host: str = "feeds.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def fetcher(self, seconds: float = 20, resolve: Resolve = here) -> Fetcher:
        """Who may call this machine, and finds every name here."""
        return Fetcher(Guard(LOOPBACK, FETCH_PORTS), seconds, resolve)


def rss(*items: str, title: str = "News of the river") -> bytes:
    """An RSS feed of these items, as each stands in it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://example.org/</link><description/>{''.join(items)}</channel></rss>"
    ).encode()


def rss_item(number: int, headline: str = "", text: str = "", **more: str) -> str:
    """One item, known by its guid."""
    parts = {
        "title": headline or f"Flood warning {number} for Kyiv",
        "description": text or f"The Dnipro rises in Kyiv: gauge {number}.",
        "link": f"https://example.org/{number}",
        "guid": f"urn:item:{number}",
        **more,
    }
    return "<item>" + "".join(f"<{tag}>{value}</{tag}>" for tag, value in parts.items() if value) + "</item>"
