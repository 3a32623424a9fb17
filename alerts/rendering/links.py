"""Signed links: a token says what it is for and for whom, and is good for nothing else.

Links to unsubscribe never expire: the law wants old mails to work. Nobody but us can read the address in one.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum

from alerts.errors import NotFound
from alerts.model import Channel, identity

_SEAL = 16
_BLOCK = 32
#: Longer than the token of any address.
_TOKEN_MAX = 512


class Purpose(StrEnum):
    UNSUBSCRIBE = "u"


class Links:
    """Makes and reads `v2.{purpose}.{seal}{veiled person}` for one installation.

    The seal is 128 bits of HMAC-SHA256 over the person; with it as the nonce, a second HMAC veils the person
    (SIV, as in RFC 5297; docs/adr/0017 says why). So a link is of the person and needs no record of them;
    in another installation it opens nothing, with the same signing key or not.
    """

    def __init__(self, public_url: str, key: bytes, installation: str) -> None:
        self._page = f"{public_url.rstrip('/')}/u/"
        self._key = key
        self._keys = {purpose: _derived(key, installation, purpose) for purpose in Purpose}

    def unsubscribe(self, address: str) -> str:
        """The page that ends all emails to whom an address belongs; one-click per RFC 8058."""
        return self._page + self.token(Purpose.UNSUBSCRIBE, identity(Channel.EMAIL, address))

    def token(self, purpose: Purpose, person: str) -> str:
        """Sign a person's identity for one purpose. The same for the same, always."""
        sealing, veiling = self._keys[purpose]
        plain = person.encode("utf-8")
        seal = hmac.digest(sealing, plain, "sha256")[:_SEAL]
        body = seal + _veiled(veiling, seal, plain)
        return f"v2.{purpose}.{urlsafe_b64encode(body).decode('ascii').rstrip('=')}"

    def read(self, purpose: Purpose, token: str) -> str:
        """The person's identity. Raises NotFound for anything not signed here for this purpose."""
        head, _, body = token.rpartition(".")
        if head != f"v2.{purpose}" or len(token) > _TOKEN_MAX:
            raise _invalid()
        try:
            raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
            person = _veiled(self._keys[purpose][1], raw[:_SEAL], raw[_SEAL:]).decode("utf-8")
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


def _derived(key: bytes, installation: str, purpose: Purpose) -> tuple[bytes, bytes]:
    """The keys to seal and to veil with, for one purpose in one installation."""
    sealing, veiling = (
        hmac.digest(key, f"v2.{use}.{purpose}.{installation}".encode(), "sha256") for use in ("seal", "veil")
    )
    return sealing, veiling


def _veiled(key: bytes, seal: bytes, text: bytes) -> bytes:
    """Veil a text, or lift its veil."""
    blocks = range((len(text) + _BLOCK - 1) // _BLOCK)
    veil = b"".join(hmac.digest(key, seal + bytes([block]), "sha256") for block in blocks)[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(veil)).to_bytes(len(text))


def _same(given: str, right: str) -> bool:
    # Bytes, because compare_digest raises TypeError for a str that is not ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))


def _invalid() -> NotFound:
    return NotFound("This link is not valid.", "Use the link from the newest message, without changing it.")
