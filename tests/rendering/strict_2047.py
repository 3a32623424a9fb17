"""A header field read as RFC 5322 §2.2.3 and RFC 2047 say, and not an inch wider.

It shares no code with the writer, nor with the standard library's reader.
"""

import binascii
import re

_WORD = re.compile(rb"=\?([!#-'*+0-9A-Z^_a-z{|}~-]+)\?([BbQq])\?([!->@-~]*)\?=")  # §2: no space, no "?"
_Q = re.compile(rb"(?:[!-<>@-^`-~_]|=[0-9A-F]{2})*")


class Wrong(Exception):
    """The field is not written as the RFCs want it."""


def unfolded(raw: bytes) -> tuple[str, bytes]:
    """The name and the value of one field, on one line. Raises Wrong."""
    if not raw.endswith(b"\r\n") or re.search(rb"[^\t\r\n -~]", raw):
        raise Wrong("a field is printable ASCII and ends in CRLF")
    lines = raw[:-2].split(b"\r\n")
    for number, line in enumerate(lines):
        if b"\r" in line or b"\n" in line:
            raise Wrong("a bare CR or LF")
        if number and not (line.startswith((b" ", b"\t")) and line.strip()):
            raise Wrong("a line that does not go on with the field, or holds nothing")
        if len(line) > (76 if b"=?" in line else 78):
            raise Wrong(f"a line of {len(line)} characters")
    name, colon, value = b"".join(lines).partition(b":")
    if not colon or not re.fullmatch(rb"[!-9;-~]+", name):
        raise Wrong("no name")
    return name.decode(), value.removeprefix(b" ")


def decoded(value: bytes) -> str:
    """The text of an unfolded value. Raises Wrong for anything a strict reader would not decode."""
    text, last_was_word = "", False
    for token in re.findall(rb"[ \t]+|[^ \t]+", value):
        found = _WORD.fullmatch(token)
        if token.strip(b" \t") == b"":
            text, gap = text + token.decode(), token.decode()
            continue
        if found is None:
            if b"=?" in token:
                raise Wrong("what looks like an encoded word and is none")
            text += token.decode()
        else:
            if last_was_word:
                text = text.removesuffix(gap)  # white space between encoded words is not shown (§6.2)
            text += _word(token, *found.groups())
        last_was_word = found is not None
    return text


def _word(token: bytes, charset: bytes, kind: bytes, content: bytes) -> str:
    if len(token) > 75:
        raise Wrong(f"an encoded word of {len(token)} characters")
    if charset.lower() != b"utf-8":
        raise Wrong("not UTF-8")
    try:
        if kind in b"Bb":
            return binascii.a2b_base64(content, strict_mode=True).decode("utf-8")
        if not _Q.fullmatch(content):
            raise Wrong("Q with a sign it cannot hold")
        octets = re.sub(rb"=(..)", lambda hit: bytes([int(hit[1], 16)]), content.replace(b"_", b" "))
        return octets.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as fault:
        raise Wrong(f"a word that holds no whole characters: {fault}") from None
