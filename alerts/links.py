"""Signed links: a token says what it is for and for whom, and is good for nothing else.

Links to unsubscribe never expire: the law wants old mails to work. Nobody but us can read the address in one,
nor which subscriptions it offers to end. Links to read are of one delivery, and work as long as that is kept.
Those of public pages are of an update.
"""

import binascii
import hmac
import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256, shake_256
from typing import NamedTuple

from alerts.errors import NotFound

_SEAL = 16
#: Longer than the token of any address.
_TOKEN_MAX = 512
#: Octets of a block of SHA-256, and what HMAC pads its key with (RFC 2104).
_BLOCK, _INNER, _OUTER = 64, 0x36, 0x5C

#: No token to read is longer: what is measured before a message is filled counts it so.
READING_MAX = 66
_PUBLIC = re.compile(r"([a-z0-9-]{1,64})\.[\w-]{22}", re.ASCII)
_ONCE = re.compile(r"([0-9a-f]{32})\.[\w-]{22}", re.ASCII)
_READING = re.compile(r"v2\.r\.([ru][0-9a-f]{20})\.([0-9]{1,6})\.([0-9]{1,9})\.[\w-]{22}", re.ASCII)

#: Of what comes back. Its seal has 64 bits, for all of it must fit into the local part of an address, whose
#: capitals are nobody's to rely on (RFC 5321 §4.5.3.1.1, §2.4); it can be tried only by sending us mail.
_DELIVERY_SEAL = 8
_DELIVERY = re.compile(r"([ru][0-9a-f]{20})\.([0-9]{1,6})\.([0-9]{1,9})\.[0-9a-f]{16}", re.ASCII)
#: Subscriptions that one link names, and the digits of each: a token stays as short as it must be.
LISTS_MAX, _KEY = 10, 8

#: What stands between a person and keys: in no address.
_BREAK = "\n"

_TO_URL = bytes.maketrans(b"+/", b"-_")


class Purpose(StrEnum):
    UNSUBSCRIBE = "u"
    READ = "r"
    DELIVERY = "d"
    LEAVE = "l"
    PUBLIC = "s"
    ONCE = "o"
    OPT_OUT = "n"


class DeliveryName(NamedTuple):
    """One delivery: the digest, which of its batches, and the subscriber's number in it."""

    digest: str
    batch: int
    sid: int


class OfferToLeave(NamedTuple):
    """Whose subscriptions a link offers to end, and which: each by the `list_key` of its name."""

    person: str
    lists: tuple[str, ...]


class OfferToOptOut(NamedTuple):
    """Who may say by a link that they do not want something, and what."""

    person: str
    kind: str


def list_key(name: str) -> str:
    """What stands for the name of a subscription where that may not be read: nobody has two alike."""
    return sha256(name.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:_KEY]


def reading_page(public_url: str) -> str:
    """What every link to read begins with; the token follows, and `/` with an update's id."""
    return f"{public_url.rstrip('/')}/r/"


def public_pages(public_url: str) -> str:
    """What every page that everybody may read begins with; the name of its update follows."""
    return f"{public_url.rstrip('/')}/s/"


def opt_out_page(public_url: str) -> str:
    """What every link to get no more mails of a kind begins with; the token follows."""
    return f"{public_url.rstrip('/')}/n/"


def one_time_page(public_url: str, page: str) -> str:
    """What every link that works once begins with; the token follows."""
    return f"{public_url.rstrip('/')}/{page}/"


