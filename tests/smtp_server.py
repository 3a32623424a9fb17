"""A scripted SMTP server on loopback: it keeps the rules of the RFCs, but where the script says otherwise.

It is as awkward as a server may be: a refused BDAT leaves its transaction open, a second MAIL without RSET is
refused, and it does not read on until its own replies have been read.
"""

import socket
import ssl
import struct
import threading
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Moment:
    """Where the dialogue stands: the verb, how often it has been said to this server, on which connection."""

    verb: str  # connect, ehlo, starttls, auth, rset, mail, rcpt, data, body, noop
    nth: int
    connection: int
    argument: str = ""


@dataclass(frozen=True)
class Drop:
    """Close the connection, or break it (RST); without a word unless some are given."""

    broken: bool = False
    words: str = ""


@dataclass(frozen=True)
class Pause:
    """Do nothing, neither read nor write, then go on with the usual answer."""

    seconds: float


#: What a script may answer: a whole reply (421 also closes), an action, or None for the usual.
Answer = str | Drop | Pause | None
Script = Callable[[Moment], Answer]


@dataclass
class Arrived:
    """A message as it was accepted: its envelope, and its bytes with the dot-stuffing undone."""

    connection: int
    sender: str
    recipients: list[str]
    data: bytes


@dataclass
class _Session:
    number: int
    sock: socket.socket
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    buffer: bytearray = field(default_factory=bytearray)

    def reset(self) -> None:
        self.sender, self.recipients = None, []

    def line(self) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            self._more()
        return self._cut(end + 1)

    def octets(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._more()
        return self._cut(size)

    def _cut(self, size: int) -> bytes:
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError
        self.buffer += data

    def say(self, reply: str) -> None:
        self.sock.sendall(reply.encode() + b"\r\n")
        if _last_line(reply).startswith("421"):
            raise ConnectionError


class SmtpServer:
    """Use as a context manager; `arrived` and `heard` may be read at any time."""

    def __init__(
        self,
        extensions: Iterable[str] = ("PIPELINING", "CHUNKING"),
        script: Script = lambda moment: None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        passwords: dict[str, str] | None = None,
        small_buffer: bool = False,
    ) -> None:
        self.arrived: list[Arrived] = []
        self.heard: list[Moment] = []
        self._extensions = list(extensions)
        self._script = script
        self._tls = tls
        self._implicit = implicit
        self._passwords = passwords or {}
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._sessions: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.socket()
        if small_buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def count(self, verb: str) -> int:
        return sum(moment.verb == verb for moment in self.heard)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *unused: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)

    def hang_up(self) -> None:
        """Close every connection, as a server does with idle ones."""
        for sock in self._sessions:
            with suppress(OSError):  # it may be closed already
                sock.shutdown(socket.SHUT_RDWR)

    def drain(self) -> None:
        """Wait until every client has left, and what they had written is taken in."""
        for thread in self._threads[1:]:
            thread.join(10)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sessions.append(sock)
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with self._lock:
            self._counts["session"] += 1
            session = _Session(self._counts["session"], sock)
        try:
            if self._implicit:
                self._secure(session)
            self._answer(session, "connect", "", "220 test ESMTP")
            while self._command(session):
                pass
        except (OSError, ValueError):
            pass  # the client left, or the script closed the connection
        finally:
            session.sock.close()
            sock.close()

    def _secure(self, session: _Session) -> None:
        assert self._tls is not None
        session.sock = self._tls.wrap_socket(session.sock, server_side=True)
        self._sessions.append(session.sock)
        session.buffer.clear()

    def _answer(self, session: _Session, verb: str, argument: str, usual: str) -> bool:
        """Say what the script says, else the usual; true when that was not a refusal."""
        with self._lock:
            self._counts[verb] += 1
            moment = Moment(verb, self._counts[verb], session.number, argument)
            self.heard.append(moment)
        answer = self._script(moment)
        if isinstance(answer, Drop):
            if answer.words:
                session.say(answer.words)
            if answer.broken:
                session.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionError
        if isinstance(answer, Pause):
            time.sleep(answer.seconds)
            answer = None
        reply = answer or usual
        session.say(reply)
        return _last_line(reply)[0] in "23"

    def _command(self, session: _Session) -> bool:
        verb, _, argument = session.line().decode().rstrip("\r\n").partition(" ")
        match verb.upper():
            case "EHLO" | "HELO":
                self._answer(session, "ehlo", argument, self._greeting(session))
            case "STARTTLS":
                if self._answer(session, "starttls", "", "220 go ahead"):
                    self._secure(session)
            case "AUTH":
                self._login(session, argument)
            case "RSET":
                if self._answer(session, "rset", "", "250 2.0.0 reset"):
                    session.reset()
            case "NOOP":
                self._answer(session, "noop", "", "250 2.0.0 here")
            case "MAIL":
                usual = "503 5.5.1 nested MAIL" if session.sender is not None else "250 2.1.0 ok"
                if self._answer(session, "mail", argument, usual):
                    session.sender = _path(argument)
            case "RCPT":
                usual = "503 5.5.1 no MAIL yet" if session.sender is None else "250 2.1.5 ok"
                if self._answer(session, "rcpt", _path(argument), usual):
                    session.recipients.append(_path(argument))
            case "DATA":
                usual = "354 go on" if session.recipients else "554 5.5.1 no valid recipients"
                if self._answer(session, "data", "", usual):
                    self._accepted(session, self._body(session))
                    session.reset()
            case "BDAT":
                data = session.octets(int(argument.split()[0]))
                if not session.recipients:
                    self._answer(session, "bdat", argument, "554 5.5.1 no valid recipients")
                elif self._accepted(session, data):
                    session.reset()
            case "QUIT":
                session.say("221 bye")
                return False
            case _:
                session.say("500 5.5.2 what?")
        return True

    def _greeting(self, session: _Session) -> str:
        offered = ["test", *self._extensions]
        secure = isinstance(session.sock, ssl.SSLSocket)
        if self._tls and not secure:
            offered.append("STARTTLS")
        if self._passwords:
            offered.append("AUTH PLAIN")
        return "\r\n".join([f"250-{word}" for word in offered[:-1]] + [f"250 {offered[-1]}"])

    def _login(self, session: _Session, argument: str) -> None:
        _, user, password = b64decode(argument.split()[1]).decode().split("\0")
        right = self._passwords.get(user) == password
        self._answer(session, "auth", user, "235 2.7.0 welcome" if right else "535 5.7.8 wrong password")

    def _body(self, session: _Session) -> bytes:
        lines = []
        while (line := session.line()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _accepted(self, session: _Session, data: bytes) -> bool:
        recipients = list(session.recipients)
        accepted = self._answer(session, "body", ",".join(recipients), f"250 2.0.0 queued as {len(data):X}")
        if accepted:
            with self._lock:
                self.arrived.append(Arrived(session.number, session.sender or "", recipients, data))
        return accepted


def _last_line(replies: str) -> str:
    """What the last of several replies says: those before it were extra."""
    return replies.rpartition("\r\n")[2]


def _path(argument: str) -> str:
    return argument[argument.index("<") + 1 : argument.index(">")]
