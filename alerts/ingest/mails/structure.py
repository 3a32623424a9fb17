"""A mail taken apart within bounds: its fields, and its parts in the order of reading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32

from alerts.documents.bounded import OCTETS_MAX
from alerts.errors import BadInput
from alerts.texts import field_text

#: Parts in parts; parts in all; characters of a field that are looked at.
CONTAINERS_MAX, PARTS_MAX, FIELD_MAX = 30, 100, 1_000
#: The parser asks at each line whether one of the containers it is in ends there.
LINES_TIMES_CONTAINERS_MAX = 600_000

#: Octets of the fields of a mail.
HEAD_MAX = 256 * 1024

_HEAD_END = re.compile(rb"\r?\n(?=\r?\n)")
_CONTAINER = re.compile(
    rb"^content-type[ \t]*:[ \t\r\n]*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE
)
_SEALED = frozenset(
    ("multipart/encrypted", "application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
)


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A mail, and its parts that are no containers. Of alternatives there is one: the plainest with text."""

    root: Part
    leaves: tuple[Part, ...]

    def field(self, name: str) -> str:
        """A field of the mail on one line, decoded; empty if there is none."""
        return next(self.fields(name), "")

    def fields(self, *names: str) -> Iterator[str]:
        """All of these fields, in the order of the names."""
        for wanted in names:
            for name, value in self.root.raw_items():
                if name.lower() == wanted.lower():
                    yield field_text(value, FIELD_MAX)


def open_mail(source: bytes) -> OpenedMail:
    """Take a mail apart. Raises BadInput for one that is too long, has too many parts, or is encrypted."""
    if len(source) > OCTETS_MAX:
        raise BadInput(
            f"It is a mail of more than {OCTETS_MAX // 1_000_000} MB.", "Send it without its pictures."
        )
    if len(head_and_rest(source)[0]) > HEAD_MAX:
        raise BadInput(
            "It is a mail of more fields than anybody reads.", "Send the text in a mail of its own."
        )
    containers = sum(1 for _ in _CONTAINER.finditer(source))
    if containers > CONTAINERS_MAX or source.count(b"\n") * (containers + 1) > LINES_TIMES_CONTAINERS_MAX:
        raise BadInput(
            "It is a mail of more parts than anybody reads.", "Send the text in a mail of its own."
        )
    root = BytesParser(policy=compat32).parsebytes(without_mbox_line(source))
    leaves: list[Part] = []
    for leaf in _leaves(root):
        if leaf.get_content_type() in _SEALED:
            raise BadInput("It is encrypted, or sealed by its signature.", "Send it in plain text.")
        if len(leaves) == PARTS_MAX:
            raise BadInput(f"It is a mail of more than {PARTS_MAX} parts.", "Attach what is to be read.")
        leaves.append(leaf)
    return OpenedMail(root, tuple(leaves))


def head_and_rest(source: bytes) -> tuple[bytes, bytes]:
    """The fields of a mail, and what follows from the empty line below them on."""
    source = without_mbox_line(source)
    end = _HEAD_END.search(source)
    return (source[: end.end()], source[end.end() :]) if end else (source, b"")


def without_mbox_line(source: bytes) -> bytes:
    """The mail without the line `From …` that some pipes put before it."""
    return source.partition(b"\n")[2] if source.startswith(b"From ") else source


def _leaves(part: Part) -> Iterator[Part]:
    """The parts that hold something. A mail within the mail is one, and stays closed."""
    kind, inner = part.get_content_type(), _inner(part)
    if kind in _SEALED or kind.startswith("message/") or not part.is_multipart():
        yield part
    elif kind == "multipart/alternative":
        yield from _leaves(_best(inner)) if inner else ()
    else:
        for each in inner:
            yield from _leaves(each)


def _best(alternatives: Sequence[Part]) -> Part:
    """The plain text, if there is any in it; else the page; else the last, as mail programs take it."""
    for kind in ("text/plain", "text/html"):
        for one in alternatives:
            if any(leaf.get_content_type() == kind and octets_of(leaf).strip() for leaf in _leaves(one)):
                return one
    return alternatives[-1]


def _inner(part: Part) -> list[Part]:
    payload = part.get_payload() if part.is_multipart() else ()  # of a text it would be decoded
    return [one for one in payload if isinstance(one, Part)]


def octets_of(part: Part) -> bytes:
    """What a part holds, decoded; nothing of what cannot be."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):  # of an encoding that is not what it says
        return b""
    return payload if isinstance(payload, bytes) else b""