class Links:
    """Makes and reads `v2.{purpose}.…` for one installation, and the names of its public pages.

    Of a person: `{seal}{veiled person}`. The seal is 128 bits of HMAC-SHA256 over the person; with it as the
    nonce, SHAKE-256 veils the person: SIV, as in RFC 5297 (docs/adr/0021 says why). So a link is of the
    person and needs no record of them. Of a delivery: `{digest}.{batch}.{number}.{seal}`, in the open, for
    that says nothing about anybody (docs/adr/0031). A public page is called `{update}.{seal}`: its id alone
    could be guessed (docs/adr/0047). A link that works once is of a record, likewise (docs/adr/0056). In
    another installation none opens anything, with the same signing key or not.
    """

    def __init__(self, public_url: str, key: bytes, installation: str) -> None:
        self._page, self._lists_page = (f"{public_url.rstrip('/')}/{purpose}/" for purpose in "ul")
        self._key = key
        self._heads = {purpose: f"v2.{purpose}." for purpose in Purpose}
        self._veils = {purpose: _Veil(key, f"{purpose}.{installation}") for purpose in Purpose}
        # By name: to look a purpose up takes a tenth of the time of each, and every mail has them all.
        self._unsubscribing, self._reading = self._veils[Purpose.UNSUBSCRIBE], self._veils[Purpose.READ]
        self._delivering = self._veils[Purpose.DELIVERY]
        self._leaving = self._veils[Purpose.LEAVE]

    def unsubscribe(self, person: str) -> str:
        """The page that ends all emails to a person (an `identity`); one-click per RFC 8058."""
        return f"{self._page}v2.u.{self._unsubscribing.veiled(person)}"

    def leaving(self, person: str, lists: Sequence[str]) -> str:
        """The page that offers to end some of a person's subscriptions; of more than fit, the first."""
        return f"{self._lists_page}v2.l.{self._leaving.veiled(_written_lists(person, lists))}"

    def read_leaving(self, token: str) -> OfferToLeave:
        """Whose subscriptions the page is to offer. Raises NotFound for anything not signed here for that."""
        person, _, lists = self.read(Purpose.LEAVE, token).partition(_BREAK)
        return OfferToLeave(person, tuple(lists[at : at + _KEY] for at in range(0, len(lists), _KEY)))

    def opting_out_token(self, person: str, kind: str) -> str:
        """What says of a person that they do not want mails of a kind. It never expires."""
        return self.token(Purpose.OPT_OUT, f"{kind}{_BREAK}{person}")

    def read_opting_out(self, token: str) -> OfferToOptOut:
        """Who does not want what by it. Raises NotFound for anything not signed here for that."""
        kind, _, person = self.read(Purpose.OPT_OUT, token).partition(_BREAK)
        return OfferToOptOut(person, kind)

    def token(self, purpose: Purpose, person: str) -> str:
        """Sign a person's identity for one purpose. The same for the same, always."""
        return self._heads[purpose] + self._veils[purpose].veiled(person)

    def reading(self, digest: str, batch: int, sid: int) -> str:
        """Sign one delivery for reading what it tells: the token alone, which follows `reading_page`."""
        delivery = f"{digest}.{batch}.{sid}"
        return f"v2.r.{delivery}.{_written(self._reading.seal(delivery.encode('ascii')))}"

    def delivery(self, digest: str, batch: int, sid: int) -> str:
        """Sign one delivery, to know it when it comes back: at most 55 small letters, digits and dots."""
        delivery = f"{digest}.{batch}.{sid}"
        return f"{delivery}.{self._delivering.seal(delivery.encode('ascii'))[:_DELIVERY_SEAL].hex()}"

    def returned_delivery(self, token: str) -> DeliveryName | None:
        """The delivery that a token is of; None for one that was not signed here."""
        found = _DELIVERY.fullmatch(token)
        if found is None:
            return None
        delivery = DeliveryName(found[1], int(found[2]), int(found[3]))
        return delivery if _same(token, self.delivery(*delivery)) else None

    def read_delivery(self, token: str) -> DeliveryName:
        """The delivery that a link to read is of. Raises NotFound for anything not signed here for that."""
        found = _READING.fullmatch(token)
        if found is None:
            raise _invalid()
        delivery = DeliveryName(found[1], int(found[2]), int(found[3]))
        if not _same(token, self.reading(*delivery)):
            raise _invalid()
        return delivery

    def public_name(self, update: str) -> str:
        """What a public page is called, for whom it is not enough to guess the update's id."""
        return f"{update}.{_written(self._veils[Purpose.PUBLIC].seal(update.encode('ascii')))}"

    def read_public_name(self, name: str) -> str:
        """The update whose public page this is. Raises NotFound for anything not sealed here for that."""
        found = _PUBLIC.fullmatch(name)
        if found is None or not _same(name, self.public_name(found[1])):
            raise _invalid()
        return found[1]

    def one_time(self, link_id: str) -> str:
        """What a link that works once ends with: its id alone would be enough for whoever reads Redis."""
        return f"{link_id}.{_written(self._veils[Purpose.ONCE].seal(link_id.encode('ascii')))}"

    def read_one_time(self, token: str) -> str:
        """The id of a link that works once. Raises NotFound for anything not sealed here for that."""
        found = _ONCE.fullmatch(token)
        if found is None or not _same(token, self.one_time(found[1])):
            raise _invalid()
        return found[1]

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
        if not _same(seal, _written(signed)):
            return None
        return int(head.rpartition(".")[2], 36)


def _written_lists(person: str, lists: Sequence[str]) -> str:
    return f"{person}{_BREAK}{''.join(lists[:LISTS_MAX])}"


def _written(octets: bytes) -> str:
    """In base 64 as URLs have it, without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(octets, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


class _Veil:
    """The keys of one purpose in one installation: one seals, the other veils."""

    def __init__(self, key: bytes, scope: str) -> None:
        sealing, self._veiling = (
            hmac.digest(key, f"v2.{use}.{scope}".encode(), "sha256") for use in ("seal", "veil")
        )
        # HMAC (RFC 2104) with both of its hashes begun: every mail has two seals, and `hmac` takes 2 µs for
        # one where this takes 0.6. A test holds it to `hmac`.
        key = sealing.ljust(_BLOCK, b"\0")
        self._inner, self._outer = (sha256(bytes(octet ^ pad for octet in key)) for pad in (_INNER, _OUTER))

    def seal(self, text: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()[:_SEAL]

    def veiled(self, text: str) -> str:
        """A text sealed and veiled, as a token ends with it."""
        plain = text.encode("utf-8")
        seal = self.seal(plain)
        return _written(seal + self.over(plain, seal))

    def over(self, text: bytes, seal: bytes) -> bytes:
        """Veil a text under its seal, or lift the veil."""
        veil = shake_256(self._veiling + seal).digest(len(text))
        return (int.from_bytes(text) ^ int.from_bytes(veil)).to_bytes(len(text))


def _same(given: str, right: str) -> bool:
    # Bytes, because compare_digest raises TypeError for a str that is not ASCII.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode("ascii"))


def _invalid() -> NotFound:
    return NotFound("This link is not valid.", "Use the link from the newest message, without changing it.")
