"""HTTP with an end: a call is over by its deadline, its answer has a bounded size, and nobody redirects it.

urllib's timeouts hold for each wait alone, so that an answer of an octet a second would hold a thread for
hours; and it follows redirects with all headers, the token among them.
"""

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

#: Octets of an answer: a page of history with 100 of the longest messages Slack takes stays below.
ANSWER_MAX = 8 * 1024 * 1024


class TooLong(HTTPException):
    """The answer is longer than any that Slack gives."""


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain. Raises TimeoutError once there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError("the call took too long")
        return left


class _BoundedSocket:
    """A socket each of whose waits ends by the deadline of the whole call."""

    # Mixed into `socket` and `SSLSocket`, whose methods the type checker cannot see from here.
    deadline: _Deadline

    def recv_into(self, *into: Any) -> Any:
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        return super().recv_into(*into)  # type: ignore[misc]

    def send(self, *what: Any) -> Any:
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        return super().send(*what)  # type: ignore[misc]

    def sendall(self, *what: Any) -> Any:
        self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        return super().sendall(*what)  # type: ignore[misc]


class _Plain(_BoundedSocket, socket.socket):
    """Without TLS."""


class _Secure(_BoundedSocket, ssl.SSLSocket):
    """With TLS. The handshake has the time that was left when it began."""


class _Answer(HTTPResponse):
    """An answer that is read whole or not at all."""

    def read(self, amt: int | None = None) -> bytes:
        if amt is not None:
            return super().read(amt)
        if self.length is None:  # in chunks, or until the connection ends
            found = super().read(ANSWER_MAX + 1)
            if len(found) <= ANSWER_MAX:
                return found
        elif self.length <= ANSWER_MAX:
            return super().read()
        raise TooLong(f"more than {ANSWER_MAX} octets")


class _Connection(HTTPConnection):
    response_class = _Answer

    def __init__(self, host: str, *, timeout: float = 0, **how: Any) -> None:
        super().__init__(host, timeout=timeout, **how)
        self.deadline = _Deadline(timeout)
        # What http.client connects with, so that a proxy's answer to CONNECT is bounded as well.
        self._create_connection = self._reach

    def _reach(self, address: tuple[str, int], *_: Any) -> socket.socket:
        """Connect to the first address of a host that answers, in the time there is for all of them."""
        host, port = address
        fault: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _name, where in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
            made = _Plain(family, kind, protocol)
            made.deadline = self.deadline
            try:
                made.settimeout(self.deadline.left())
                made.connect(where)
                made.settimeout(self.deadline.left())
            except OSError as failed:
                made.close()
                fault = failed
            else:
                return made
        raise fault


class _SecureConnection(_Connection, HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        assert isinstance(self.sock, _Secure)  # noqa: S101 - by the context
        self.sock.deadline = self.deadline


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> Any:
        return self.do_open(_Connection, req)


class _Https(HTTPSHandler):
    def __init__(self) -> None:
        self._secure = ssl.create_default_context()  # made once: it reads all certificates there are
        self._secure.sslsocket_class = _Secure
        super().__init__(context=self._secure)

    def https_open(self, req: Request) -> Any:
        return self.do_open(_SecureConnection, req, context=self._secure)


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer like any other; nobody goes where it says, with the token or without."""

    def redirect_request(self, *_: Any) -> None:
        return None


def opener() -> OpenerDirector:
    """What opens requests so; `timeout`, given to its `open`, holds for the whole of a call.

    Looking a name up is the system's, and has the system's bounds. Proxies are those of the environment.
    """
    return build_opener(_Http(), _Https(), _Stay())
