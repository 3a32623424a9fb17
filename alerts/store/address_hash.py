"""What stands for an address where it is not to be kept: a keyed hash, of one purpose."""

from collections.abc import Callable
from hashlib import blake2b

from alerts.model import Channel, Folds


class AddressHash:
    """Hashes addresses. Without the key of this installation nobody can tell whose one is, or try addresses.

    `mailbox`: what addresses of one mailbox have in common; without it, each identity is its own.
    """

    def __init__(
        self,
        folds: Folds,
        key: bytes,
        purpose: bytes,
        mailbox: Callable[[str], str] = lambda identity: identity,
    ) -> None:
        self._folds = folds
        self._mailbox = mailbox
        self._key = blake2b(key, digest_size=32, person=purpose).digest()

    def of(self, channel: Channel, address: str) -> str:
        """The same for every spelling of an address."""
        person = f"{channel}:{self._mailbox(self._folds[channel](address))}"
        return blake2b(person.encode(), digest_size=16, key=self._key).hexdigest()
