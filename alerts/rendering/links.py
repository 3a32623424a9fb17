"""Signed links: a token says what it is for and for whom, and is good for nothing else.

Links to unsubscribe never expire: the law wants old mails to work. There is no address in a token.
"""

import hmac
from base64 import urlsafe_b64encode
from enum import StrEnum

from alerts.errors import NotFound

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Purpose(StrEnum):
    UNSUBSCRIBE = "u"


class Links:
    """Makes and reads `v1.{purpose}.{sid in base 36}.{signature}`; HMAC-SHA256, 128 bits of it."""

    def __init__(self, public_url: str, key: bytes) -> None:
        self._page = f"{public_url.rstrip('/')}/u/"
        self._seal = hmac.new(key, digestmod="sha256")  # copied each time: half the work of a new one

    def unsubscribe(self, sid: int) -> str:
        """The page that ends a subscriber's subscriptions; one-click per RFC 8058."""
        return self._page + self.token(Purpose.UNSUBSCRIBE, sid)

    def token(self, purpose: Purpose, sid: int) -> str:
        """Sign a subscriber's number for one purpose."""
        head = f"v1.{purpose}.{_base36(sid)}"
        return f"{head}.{self._signature(head)}"

    def read(self, purpose: Purpose, token: str) -> int:
        """The subscriber's number. Raises NotFound for anything not signed here for this purpose."""
        head, _, signature = token.rpartition(".")
        # Bytes, because compare_digest raises TypeError for a str that is not ASCII.
        given = signature.encode("utf-8", "surrogatepass")
        if not head.startswith(f"v1.{purpose}.") or not hmac.compare_digest(
            given, self._signature(head).encode("ascii")
        ):
            raise NotFound(
                "This link is not valid.", "Use the link from the newest message, without changing it."
            )
        return int(head.rpartition(".")[2], 36)

    def _signature(self, head: str) -> str:
        seal = self._seal.copy()
        seal.update(head.encode("utf-8", "surrogatepass"))
        return urlsafe_b64encode(seal.digest()[:16])[:22].decode("ascii")  # without its padding


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = _DIGITS[last] + digits
    return digits or "0"
