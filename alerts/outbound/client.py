"""One post, one answer, over connections that are kept a moment. Never repeats one, never follows another.

The proxies of the environment are not used: a proxy would look the name up again, and nobody would have
checked what it found.
"""

import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from alerts.outbound.guard import Guard
from alerts.outbound.network import CallDeadline, GuardedNetwork, Inadmissible, Resolve, system_addresses

#: Seconds a connection is kept for the next request: of one that is closed meanwhile nobody knows more.
KEPT_S = 5.0
#: Connections that are open, and those of them that are kept, whomever they lead to.
CONNECTIONS, CONNECTIONS_KEPT = 100, 32
#: Octets and seconds of an answer that are read, to keep its connection; then it is closed.
BODY_MAX, BODY_S = 64 * 1024, 1.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The word of a server: its status, and headers by name in small letters."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotReached:
    """Nothing was sent. `inadmissible`: not because of a fault, but because it may not be called."""

    why: str
    inadmissible: bool = False


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """It was sent, at least in part, and nobody knows what became of it."""

    why: str


HttpReply = HttpAnswer | NotReached | AnswerLost


class GuardedClient:
    """Safe to share between threads. `seconds` holds for a whole call, until the status of the answer.

    Looking a name up is the system's (`resolve`), and has the system's bounds. `secure` says whose
    certificates are trusted.
    """

    def __init__(
        self,
        guard: Guard,
        seconds: float,
        resolve: Resolve = system_addresses,
        secure: ssl.SSLContext | None = None,
    ) -> None:
        self._seconds = seconds
        self._deadline = CallDeadline()
        self._network = GuardedNetwork(guard, resolve, self._deadline)
        self._secure = secure or ssl.create_default_context()
        self._pool = self._new_pool()

    def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> HttpReply:
        """Send a body to an https URL. A redirect is an answer like any other; nobody goes where it leads."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            return NotReached("it is not https", inadmissible=True)
        self._deadline.set(self._seconds)
        given = [("Host", parts.netloc), *headers]
        try:
            with self._pool.stream("POST", url, headers=given, content=body) as answer:
                self._pass_over(answer)
                return HttpAnswer(answer.status, reply_headers(answer.headers))
        except Inadmissible as refused:
            return NotReached(str(refused), inadmissible=True)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as unreached:
            return NotReached(str(unreached))
        except (httpcore.NetworkError, httpcore.TimeoutException) as lost:
            return AnswerLost(str(lost))
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            return AnswerLost("what came back is not HTTP")

    def close(self) -> None:
        """Let go of every connection; the client may be used again."""
        pool, self._pool = self._pool, self._new_pool()
        pool.close()

    def _pass_over(self, answer: httpcore.Response) -> None:
        """Read a short body to its end, so that the connection can be kept; what is longer is left unread.

        Where it fails, the connection is closed: the status was the word.
        """
        self._deadline.sooner(BODY_S)
        octets = 0
        with suppress(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
            for part in answer.iter_stream():
                octets += len(part)
                if octets > BODY_MAX:
                    return

    def _new_pool(self) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=self._secure,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS_KEPT,
            keepalive_expiry=KEPT_S,
            network_backend=self._network,
        )


def reply_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Of a header that comes twice, the first."""
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found
