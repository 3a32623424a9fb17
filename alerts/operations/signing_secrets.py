"""Secrets by which a receiver knows that a message is ours: derived, never kept, and shown once."""

from collections.abc import Callable
from dataclasses import dataclass

from alerts.channels import CHANNELS, masked
from alerts.errors import BadInput
from alerts.model import Channel, Subscriber
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services
from alerts.settings import Settings


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """The secret of an address, and which generation of it that is. Shown to whoever asked for it, once."""

    address: str
    secret: str
    generation: int

    def to_dict(self) -> dict[str, object]:
        return {"address": masked(self.address), "secret": self.secret, "generation": self.generation}


def require_signed(address: str, channel: Channel | None = None) -> None:
    """Raise BadInput for an address to which nothing is signed: before anybody is added for its sake."""
    _derivation(destination(address, channel)[0])


def show_secret(services: Services, actor: Actor, subscriber: Subscriber) -> SigningSecret:
    """The secret of somebody who has just been added; that it was shown is written down.

    Raises Forbidden, and BadInput where nothing signs.
    """
    actor.require(Permission.MANAGE)
    derive, address = _derivation(subscriber.channel), subscriber.address
    number = services.secrets.get(subscriber.channel, address).number
    record(services, actor, "subscriber.show_secret", masked(address), after={"generation": number})
    return SigningSecret(address, derive(services.settings, address, number), number)


def change_secret(services: Services, actor: Actor, address: str) -> SigningSecret:
    """Begin a new secret; what is sent in the next seven days is signed with the one before as well.

    A second change within that time ends the first secret at once: two sign, never three. Raises Forbidden,
    NotFound, and BadInput where nothing signs.
    """
    actor.require(Permission.MANAGE)
    person = find(services, address)
    derive = _derivation(person.channel)
    new = services.secrets.change(person.channel, person.address)
    before, after = {"generation": new.number - 1}, {"generation": new.number}
    record(services, actor, "subscriber.change_secret", masked(person.address), before=before, after=after)
    secret = derive(services.settings, person.address, new.number)
    return SigningSecret(person.address, secret, new.number)


def _derivation(channel: Channel) -> Callable[[Settings, str, int], str]:
    kind = CHANNELS[channel]
    if kind.secret is None:
        raise BadInput(f"What goes out by {kind.title} is not signed.", "Only what is signed has a secret.")
    return kind.secret
