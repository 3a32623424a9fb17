"""Where the personal blanks stand while a message is still being made, and the cut that opens them."""

import re
from collections.abc import Iterable

from alerts.model import Blank, Fill

# DEL cannot come from an author (`cleaning` removes it), and neither Jinja, HTML, headers nor JSON change it.
_MARK = re.compile(rb"\x7f([a-z_]+)-([a-z]+)\x7f")


def mark(name: str, fill: Fill) -> str:
    """The mark of a blank in a text."""
    return f"\x7f{name}-{fill.value}\x7f"


def marks(names: Iterable[str], fill: Fill) -> dict[str, str]:
    """The marks a template is given as `blank`."""
    return {name: mark(name, fill) for name in names}


def cut(raw: bytes) -> tuple[bytes | Blank, ...]:
    """Cut a message at its marks."""
    literal, *rest = _MARK.split(raw)
    pieces: list[bytes | Blank] = [literal]
    for name, fill, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        pieces += [Blank(name.decode("ascii"), Fill(fill.decode("ascii"))), after]
    return tuple(piece for piece in pieces if piece)
