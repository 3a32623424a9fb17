"""Replies told apart by their words, where nothing else says which command they answer. Pure.

In a window of whole messages every command is answered 250, so extra replies move each answer on to a later
command, unseen. But nearly every server words them apart: `2.1.0 Ok` and `2.0.0 Ok: queued as 4F1`.
"""

import re
from typing import NamedTuple

from alerts.channels.email.replies import Phase, Reply

_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
_ADDRESS = re.compile(rb"\S*@\S*")
_WORD = re.compile(rb"\b[a-z]+\b")

#: What an acceptance must be told apart from.
_OTHERS = (Phase.MAIL, Phase.RCPT, Phase.RSET)


class ReplyKind(NamedTuple):
    """What stays the same in a reply whomever it is about: addresses, ids and numbers are left out."""

    code: int
    enhanced: bytes
    words: frozenset[bytes]

    @classmethod
    def of(cls, reply: Reply) -> "ReplyKind":
        """Read one reply."""
        text = reply.text.lower()
        if b"@" in text:
            text = _ADDRESS.sub(b" ", text)
        enhanced = _ENHANCED.match(text)
        return cls(reply.code, enhanced[0] if enhanced else b"", frozenset(_WORD.findall(text)))


class ReplyKinds:
    """How the server of one connection words its yes to each command.

    Learned while messages are sent in turn: DATA's 354 cannot be mistaken, so where it comes in its place,
    all replies before it did.
    """

    def __init__(self) -> None:
        self.learned = False
        self.distinct = False  #: learned, and a message's acceptance is worded like no other reply
        self._heard: dict[Phase, ReplyKind] = {}
        self._steady = True
        self._others: frozenset[ReplyKind] = frozenset()

    def note(self, phase: Phase, reply: Reply) -> None:
        """Take in whatever is no refusal; with a 354 that came in its place, what was noted is believed."""
        if phase is Phase.DATA:
            self._believe()
            return
        kind = ReplyKind.of(reply)
        if phase in _OTHERS and self._heard.get(phase, kind) != kind:
            self._steady = False  # worded anew each time: it could not be known again
        self._heard[phase] = kind

    def _believe(self) -> None:
        if Phase.DOT in self._heard and self._heard.keys() >= set(_OTHERS):
            self.learned = True
            self._others = frozenset(self._heard[phase] for phase in _OTHERS)
            self.distinct = self._steady and self._heard[Phase.DOT] not in self._others

    def acceptance(self, reply: Reply) -> bool:
        """Whether it may be the acceptance of a message: it is worded like no other reply."""
        return ReplyKind.of(reply) not in self._others

    def reset(self, reply: Reply) -> bool:
        """Whether it is worded like the answer to RSET."""
        return ReplyKind.of(reply) == self._heard[Phase.RSET]
