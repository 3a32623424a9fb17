"""Erasing somebody: all that is kept of them goes, but for a hash by which no list brings them back."""

from dataclasses import dataclass

from alerts.channels import CHANNELS, masked
from alerts.errors import BadInput, Conflict, NotFound
from alerts.model import Channel
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.subscribing.addresses import destination
from alerts.operations.subscribing.altering import TRIES
from alerts.services import Services
from alerts.texts import Text


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody of whom nothing is kept any more. `sids`: the numbers by which the ledger knows them."""

    channel: Channel
    sids: tuple[int, ...]
    entries: int  #: of the audit and the like that named them, and are gone

    def to_dict(self) -> dict[str, object]:
        return {"channel": self.channel, "numbers": list(self.sids), "entries": self.entries}


def erase(services: Services, actor: Actor, address: str, confirm: str) -> Erased:
    """Erase all that is kept of a person; `confirm` is their address, typed once more.

    What they were sent stays in the ledger, by number, until it ends with its digests. Nothing undoes this.
    Twice is once. Raises Forbidden, BadInput for another address or for one that is no person's, and NotFound
    where nothing is kept.
    """
    actor.require(Permission.MANAGE)
    return erase_own(services, actor, address, confirm)


def erase_own(services: Services, actor: Actor, address: str, confirm: str) -> Erased:
    """The same for a reader whose link was checked, and what is theirs."""
    channel, exact = destination(address)
    if confirm.strip() not in (address.strip(), exact):
        raise BadInput(
            Text("The address typed to confirm it is a different one."),
            Text("Type the address once more, as it is."),
        )
    if not CHANNELS[channel].unsubscribes_by_link:
        raise BadInput(
            f"“{masked(exact)}” is no person's.", f"`alerts subscribers remove {masked(exact)}` forgets it."
        )
    found = {exact: 0}
    if (person := services.subscribers.find(channel, exact)) is not None:
        found = {exact: person.sid, person.address: person.sid}
    elif not _is_known(services, channel, exact):
        raise NotFound(f"Nothing is kept of “{masked(exact)}”.", "See `alerts subscribers list PART`.")
    services.erased.add(channel, exact)
    services.opt_outs.lift(channel, exact)
    sids = _removed(services, channel, exact)
    numbers = (*sids, *(gone for gone, kept in services.merged.all().items() if kept in sids))
    entries = services.erasure.forget(channel, found, numbers)
    who = f"subscriber {sids[0]}" if sids else "somebody who had left"
    record(services, _anonymous(actor, channel, exact), "subscriber.erase", who)
    return Erased(channel, numbers, entries)


def _is_known(services: Services, channel: Channel, address: str) -> bool:
    """Whether anything is kept of somebody who does not subscribe."""
    asked = [address]
    return bool(
        services.suppressions.find(channel, asked)
        or services.erased.since(channel, asked)
        or services.opt_outs.find(channel, asked)
    )


def _removed(services: Services, channel: Channel, address: str) -> tuple[int, ...]:
    """Remove whoever subscribes with an address, of old maybe two. Their numbers."""
    sids: list[int] = []
    for _ in range(TRIES):
        person = services.subscribers.find(channel, address)
        if person is None:
            return tuple(dict.fromkeys(sids))
        services.mutes.forget(person.sid)
        services.subscribers.remove(person)
        sids.append(person.sid)
    raise Conflict(Text("Others keep changing this subscriber at this moment."), Text("Try again."))


def _anonymous(actor: Actor, channel: Channel, address: str) -> Actor:
    """Who acts, without their address where it is they themselves."""
    themselves = actor.name.casefold() in (address.casefold(), CHANNELS[channel].address.identity(address))
    return Actor("the subscriber", actor.door, actor.permissions) if themselves else actor
