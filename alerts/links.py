"""Signed links: a token says what it is for and for whom, and is good for nothing else.

Links to unsubscribe never expire: the law wants old mails to work. Nobody but us can read the address in one.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from hashlib import shake_256

from alerts.errors import NotFound

_SEAL = 16
#: Longer than the token of any address.
_TOKEN_MAX = 512


class Purpose(StrEnum):
    UNSUBSCRIBE = "u"


class Links:
    """Makes and reads `v2.{purpose}.{seal}{veiled person}` for one installation.

    The seal is 128 bits of HMAC-SHA256 over the person; with it as the nonce, SHAKE-256 veils the person:
    SIV, as in RFC 5297 (docs/adr/0021 says why). So a link is of the person and needs no record of
    them; in another installation it opens nothing, with the same signing key or not.
    """

    def __init__(self, public_url: str, key: bytes, installation: str) -> None:
        self._page = f"{public_url.rstrip('/')}/u/"
        self._key = key
        self._heads = {purpose: f"v2.{purpose}." for purpose in Purpose}
        self._veils = {purpose: _Veil(key, f"{purpose}.{installation}") for purpose in Purpose}

    def unsubscribe(self, person: str) -> str:
        """The page that ends all emails to a person (an `identity`); one-click per RFC 8058."""
        return self._page + self.token(Purpose.UNSUBSCRIBE, person)

    def token(self, purpose: Purpose, person: str) -> str:
        """Sign a person's identity for one purpose. The same for the same, always."""
        veil, plain = self._veils[purpose], person.encode("utf-8")
        seal = veil.seal(plain)
        body = seal + veil.over(plain, seal)
        return self._heads[purpose] + urlsafe_b64encode(body).decode("ascii").rstrip("=")

    def read(self, purpose: Purpose, token: str) -> str:
        """The person's identity. Raises NotFound for anything not signed here for this purpose."""
        head, _, body = token.rpartition(".")
        if head != f"v2.{purpose}" or len(token) > _TOKEN_MAX:
            raise _invalid()
        try:
            raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
            person = self._veils[purpose].over(raw[_SEAL:], raw[:_SEAL]).decode("utf-8")
        except ValueError:  # no base64, or what is under the veil is no text
            raise _invalid() from None
        if not _same(token, self.token(purpose, person)):
            raise _invalid()
        return person

    def read_number(self, purpose: Purpose, token: str) -> int | None:
        """The number that a link of the first version names, wherever it was made; None for another link.

        Up to 0.1 links were of a subscriber's number: `v1.{purpose}.{number in base 36}.{seal}`.
        """
        head, _, seal = token.rpartition(".")
        if not head.startswith(f"v1.{purpose}.") or len(token) > _TOKEN_MAX:
            return None
        signed = hmac.digest(self._key, head.encode("utf-8", "surrogatepass"), "sha256")[:_SEAL]
        if not _same(seal, urlsafe_b64encode(signed).decode("ascii").rstrip("=")):
            return None
        return int(head.rpartition(".")[2], 36)


class _Veil:
    """The keys of one purpose in one installation: one seals, the other veils."""

    def __init__(self, key: bytes, scope: str) -> None:
        sealing, self._veiling = (
            hmac.digest(key, f"v2.{use}.{scope}".encode(), "sha256") for use in ("seal", "veil")
        )
        self._sealing = hmac.new(sealing, digestmod="sha256")  # copied each time: half the work of a new one

    def seal(self, text: bytes) -> bytes:
        sealing = self._sealing.copy()
        sealing.update(text)
        return sealing.digest()[:_SEAL]

    def over(self, text: bytes, seal: bytes) -> bytes:
        """Veil a text under its seal, or lift the veil."""
        veil = shake_256(self._veiling + seal).digest(len(text))
        return (int.from_bytes(text) ^ int.from_bytes(veil)).to_bytes(len(text))


def _same(given: str, right: str) -> bool:
    # Bytes, because compare_digest raises TypeError for a str that is not ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))


def _invalid() -> NotFound:
    return NotFound("This link is not valid.", "Use the link from the newest message, without changing it.")
