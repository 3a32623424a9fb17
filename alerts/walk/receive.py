"""Take in what came back of a delivery: what became of it, and what follows for the address."""

from dataclasses import dataclass

from alerts import channels
from alerts.links import DeliveryName, Links
from alerts.model import Receipt, Verdict
from alerts.rules.backing_off import BACK_OFFS_MS, REMEMBERED_MS
from alerts.services import Services
from alerts.store import Follows, ReturnedDelivery, Taken

#: Whose reason a complaint is; a bounce is a reason of its channel.
COMPLAINT = "complaint"
NOTHING = Taken(changed=False)


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a receipt. `of` is None for one that proves nothing: then nothing came of it."""

    receipt: Receipt
    of: ReturnedDelivery | None
    taken: Taken = NOTHING


def receive(services: Services, links: Links, receipt: Receipt, way: str) -> Received:
    """Take in a receipt that came some `way`, if one of its tokens was signed here.

    Twice: each part wins by its rank and never by its arrival, so the second time nothing changes.
    """
    name = delivery_of(links, receipt.tokens)
    if name is None:
        services.receipts.stray(receipt, way)
        return Received(receipt, None)
    of = _returned(services, name)
    by = COMPLAINT if receipt.verdict is Verdict.COMPLAINED else of.channel
    taken = services.receipts.take(
        of, receipt, way=way, by=by, back_offs=BACK_OFFS_MS, remembered_ms=REMEMBERED_MS
    )
    if taken.follows is Follows.SUPPRESSED:
        services.notices.notify("suppressed", channel=of.channel, sid=of.sid, why=receipt.words)
    if taken.first_about_us:
        services.notices.notify(
            "given back because of us", channel=of.channel, digest=of.digest, why=receipt.words
        )
    return Received(receipt, of, taken)


def delivery_of(links: Links, tokens: tuple[str, ...]) -> DeliveryName | None:
    """The delivery that the first token of ours names."""
    return next((name for token in tokens if (name := links.returned_delivery(token)) is not None), None)


def _returned(services: Services, name: DeliveryName) -> ReturnedDelivery:
    [person] = services.subscribers.destinations([name.sid])
    channel = channels.unsubscribing(person.address)
    return ReturnedDelivery(name.digest, name.batch, name.sid, channel, person.address)
