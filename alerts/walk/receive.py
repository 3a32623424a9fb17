"""Take in what came back of a delivery: what became of it, and what follows for the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alerts import channels
from alerts.links import DeliveryName, Links
from alerts.model import Channel, Receipt, State, Verdict
from alerts.rules.backing_off import BACK_OFFS_MS, REMEMBERED_MS
from alerts.services import Services
from alerts.store import Follows, ProvenReceipt, ReturnedDelivery, Taken
from alerts.walk.reputation import guard

#: Whose reason a complaint is; a bounce is a reason of its channel.
COMPLAINT = "complaint"
NOTHING = Taken(changed=False)
#: What costs us our name with those who take our mail.
_AGAINST_US = (State.BOUNCED, State.COMPLAINED)


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a receipt. `of` is None for one that proves nothing: then nothing came of it."""

    receipt: Receipt
    of: ReturnedDelivery | None
    taken: Taken = NOTHING


def receive(services: Services, links: Links, receipts: Sequence[Receipt], way: str) -> list[Received]:
    """Take in receipts that came some `way`, each if one of its tokens was signed here, in order.

    Twice: each part wins by its rank and never by its arrival, so the second time nothing changes.
    """
    names = [delivery_of(links, receipt.tokens) for receipt in receipts]
    returned = _returned(services, [name for name in names if name is not None])
    done = [Received(receipt, returned.get(name)) for receipt, name in zip(receipts, names, strict=True)]
    proven = [
        ProvenReceipt(
            one.receipt, one.of, _by(one.receipt, one.of), channels.taker(one.of.channel, one.of.address)
        )
        for one in done
        if one.of
    ]
    taken = iter(services.receipts.take(proven, way=way, back_offs=BACK_OFFS_MS, remembered_ms=REMEMBERED_MS))
    done = [replace(one, taken=next(taken)) if one.of else one for one in done]
    for one in done:
        _notify(services, one, way)
    for channel in {one.of.channel for one in done if one.of and one.receipt.verdict.state in _AGAINST_US}:
        guard(services, channel)
    return done


def _by(receipt: Receipt, of: ReturnedDelivery) -> str:
    return COMPLAINT if receipt.verdict is Verdict.COMPLAINED else of.channel


def _notify(services: Services, received: Received, way: str) -> None:
    """Keep what proves nothing for them to look at; say what stands against an address, or is about us."""
    receipt, of, taken = received.receipt, received.of, received.taken
    if of is None:
        services.receipts.stray(receipt, way)
        return
    if taken.follows is Follows.SUPPRESSED:
        services.notices.notify("suppressed", channel=of.channel, sid=of.sid, why=receipt.words)
    if taken.first_about_us:
        services.notices.notify(
            "given back because of us", channel=of.channel, digest=of.digest, why=receipt.words
        )


def delivery_of(links: Links, tokens: tuple[str, ...]) -> DeliveryName | None:
    """The delivery that the first token of ours names."""
    return next((name for token in tokens if (name := links.returned_delivery(token)) is not None), None)


def _returned(
    services: Services, names: Sequence[DeliveryName]
) -> Mapping[DeliveryName | None, ReturnedDelivery]:
    """These deliveries with whose they are, in one round trip."""
    people = services.subscribers.destinations([name.sid for name in names]) if names else []
    return {
        name: ReturnedDelivery(*name, _channel(services, name, person.address), person.address)
        for name, person in zip(names, people, strict=True)
    }


def _channel(services: Services, name: DeliveryName, address: str) -> Channel:
    """The channel of a delivery; of somebody who was removed, by its digest: no address tells it any more.

    Where that has expired, too, any will do: nothing comes of it.
    """
    if address:
        return channels.unsubscribing(address)
    digests = services.digests.get_all([name.digest]).values()
    return next((digest.channel for digest in digests), next(iter(channels.CHANNELS)))
