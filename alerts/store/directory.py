"""The directory: subscribers found by a part of their address or name."""

from collections.abc import Iterator

from alerts.store.server import Server, translated
from alerts.store.subscriber_rows import directory_line, looked_for

#: Blocks that one script looks through: 1.3 MiB, one or two milliseconds in which nothing else is done.
BLOCKS_AT_ONCE = 20
#: Octets that are looked for at once at least, of a text that has as many.
TAIL_LEAST = 4
#: How a number is written in a line: in characters that no address, name or search has.
_AS_DIGITS = bytes.maketrans(bytes(range(14, 24)), b"0123456789")
_AS_NUMBER = bytes.maketrans(b"0123456789", bytes(range(14, 24)))
#: Octets by how often addresses and names have them, the commonest first: lead octets of UTF-8, then these.
_COMMON = b"aeinorlstm.dcuhgpkbv@yfw1230jz4567x89q -_'"


class Directory:
    """Every subscriber's address and name as text, looked through inside the server.

    Keys: `directory:{n}`, blocks of lines, written by `move_subscriber` with the subscriber, at one instant;
    `directory`, the block that is written to. A line is only ever appended or blanked.

    It is complete where the first subscriber was written into it, or once `Index` has put it right.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def is_complete(self) -> bool:
        """Whether everybody is in it; else who was written by an older version is missing."""
        with translated():
            return bool(self._server.client.hexists(self._keys("installation"), "listed"))

    def search(self, text: str, after: int = 0) -> Iterator[list[int]]:
        """The numbers of those whose address or name holds a text, in any case; in portions.

        They come as they are listed: as they came, but for who was called otherwise since. `after`: beginning
        behind this one.
        """
        parts = _parts(looked_for(text).encode())
        begin, passed = self._end_of(after) if after else (1, 0)
        for keys in self._blocks(begin):
            found = self._server.run("audience/search_directory", keys, [*parts, passed])
            yield [int(sid) for sid in found.translate(_AS_DIGITS).split()]
            passed = 0

    def _end_of(self, sid: int) -> tuple[int, int]:
        """Where the line of somebody ends: the block, and the octets of it until there."""
        with translated():
            place = self._server.client.hget(self._keys("subscriber", sid), "listed")
        block, at, size = map(int, (place or b"1 0 0").split())
        return block, at + size

    def _blocks(self, begin: int) -> Iterator[list[str]]:
        with translated():
            last = int(self._server.client.get(self._keys("directory")) or 0)
        for first in range(begin, last + 1, BLOCKS_AT_ONCE):
            numbers = range(first, min(first + BLOCKS_AT_ONCE, last + 1))
            yield [self._keys("directory", n) for n in numbers]


def line_of(address: str, name: str, sid: int) -> bytes:
    """The line of a subscriber, as `move_subscriber` writes it."""
    return directory_line(address, name).encode() + str(sid).encode().translate(_AS_NUMBER) + b"\n"


def sid_of(line: bytes) -> int:
    """Whose a line is; 0 for one that was blanked, -1 for what is no line."""
    digits = line.rpartition(b"\t")[2].strip(b"\n ").translate(_AS_DIGITS)
    return int(digits) if digits.isdigit() else -1 if digits else 0


def _parts(text: bytes) -> tuple[bytes, bytes]:
    """The text, cut before its rarest octet: the server compares only where it finds that one.

    What follows it stays a few octets long: those are compared in C, what goes before in Lua.
    """
    at = max(range(max(1, len(text) - TAIL_LEAST + 1)), key=lambda place: _rarity(text[place]))
    return text[:at], text[at:]


def _rarity(octet: int) -> int:
    if octet >= 0xC0:
        return -1
    found = _COMMON.find(octet)
    return found if found >= 0 else len(_COMMON)
