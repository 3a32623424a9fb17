"""A mail taken apart: each level of its parts at once, by the boundary between them.

What a report returns is left as it came: it is most of a report, and what is asked of it is its tokens, which
are looked for in its octets. The parser of `email` takes that apart as well, and asks for every boundary at
every line: half the time of a report went there. What a part says of itself is still asked of `email`.
"""

import re
from email.message import Message as Part

#: The first field of those that are left, and what stands before their end (RFC 5322).
_FIELD = re.compile(r"([!-9;-~]*):[ \t]*(.*(?:\n[ \t].*)*)\n?|From .*\n?|[ \t].*\n?")


def parsed(octets: bytes) -> tuple[Part, bool]:
    """A mail whose lines end in LF; and whether the last of its own parts ended, where it has any.

    What is in a container (RFC 2046) are parts, if a boundary between them is found. A report, or a mail that
    is returned, is a text.
    """
    part, body = _opened(octets)
    if part.get_content_maintype() == "multipart" and (boundary := part.get_boundary()):
        inner, ended = _between(boundary.encode("ascii", "surrogateescape"), body)
        if inner:
            part.set_payload([parsed(one)[0] for one in inner])
            return part, ended
    part.set_payload(body.decode("ascii", "surrogateescape"))
    return part, True


def _opened(octets: bytes) -> tuple[Part, bytes]:
    """A part with its fields alone, and its body, which may begin without an empty line before it."""
    head, _, body = (b"", b"", octets[1:]) if octets.startswith(b"\n") else octets.partition(b"\n\n")
    part, text, at = Part(), head.decode("ascii", "surrogateescape"), 0
    while field := _FIELD.match(text, at):
        if field[1]:
            part.set_raw(field[1], field[2])
        at = field.end()
    return part, octets[at:] if at < len(head) else body


def _between(boundary: bytes, body: bytes) -> tuple[list[bytes], bool]:
    """What is between its lines, and whether the line that ends the last part is there."""
    line = b"\n--" + boundary
    inner: list[bytes] = []
    for piece in (b"\n" + body).split(line)[1:]:
        after, _, rest = piece.partition(b"\n")
        match after.rstrip(b" \t"):
            case b"--":
                return inner, True
            case b"":
                inner.append(rest)
            case _ if inner:  # another boundary, which begins alike
                inner[-1] += line + piece
    return inner, False
