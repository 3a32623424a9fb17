"""Header fields as octets, written here alone: every Python writes the same, and no text is read as syntax.

Folding: RFC 5322 §2.1.1, §2.2.3. Atoms, quoted strings, mailboxes: §3.2.3, §3.2.4, §3.4. Encoded words:
RFC 2047. What is not plain ASCII is encoded whole: white space between a plain and an encoded word means
something, between two encoded ones nothing, and programs differ over both. No parameter holds a text, so
RFC 2231 has no part in it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator

from alerts.model import Blank
from alerts.rendering.cleaning import unbroken
from alerts.texts import clusters

#: Characters of a line, without its end (RFC 5322 §2.1.1); of one with an encoded word in it (RFC 2047 §2).
LINE_MAX, ENCODED_LINE_MAX = 78, 76
#: Characters of an encoded word (RFC 2047 §2).
WORD_MAX = 75

Pieces = tuple[bytes | Blank, ...]

_NAME = re.compile(r"[A-Z][A-Za-z-]*")
_PRINTABLE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: What a word in Q may hold as it is where it stands in a phrase, the strictest place (RFC 2047 §5 (3)).
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_AROUND = len("=?utf-8?q??=")
#: The same and the space, and how each octet is written in Q.
_AS_IT_IS = bytes((*_SAFE, ord(" ")))
_IN_Q = [chr(o) if o in _SAFE else "_" if o == ord(" ") else f"={o:02X}" for o in range(256)]


def field(name: str, *value: str | Blank) -> Pieces:
    """A field of printable ASCII and blanks, on one line. Raises ValueError for anything else."""
    literal = "".join(part for part in value if isinstance(part, str))
    if not (_NAME.fullmatch(name) and _PRINTABLE.fullmatch(literal)):
        raise ValueError(f"the field {name} cannot be written as it is")
    parts = [part if isinstance(part, Blank) else part.encode("ascii") for part in value]
    return (f"{name}: ".encode("ascii"), *parts, b"\r\n")


def unstructured(name: str, text: str) -> Pieces:
    """A field of text, such as Subject. It decodes to exactly the text, in one line, less what is unseen."""
    text = unbroken(text)
    words = text.split(" ")
    first = LINE_MAX - len(f"{name}: ")
    fits = len(words[0]) <= first and all(0 < len(word) < LINE_MAX for word in words)
    if _is_plain(text) and fits:
        return _field(name, _folded(words, first))
    return _field(name, _encoded(text, ENCODED_LINE_MAX - len(f"{name}: ")))


def mailbox(name: str, display_name: str, address: str) -> Pieces:
    """A field of one mailbox, such as From. `address` is ASCII, a dot-atom on both sides of its @."""
    return _field(name, _mailbox(display_name, address, len(f"{name}: ")))


def to_value(display_name: str, address: str) -> str:
    """What follows `To: `, folded where it is long. Nothing of a name is read as syntax."""
    lines = _mailbox(
        " ".join(display_name.split()), address, len("To: ")
    )  # once a person: most are one short line
    return lines[0] if len(lines) == 1 else "\r\n ".join(lines)


def list_value(name: str, identifier: str) -> str:
    """What follows `List-Id: ` (RFC 2919), folded where it is long; without a name, the identifier alone."""
    return "\r\n ".join(_mailbox(name, identifier, len("List-Id: "))) if name else f"<{identifier}>"


def _mailbox(display_name: str, address: str, before: int) -> list[str]:
    """One mailbox in lines. `before`: characters that stand on the first one before it."""
    if not display_name:
        return [address]
    shown = unbroken(display_name)
    if shown.isascii() and "=?" not in shown:
        phrase = shown if _ATOMS.fullmatch(shown) else _quoted(shown)
        line = f"{phrase} <{address}>"
        if before + len(line) <= LINE_MAX:
            return [line]
    lines = _encoded(shown, ENCODED_LINE_MAX - before)
    room = ENCODED_LINE_MAX - (len(lines[-1]) + (before if len(lines) == 1 else 1))
    angled = f"<{address}>"
    if len(angled) < room:
        lines[-1] += f" {angled}"
    else:
        lines.append(angled)
    return lines


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _field(name: str, lines: list[str]) -> Pieces:
    """A field folded into lines: white space first on a line goes on with the one above."""
    return (("\r\n ".join([f"{name}: {lines[0]}".rstrip(), *lines[1:]]) + "\r\n").encode("ascii"),)


def _is_plain(text: str) -> bool:
    """Whether a text can stand as it is: it holds nothing that a reader might take for an encoded word."""
    return _PRINTABLE.fullmatch(text) is not None and "=?" not in text


def _folded(words: list[str], room: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = LINE_MAX - 1
    return lines


def _encoded(text: str, room: int) -> list[str]:
    """A text as encoded words, one a line, white space inside them. `room` is what the first line has."""
    octets = text.encode("utf-8")
    quoted = _length_in_q(octets) <= 4 * -(-len(octets) // 3)
    if octets and _cost(octets, quoted) <= room:
        return [_word(octets, quoted)]
    words, word = list[bytes](), b""
    for unit in _units(text, quoted):
        if _cost(word + unit, quoted) > room:
            words.append(word)  # empty where the first sign is too wide to stand beside the field's name
            word, room = b"", WORD_MAX
        word += unit
    return [_word(each, quoted) for each in (*words, word)]


def _units(text: str, quoted: bool) -> Iterator[bytes]:
    """What must not be parted: signs, and of a sign too wide for any word its characters (RFC 2047 §5)."""
    for cluster in clusters(text):
        whole = cluster.encode("utf-8")
        if _cost(whole, quoted) <= WORD_MAX:
            yield whole
        else:
            yield from (character.encode("utf-8") for character in cluster)


def _cost(octets: bytes, quoted: bool) -> int:
    return _AROUND + (_length_in_q(octets) if quoted else 4 * -(-len(octets) // 3))


def _length_in_q(octets: bytes) -> int:
    return len(octets) + 2 * len(octets.translate(None, _AS_IT_IS))


def _word(octets: bytes, quoted: bool) -> str:
    if not octets:
        return ""
    if not quoted:
        return f"=?utf-8?b?{b64encode(octets).decode('ascii')}?="
    return f"=?utf-8?q?{''.join(map(_IN_Q.__getitem__, octets))}?="
