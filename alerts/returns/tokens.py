"""What in a report may name one of our deliveries: the address it came back to, or our Message-ID in it."""

import re
from collections.abc import Iterable, Iterator

from alerts.returns.mails import Mail

#: A delivery as `Links.delivery` writes it, whatever became of its capitals on the way; from its first point
#: on: points are few, and to look at every letter took as long as to take the mail apart.
_TOKEN = re.compile(
    rb"\.(?<=[ru][0-9a-f]{20}\.)[0-9]{1,6}\.[0-9]{1,9}\.[0-9a-f]{16}(?![0-9a-z.])", re.IGNORECASE
)
#: Octets of a token before that point.
_BEFORE = 21
_INSIDE = re.compile(rb"[0-9a-z.]", re.IGNORECASE)
#: Tokens of one report that are tried.
TOKENS_MAX = 8


def named(mail: Mail) -> tuple[str, ...]:
    """All that look like ours, each once: those in the mail's own address first."""
    places = ("\n".join(mail.recipients()).encode("utf-8", "replace"), *mail.returned)
    return among(places)


def among(places: Iterable[bytes]) -> tuple[str, ...]:
    """All in these places that look like ours, each once, in order."""
    found = dict.fromkeys(token for place in places for token in _tokens(place))
    return tuple(token.decode("ascii") for token in found)[:TOKENS_MAX]


def _tokens(place: bytes) -> Iterator[bytes]:
    for found in _TOKEN.finditer(place):
        first = found.start() - _BEFORE
        if not (first and _INSIDE.match(place, first - 1)):
            yield place[first : found.end()].lower()
