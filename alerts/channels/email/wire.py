"""One socket after the login: bytes out, replies in. Never stuck because both sides wait to be read."""

import math
import select
import socket
import ssl
import time
from collections import deque

from alerts.channels.email.replies import Reply, take

#: Octets of replies that may wait to be looked at: far more than a full window of messages is answered with.
INBOX_MAX = 1024 * 1024

#: Acknowledge at once; only Linux has it.
QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)

_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Lost(Exception):
    """The connection is of no more use: dropped, silent for too long, out of step, or closed by a 421.

    `closing`: the server took its leave with a 421, so nothing it has not answered was accepted. `astray`: it
    is out of step, so the last answers may have been meant for others.
    """

    def __init__(self, why: str, *, closing: bool = False, astray: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.closing = closing
        self.astray = astray


class Slow(Exception):
    """No reply came within the patience of who asked; it may yet come. Nothing is lost."""


class Wire:
    """A socket that reads replies while it writes: a server may stop reading until it has been heard.

    `written` counts every octet ever handed to the system: what lies beyond it has never left. `until`: the
    instant (monotonic) from which on nothing is waited for any more, however little is missing.
    """

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._timeout = timeout
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self._inbox = bytearray()
        self._replies: deque[Reply] = deque()
        self._unacknowledged = False
        self.written = 0
        self.until = math.inf

    def write(self, data: bytes) -> None:
        """Send it all. Raises Lost if nothing could be written for the whole timeout."""
        rest = memoryview(data)
        deadline: float | None = None  # from when on nothing could be written
        while rest:
            try:
                sent = self._sock.send(rest)
            except _WOULD_BLOCK:
                deadline = deadline or self._deadline()
                if not self._ready(deadline, writing=True):
                    raise self._silent() from None
                self._receive()
            except OSError as error:
                self._hear_last_words()
                raise Lost(f"the connection broke: {error.strerror or error}") from None
            else:
                self.written += sent
                self._unacknowledged = False  # what is sent carries the acknowledgement
                rest = rest[sent:]
                deadline = None

    def reply(self, patience_s: float | None = None) -> Reply:
        """Wait for the next reply, at most the timeout. Raises Lost, or Slow after `patience_s` if sooner."""
        reply = self.heard()
        if reply is None:
            deadline = self._deadline()
            until = deadline if patience_s is None else min(deadline, time.monotonic() + patience_s)
            while reply is None:
                # Nothing waits unseen in the TLS layer: a record, 16 KB at most, is always read whole.
                if not self._ready(until):
                    raise self._silent() if until == deadline else Slow
                self._receive()
                reply = self.heard()
        return reply

    def heard(self) -> Reply | None:
        """The next reply that has already been received, if there is one. Raises Lost."""
        if self._inbox and not self._replies:
            try:
                self._replies.extend(take(self._inbox))
            except ValueError as error:
                raise Lost(str(error)) from None
        return self._replies.popleft() if self._replies else None

    def hasten(self) -> None:
        """Wait for all that is still to come no longer than for one reply."""
        self.until = self._deadline()

    def must_be_idle(self) -> None:
        """Raise Lost if anything was received that has not been looked at: nobody asked for it."""
        if self._replies or self._inbox:
            raise Lost("the server is out of step: it said more than it was asked", astray=True)

    def quiet(self) -> bool:
        """Whether the server has said nothing unasked and not hung up since the last reply."""
        try:
            return not (self._replies or self._inbox or self._receive())
        except Lost:
            return False

    def _deadline(self) -> float:
        return min(time.monotonic() + self._timeout, self.until)

    def _receive(self) -> bool:
        try:
            data = self._sock.recv(64 * 1024)
        except _WOULD_BLOCK:
            return False
        except OSError as error:
            raise Lost(f"the connection broke: {error.strerror or error}") from None
        if not data:
            raise Lost("the server closed the connection")
        self._unacknowledged = True
        self._inbox += data
        if len(self._inbox) > INBOX_MAX:
            raise Lost("the server says more than it was asked")
        return True

    def _hear_last_words(self) -> None:
        """Take what arrived before the connection broke: verdicts, or the 421 that explains it."""
        try:
            while self._receive():
                pass
        except Lost:
            return

    def _silent(self) -> Lost:
        return Lost(f"no answer within {self._timeout:g} seconds")

    def _ready(self, until: float, *, writing: bool = False) -> bool:
        """Whether something can be read by then, or written too."""
        if self._unacknowledged and QUICK_ACK is not None:
            # A server that answers in two small packets waits for our delayed acknowledgement (40 ms) between
            # them, unless told otherwise; the kernel forgets it with every read (tcp(7)).
            self._sock.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
            self._unacknowledged = False
        if writing:
            self._poll.modify(self._sock, select.POLLIN | select.POLLOUT)
        try:
            return bool(self._poll.poll(max(0.0, until - time.monotonic()) * 1000))
        finally:
            if writing:
                self._poll.modify(self._sock, select.POLLIN)
