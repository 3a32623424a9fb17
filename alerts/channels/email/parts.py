"""The parts of a MIME message as octets (RFC 2046), cut at their blanks."""

from collections.abc import Iterable, Iterator

from alerts.channels.email.headers import field
from alerts.model import Blank, quoted_printable


def part(boundary: str, subtype: str, content: Iterable[str | Blank]) -> Iterator[bytes | Blank]:
    """A part of a multipart message, its text in quoted-printable, each blank between two soft breaks."""
    yield f"\r\n--{boundary}\r\n".encode("ascii")
    yield from field("Content-Type", f'text/{subtype}; charset="utf-8"')
    yield from field("Content-Transfer-Encoding", "quoted-printable")
    yield b"\r\n"
    for piece in content:
        if isinstance(piece, Blank):
            yield from (b"=\r\n", piece, b"=\r\n")
        else:
            # The "=" at the end holds room for the soft break that may follow, and guards a space before it.
            yield quoted_printable(f"{piece}=").removesuffix(b"=3D")


def joined(pieces: Iterable[bytes | Blank]) -> tuple[bytes | Blank, ...]:
    """The pieces, as few as there can be: each is copied once for every person."""
    joined: list[bytes | Blank] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, bytes) and isinstance(last, bytes):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    return tuple(joined)
