"""An IMAP server with one mailbox, scripted: what it offers, what it refuses, and where it hangs up.

It knows what a reader of a mailbox needs (RFC 3501, 2177, 4315, 6851), and answers all else with BAD.
"""

import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote

USER, PASSWORD = "bounces@example.org", "pa:ss/wo%rd"
ALL = ("IDLE", "NAMESPACE", "UIDPLUS", "MOVE")
#: What a script may say instead of an answer: hang up before the command is done, or after it.
BEFORE, AFTER = "hang up before", "hang up after"


@dataclass
class Kept:
    """A mail in a folder. `size` is what the server says of it."""

    octets: bytes
    size: int
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """Serves while it is entered. `script` gets each command as it came, and may answer instead."""

    def __init__(
        self,
        offers: tuple[str, ...] = ALL,
        script: Callable[[str], str | None] = lambda _: None,
        context: ssl.SSLContext | None = None,
        prefix: str = "",
        sign: str = "/",
    ) -> None:
        self.offers, self.script, self.context = offers, script, context
        self.prefix, self.sign = prefix, sign
        self.folders: dict[str, dict[int, Kept]] = {"INBOX": {}}
        self.validity = 1
        self.said: list[str] = []  #: the commands that came, without logins
        self.changed = threading.Condition(threading.RLock())
        self._next = 1
        outer = self

        class Session(_Session):
            server_state = outer

        class Listener(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._listener = Listener(("127.0.0.1", 0), Session)

    def __enter__(self) -> Self:
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()

    @property
    def port(self) -> int:
        return int(self._listener.server_address[1])

    def url(self, folder: str = "INBOX", password: str = PASSWORD) -> str:
        scheme = "imaps" if self.context else "imap"
        login = f"{quote(USER, safe='')}:{quote(password, safe='')}"
        return f"{scheme}://{login}@127.0.0.1:{self.port}/{quote(folder)}"

    def put(self, octets: bytes, size: int = 0) -> int:
        """A mail arrives. Its UID."""
        with self.changed:
            uid, self._next = self._next, self._next + 1
            self.folders["INBOX"][uid] = Kept(octets, size or len(octets))
            self.changed.notify_all()
            return uid

    def moved(self, name: str) -> list[bytes]:
        """What is in one of the folders below `Alerts`."""
        return [
            kept.octets for kept in self.folders.get(f"{self.prefix}Alerts{self.sign}{name}", {}).values()
        ]

    def waiting(self) -> list[Kept]:
        return [kept for kept in self.folders["INBOX"].values() if "\\Deleted" not in kept.flags]


class _Session(socketserver.StreamRequestHandler):
    server_state: ImapServer
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if self.server_state.context:
            self.request = self.server_state.context.wrap_socket(
                self.request, server_side=True, do_handshake_on_connect=False
            )
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.request.close()

    def handle(self) -> None:
        self.folder, self.known = "", 0  # how many mails it was told of
        try:
            if self.server_state.context:
                self.request.do_handshake()
            self.write(f"* OK [CAPABILITY {self.capabilities()}] ready")
            while line := self.rfile.readline():
                tag, _, command = line.decode().strip().partition(" ")
                if not self.answer(tag, command):
                    return
        except (OSError, ssl.SSLError):
            return

    def write(self, text: str | bytes) -> None:
        self.wfile.write((text if isinstance(text, bytes) else text.encode()) + b"\r\n")
        self.wfile.flush()

    def capabilities(self) -> str:
        return " ".join(("IMAP4rev1", *self.server_state.offers))

    def answer(self, tag: str, command: str) -> bool:
        """Do one command. Whether the session goes on."""
        state = self.server_state
        with state.changed:
            state.said.append(re.sub(r"^LOGIN .*", "LOGIN", command))
            state.changed.notify_all()
        said = state.script(command)
        if said == BEFORE:
            return False
        if said not in (None, AFTER):
            self.write(f"{tag} {said}")
            return True
        with state.changed:
            done = "OK done" if command == "IDLE" else self.do(command)
        if said == AFTER:
            return False
        if command == "IDLE":
            self.idle()
        self.write(f"{tag} {done}")
        return command != "LOGOUT"

    def do(self, command: str) -> str:
        state = self.server_state
        name, _, rest = command.partition(" ")
        words = [a or b for a, b in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', rest)]
        match name.upper():
            case "CAPABILITY":
                self.write(f"* CAPABILITY {self.capabilities()}")
            case "LOGIN":
                if words != [USER, PASSWORD]:
                    return "NO [AUTHENTICATIONFAILED] not with " + words[-1]
            case "NAMESPACE":
                self.write(f'* NAMESPACE (("{state.prefix}" "{state.sign}")) NIL NIL')
            case "LIST":
                if not words[1] or words[1] in state.folders:
                    self.write(f'* LIST () "{state.sign}" "{words[1]}"')
            case "CREATE":
                if words[0] in state.folders:
                    return "NO [ALREADYEXISTS] it is there"
                state.folders[words[0]] = {}
            case "SELECT":
                return self.select(words[0])
            case "FETCH":
                self.fetch(rest, by_uid=False)
            case "UID":
                return self.of_uids(rest, words)
            case "LOGOUT":
                self.write("* BYE")
            case _:
                return "BAD not known here"
        return "OK done"

    def select(self, name: str) -> str:
        state = self.server_state
        if name not in state.folders:
            return "NO [NONEXISTENT] no such folder"
        self.folder, self.known = name, len(state.folders[name])
        self.write(f"* {self.known} EXISTS")
        self.write("* 0 RECENT")
        self.write(f"* OK [UIDVALIDITY {state.validity}] valid")
        return "OK [READ-WRITE] done"

    def fetch(self, rest: str, *, by_uid: bool) -> None:
        numbers, _, items = rest.partition(" ")
        kept = self.server_state.folders[self.folder]
        for number, (uid, mail) in enumerate(list(kept.items()), 1):
            if (uid if by_uid else number) not in set(_numbers(numbers)):
                continue
            head = f"* {number} FETCH (UID {uid}"
            if part := re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", items):
                octets = mail.octets[: int(part[1])]
                self.write(f"{head} BODY[]<0> {{{len(octets)}}}\r\n".encode() + octets + b")")
            else:
                self.write(f"{head} FLAGS ({' '.join(mail.flags)}) RFC822.SIZE {mail.size})")

    def of_uids(self, rest: str, words: list[str]) -> str:
        state = self.server_state
        kept, verb = state.folders[self.folder], words[0].upper()
        uids = [uid for uid in _numbers(words[1]) if uid in kept]
        match verb:
            case "FETCH":
                self.fetch(rest.partition(" ")[2], by_uid=True)
            case "MOVE" | "COPY":
                if words[2] not in state.folders:
                    return "NO [TRYCREATE] no such folder"
                for uid in uids:
                    mail = kept[uid]
                    state.folders[words[2]][state._next] = Kept(mail.octets, mail.size, set(mail.flags))
                    state._next += 1
                if verb == "MOVE":
                    self.expunge(uids)
                state.changed.notify_all()
            case "STORE":
                for uid in uids:
                    kept[uid].flags.add("\\Deleted")
            case "EXPUNGE":
                self.expunge([uid for uid in uids if "\\Deleted" in kept[uid].flags])
            case _:
                return "BAD not known here"
        return "OK done"

    def expunge(self, uids: list[int]) -> None:
        kept = self.server_state.folders[self.folder]
        for uid in uids:
            self.write(f"* {list(kept).index(uid) + 1} EXPUNGE")
            del kept[uid]
            self.known -= 1

    def idle(self) -> None:
        """Say what arrives until the client has done."""
        state = self.server_state
        self.write("+ idling")
        ended = threading.Event()

        def tell() -> None:
            while not ended.is_set():
                with state.changed:
                    state.changed.wait(0.05)
                    now = len(state.folders[self.folder])
                    if now != self.known and not ended.is_set():
                        self.known = now
                        self.write(f"* {now} EXISTS")

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        self.rfile.readline()
        ended.set()
        teller.join()


def _numbers(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition(":")
        yield from range(int(first), int(last or first) + 1)


def certified(certificate: Any, key: Any) -> ssl.SSLContext:
    """A server's context with its certificate and key, by their paths."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
