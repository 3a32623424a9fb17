"""A milter that says who a mail is from, as opendkim, opendmarc and rspamd do: it puts a field on top of it.

It speaks as much of the protocol (version 6) as postfix needs to ask it at the end of a mail. What they find
by cryptography is a field of the test's own here: `X-Signed: yes`.
"""

import socketserver
import struct
import threading
from collections.abc import Callable
from typing import Any

_ADD_FIELDS, _CHANGE_FIELDS = 0x01, 0x10
#: Everything but the fields and the end need not be asked.
_NO_CONNECT, _NO_HELO, _NO_MAIL, _NO_RCPT, _NO_BODY, _NO_EOH, _NO_UNKNOWN, _NO_DATA = (
    0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x100, 0x200
)  # fmt: skip

Fields = list[tuple[str, str]]


class Milter(socketserver.ThreadingTCPServer):
    """One that listens. `says`: the value of `Authentication-Results` by the fields of a mail, or nothing."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, says: Callable[[Fields], str], position: int = 1) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.says, self.position = says, position

    def __enter__(self) -> "Milter":
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: Milter

    def handle(self) -> None:
        fields: Fields = []
        while size := self.rfile.read(4):
            packet = self.rfile.read(struct.unpack("!I", size)[0])
            command, data = packet[:1], packet[1:]
            if command == b"O":
                skips = (
                    _NO_CONNECT | _NO_HELO | _NO_MAIL | _NO_RCPT | _NO_BODY | _NO_EOH | _NO_UNKNOWN | _NO_DATA
                )
                self._say(b"O", struct.pack("!III", 6, _ADD_FIELDS | _CHANGE_FIELDS, skips))
            elif command == b"L":
                name, value, _ = data.decode("utf-8", "replace").split("\0")
                fields.append((name, value.strip()))
                self._say(b"c")
            elif command == b"E":
                if said := self.server.says(fields):
                    field = f"Authentication-Results\0{said}\0"
                    self._say(b"i", struct.pack("!I", self.server.position) + field.encode())
                self._say(b"c")
                fields = []
            elif command == b"Q":
                return
            elif command == b"A":
                fields = []

    def _say(self, answer: bytes, data: Any = b"") -> None:
        self.wfile.write(struct.pack("!I", 1 + len(data)) + answer + data)
        self.wfile.flush()
