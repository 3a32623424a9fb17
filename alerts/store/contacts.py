"""Contacts: the addresses of owners and operators, whether or not they subscribe to anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.model import FIRST_CONTACT, Channel, Folds
from alerts.store.server import Server, translated


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told of outages, by their number in the ledger."""

    number: int
    channel: Channel
    address: str


class Contacts:
    """Addresses that are told of outages. In no audience, so no update ever goes to them as contacts.

    Keys: `contacts:{channel}`, identity → number; `contacts`, the last one given; `contact:{sid}`, address
    and channel. A number is given
    once; what they were sent stays in the ledger by it. They have no end: there is one for each address that
    was ever to be told.
    """

    def __init__(self, server: Server, folds: Folds) -> None:
        self._server = server
        self._keys = server.keys
        self._folds = folds

    def number(self, channel: Channel, address: str) -> Contact:
        """The contact with this address, however it is spelt; from now on there is one."""
        keys = [self._keys("contacts", channel), self._keys("contacts")]
        args = [self._keys.prefix, self._folds[channel](address), address, channel, FIRST_CONTACT]
        number, spelt = self._server.run("outage/number_contact", keys, args)
        return Contact(int(number), channel, spelt.decode())

    def load(self, numbers: Sequence[int]) -> dict[int, Contact]:
        """The contacts of these numbers; what is no contact's is left out."""
        asked = [number for number in numbers if number > FIRST_CONTACT]
        with translated(), self._server.client.pipeline(transaction=False) as pipe:
            for number in asked:
                pipe.hmget(self._keys("contact", number), "address", "channel")
            rows = zip(asked, pipe.execute(), strict=True)
        return {
            number: Contact(number, Channel(channel.decode()), address.decode())
            for number, (address, channel) in rows
            if address is not None
        }
