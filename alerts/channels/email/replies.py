"""What a server's reply means for the one person it is about. Pure; reads bytes, never sockets.

The table is RFC 5321 §4.2 by first digit, RFC 3463 by scope. Whatever is about us never hurts a person.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from alerts.channels.contract import REPAIR_S
from alerts.channels.email.sender_faults import about_sender
from alerts.model import Deferred, Failed, Outcome, RouteDown, Sent

#: The standing reason recorded for a destination that does not exist.
BOUNCED = "bounced"

#: Characters of the provider's words that are kept.
WORDS_MAX = 200

#: Octets of one whole reply; the longest ones seen in the wild stay under 2,000.
REPLY_MAX = 16 * 1024

#: Seconds before a greylisted delivery is tried again (RFC 6647 §5: most lists open within 5 minutes).
GREYLIST_S = 300.0


class Phase(StrEnum):
    """Where in the dialogue a reply was given; `DOT` is the end of data, however it was sent."""

    CONNECT = "connect"
    HELLO = "hello"
    TLS = "tls"
    LOGIN = "login"
    RSET = "rset"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


class Reply(NamedTuple):
    """One reply, its lines joined by line feeds."""

    code: int
    text: bytes

    @property
    def words(self) -> str:
        return self.text.decode("utf-8", "replace")


_BEFORE_MAIL = {Phase.CONNECT, Phase.HELLO, Phase.TLS, Phase.LOGIN}

#: Authentication missing, too weak or wrong (RFC 4954 §6).
_LOGIN_CODES = {530, 534, 535, 538}

#: Too big (2.3, 3.4), or an address this server cannot write (6.7): about one message, even at MAIL.
_ABOUT_MESSAGE = {"2.3", "3.4", "6.7"}

#: No such mailbox or domain, moved, no mail accepted there, disabled.
_NOBODY_THERE = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}

#: A class without a meaning; the words have to tell.
_UNDEFINED = {"", "0.0"}

_NOBODY_WORDS = re.compile(
    r"(user|recipient|mailbox|address|account)( address)?( rejected:?)? "
    r"(is )?(unknown|not found|does not exist|doesn't exist)"
    r"|(unknown|invalid|no such|nonexistent) (local )?(user|recipient|mailbox|address|account|person)"
    r"|does not have an account here|not a (known|valid) (user|recipient|mailbox)|no mailbox here",
    re.IGNORECASE,
)

_ONE_LINERS = re.compile(rb"(?:[2-5]\d\d [^\r\n]{0,1000}\r\n)+")
_ENHANCED = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})(?!\S)")


def classify(phase: Phase, code: int, text: str) -> Outcome:
    """Say what a final reply means: a refusal in any phase, or the acceptance after the end of data.

    421 is the connection's, not the person's. `why` holds nothing but what the server said.
    """
    if 200 <= code < 300:
        return Sent(plain(text))
    why = plain(f"{code} {text}")
    found = _ENHANCED.match(text)
    scope = found[1] if found else ""
    if phase in _BEFORE_MAIL or code == 421:
        return RouteDown(why, REPAIR_S if code >= 500 else None)
    if code < 500:
        greylisted = scope == "7.1" or "greylist" in text.lower()
        return Deferred(why, GREYLIST_S if greylisted and code in (450, 451) else None)
    if code in _LOGIN_CODES or (phase is Phase.MAIL and scope not in _ABOUT_MESSAGE):
        return RouteDown(why, REPAIR_S)
    outcome = _refused(phase, code, scope, why)
    unclear = isinstance(outcome, Failed) and not outcome.suppress
    return RouteDown(why, REPAIR_S) if unclear and about_sender(scope, text[:REPLY_MAX]) else outcome


def _refused(phase: Phase, code: int, scope: str, why: str) -> Outcome:
    """A permanent refusal of this message or this person."""
    mailbox_full = scope == "2.2" or (code == 552 and phase is Phase.RCPT and not scope)
    if mailbox_full or (code in (500, 502, 503, 504) and scope not in _NOBODY_THERE):
        return Deferred(why)  # room may be made; and a broken dialogue says nothing about a person
    nobody = phase is Phase.RCPT and (
        scope in _NOBODY_THERE
        or (scope in _UNDEFINED and (code == 556 or _NOBODY_WORDS.search(why) is not None))  # 556: RFC 7504
    )
    return Failed(why, BOUNCED if nobody else "")


def plain(text: str) -> str:
    """A server's words on one line: no control or direction characters, at most `WORDS_MAX` long."""
    if not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text[:REPLY_MAX]).split())
    return text[:WORDS_MAX]


@lru_cache(maxsize=64)  # nearly all that a server says is the same for everybody
def _one_line(line: bytes) -> Reply:
    return Reply(int(line[:3]), line[4:].rstrip())


def take(inbox: bytearray) -> list[Reply]:
    """Cut whole replies off the inbox: all that are one line each, or the first; none if none is whole.

    Raises ValueError for what is no SMTP reply, or for one longer than `REPLY_MAX`.
    """
    if several := _ONE_LINERS.match(inbox):  # nearly always, and quick
        found = [_one_line(line) for line in bytes(several[0]).splitlines()]
        del inbox[: several.end()]
        return found
    start, lines = 0, []
    while (end := inbox.find(b"\n", start, REPLY_MAX)) >= 0:
        line = bytes(inbox[start:end])
        start = end + 1
        lines.append(line[4:].rstrip())
        if line[3:4] == b"-":
            continue
        code = line[:3]
        if not (code.isdigit() and b"200" <= code < b"600" and line[3:4] in (b" ", b"\r", b"")):
            raise ValueError("the server said something that is no SMTP reply")
        del inbox[:start]
        return [Reply(int(code), b"\n".join(lines))]
    if len(inbox) >= REPLY_MAX:
        raise ValueError("the server's reply does not end")
    return []
