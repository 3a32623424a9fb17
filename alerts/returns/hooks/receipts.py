"""One event of a provider as a receipt, or as somebody's request to leave."""

from collections.abc import Iterable

from alerts.model import Leaving, NotForUs, Receipt, Unasked, Verdict
from alerts.returns.tokens import among
from alerts.returns.verdicts import STATUS
from alerts.returns.words import plain

#: The name under which a provider carries our token along, where it carries what it is given.
CARRIED_AS = "alerts_delivery"

#: What happened is nothing that came back: accepted, opened, clicked, subscribed.
ORDINARY = NotForUs(Unasked.ORDINARY)
AUTO_REPLY = NotForUs(Unasked.AUTO_REPLY)
UNREADABLE = NotForUs(Unasked.UNREADABLE)


def receipt(verdict: Verdict, status: str, words: str, places: Iterable[bytes]) -> Receipt:
    """A receipt about the delivery that is named in one of these places, the likeliest first.

    `words` as the server that was asked said them, with or without `smtp;` before them (RFC 3464).
    """
    head, _, rest = words.partition(";")
    said = plain(rest if head.strip().lower() in ("smtp", "x-smtp") else words)
    found = STATUS.search(status) or STATUS.search(said)
    return Receipt(verdict, found[0] if found else "", said, among(places))


def leaving(places: Iterable[bytes], provider: str, *ids: str) -> Leaving:
    """A request to leave that was made at a provider. `ids`: what it tells its events apart by."""
    tokens = among(places)
    return Leaving(tokens, " ".join((provider, *tokens, *ids)))
