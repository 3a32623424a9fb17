"""Connections that are made to the very address that was checked, and of which no wait outlasts the call.

A name is looked up once for each connection, and what it leads to is checked then: whoever owns the name may
let it lead elsewhere at every look. TLS still asks for the name.
"""

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from time import monotonic
from typing import Any

import httpcore

from alerts.outbound.guard import Guard, IpAddress

#: Looks a name up: host and port → its addresses. Raises OSError.
Resolve = Callable[[str, int], Sequence[str]]


def system_addresses(host: str, port: int) -> list[str]:
    """What the system says that a name leads to. It has bounds of its own, and its cache."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Inadmissible(httpcore.ConnectError):
    """The name leads to nothing that may be called."""


class CallDeadline(threading.local):
    """When the call of this thread must be over. A connection is used by one call at a time."""

    def __init__(self) -> None:
        self._end = 0.0

    def set(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def sooner(self, seconds: float) -> None:
        """End in this many seconds, unless it is to end before."""
        self._end = min(self._end, monotonic() + seconds)

    def left(self) -> float:
        """Seconds that remain. Raises TimeoutError once there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError("the call took too long")
        return left


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects only to what the guard admits."""

    def __init__(self, guard: Guard, resolve: Resolve, deadline: CallDeadline) -> None:
        self._guard = guard
        self._resolve = resolve
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline of the call holds
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.NetworkStream:
        """Connect to the first admitted address that answers, each in its part of the time that is left."""
        admitted = self._admitted(host, port)
        fault: OSError = OSError("it has no address")
        for tried, address in enumerate(admitted):
            try:
                seconds = self._deadline.left() / (len(admitted) - tried)
                made = socket.create_connection((str(address), port), seconds)
            except OSError as failed:
                fault = failed
            else:
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return BoundedStream(made, self._deadline)
        if isinstance(fault, TimeoutError):
            raise httpcore.ConnectTimeout("it does not answer")
        raise httpcore.ConnectError(fault.strerror or str(fault))

    def _admitted(self, host: str, port: int) -> list[IpAddress]:
        try:
            found = [ip_address(text) for text in self._resolve(host, port)]
        except (OSError, UnicodeError):  # no such name, nobody to ask, or none that could be one
            raise httpcore.ConnectError("its name leads nowhere") from None
        against = {address: self._guard.refusal(address, port) for address in found}
        admitted = [address for address, why in against.items() if not why]
        if against and not admitted:
            raise Inadmissible(next(iter(against.values())))
        return admitted


class BoundedStream(httpcore.NetworkStream):
    """A connection each of whose waits ends by the deadline of the whole call."""

    def __init__(self, made: socket.socket, deadline: CallDeadline) -> None:
        self._socket = made
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        try:
            self._socket.settimeout(self._deadline.left())
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise httpcore.ReadTimeout("no answer in time") from None
        except OSError as broken:
            raise httpcore.ReadError(str(broken)) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - as above
        left = memoryview(buffer)
        try:
            while left:
                self._socket.settimeout(self._deadline.left())
                left = left[self._socket.send(left) :]
        except TimeoutError:
            raise httpcore.WriteTimeout("not taken in time") from None
        except OSError as broken:
            raise httpcore.WriteError(str(broken)) from None

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - as above
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._deadline.left())
            secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise httpcore.ConnectTimeout("no TLS in time") from None
        except ssl.SSLCertVerificationError as distrusted:
            self.close()
            raise httpcore.ConnectError(f"its certificate: {distrusted.verify_message}") from None
        except OSError:
            self.close()
            raise httpcore.ConnectError("TLS failed") from None
        return BoundedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks: the TLS of a connection, and whether an idle one has something to say."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        if info == "is_readable":
            if self._socket.fileno() < 0:
                return True
            poll = select.poll()
            poll.register(self._socket, select.POLLIN)
            return bool(poll.poll(0))
        return None
