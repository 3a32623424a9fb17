"""One document from a server that somebody named: redirects followed within the rules, every size bounded."""

import ssl
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore

from alerts.outbound.client import AnswerLost, NotReached, reply_headers
from alerts.outbound.guard import PORTS, Guard
from alerts.outbound.network import CallDeadline, GuardedNetwork, Inadmissible, Resolve, system_addresses

#: Where documents are served to strangers; feeds of ministries are often not behind TLS.
FETCH_PORTS = PORTS | {80}
#: Redirects that are followed for one document. Each is checked like the first address.
REDIRECTS_MOST = 5
#: Statuses that lead elsewhere, and those after which one should ask there from now on (RFC 9110 §15.4).
_MOVED, _FOR_GOOD = (301, 302, 303, 307, 308), (301, 308)
#: Octets that one portion of a compressed body may become at once.
_PORTION = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave, decompressed. `moved`: where to ask from now on, if it said so; else empty."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    moved: str = ""


@dataclass(frozen=True, slots=True)
class TooMuch:
    """The document is longer than was wanted, before or after it was decompressed."""

    most: int


FetchReply = Fetched | NotReached | AnswerLost | TooMuch


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


@dataclass(slots=True)
class _Journey:
    """Where a document was asked for until now."""

    url: str
    redirects: int  #: that may be followed
    #: The last address that was reached by nothing but redirects for good.
    moved: str = ""
    for_good: bool = True
    hops: int = 0

    def go(self, redirect: _Redirect) -> str:
        """Follow a redirect; what is against it, or nothing."""
        try:
            target = urljoin(self.url, redirect.location)
            here, there = urlsplit(self.url).scheme, urlsplit(target).scheme
        except ValueError:
            return "it redirects to what is no address"
        self.hops += 1
        if self.hops > self.redirects:
            return f"it redirects more than {self.redirects} times" if self.redirects else "it redirects"
        if here == "https" and there != "https":
            return "it redirects from https to what is not"
        self.for_good = self.for_good and redirect.status in _FOR_GOOD
        self.url = target
        if self.for_good:
            self.moved = target
        return ""


class Fetcher:
    """Gets documents. Safe to share between threads; `seconds` holds for a whole document, redirects too.

    `redirects`: how many are followed. Of no server's cookies or credentials is anything kept; a connection
    is closed once its answer is read.
    """

    def __init__(
        self,
        guard: Guard,
        seconds: float,
        resolve: Resolve = system_addresses,
        secure: ssl.SSLContext | None = None,
        redirects: int = REDIRECTS_MOST,
    ) -> None:
        self._seconds, self._redirects = seconds, redirects
        self._deadline = CallDeadline()
        self._network = GuardedNetwork(guard, resolve, self._deadline)
        self._secure = secure or ssl.create_default_context()

    def get(self, url: str, headers: Sequence[tuple[str, str]], most: int) -> FetchReply:
        """Fetch a document of at most `most` octets by http or https. Never raises for what a server does."""
        self._deadline.set(self._seconds)
        journey = _Journey(url, self._redirects)
        while True:
            reply = self._ask(journey, headers, most)
            if not isinstance(reply, _Redirect):
                return reply
            if against := journey.go(reply):
                return NotReached(against, inadmissible=True)

    def _ask(
        self, journey: _Journey, headers: Sequence[tuple[str, str]], most: int
    ) -> FetchReply | _Redirect:
        """What one address answers."""
        asked = _asked(journey.url)
        if asked is None:
            return NotReached("it is not an address by http or https", inadmissible=True)
        url, host = asked
        given = [("Host", host), ("Accept-Encoding", "gzip, deflate"), ("Connection", "close"), *headers]
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._secure, network_backend=self._network) as pool,
                pool.stream("GET", url, headers=given) as answer,
            ):
                return _answer(answer, journey, most)
        except Inadmissible as refused:
            return NotReached(str(refused), inadmissible=True)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as unreached:
            return NotReached(str(unreached))
        except (httpcore.NetworkError, httpcore.TimeoutException) as lost:
            return AnswerLost(str(lost))
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, zlib.error):
            return AnswerLost("what came back is not HTTP, or not compressed as it says")


def _asked(url: str) -> tuple[str, str] | None:
    """An address as HTTP takes it, and its host; None for what is none, or has a login in it."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.port == 0:
            return None
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    return _ascii(parts._replace(netloc=host, fragment="").geturl()), host


def _answer(answer: httpcore.Response, journey: _Journey, most: int) -> FetchReply | _Redirect:
    found = reply_headers(answer.headers)
    if answer.status in _MOVED and found.get("location"):
        return _Redirect(answer.status, found["location"])
    body = _whole(answer, found.get("content-encoding", ""), most)
    if body is None:
        return TooMuch(most)
    return Fetched(answer.status, found, body, journey.url, journey.moved)


def _whole(answer: httpcore.Response, encoding: str, most: int) -> bytes | None:
    """The body as it was before it was compressed; None if it is longer than that, from either side."""
    kind = encoding.strip().lower()
    if kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise httpcore.RemoteProtocolError("a content coding that was not asked for")
    inflate = None if kind in ("", "identity") else _inflating(kind)
    found = bytearray()
    taken = 0
    for part in answer.iter_stream():
        taken += len(part)
        if taken > most:
            return None
        if inflate is None:
            found += part
            continue
        left: bytes = part
        while left and not inflate.eof:
            found += inflate.decompress(left, _PORTION)
            left = inflate.unconsumed_tail
            if len(found) > most:
                return None
    while inflate is not None and not inflate.eof and (more := inflate.decompress(b"", _PORTION)):
        found += more
        if len(found) > most:
            return None
    if inflate is not None and taken and not inflate.eof:
        raise zlib.error("it ends too early")
    return bytes(found)


def _inflating(kind: str) -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS + (16 if kind != "deflate" else 0))


def _ascii(url: str) -> str:
    """The address as HTTP takes it: what is not ASCII in its path or query is percent-encoded as UTF-8."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{octet:02X}" for octet in c.encode()) for c in url)


def shown_url(url: str) -> str:
    """An address as notices, the audit and logs may hold it: what follows `?` may be a secret."""
    head, asks, _ = url.partition("?")
    return f"{head}?…" if asks else head
