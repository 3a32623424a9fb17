"""Take a batch, send it, record what came of it, and give it back."""

import math

from alerts.errors import NotFound
from alerts.model import State, Work
from alerts.store import Claim, Delivery, LedgerLine
from alerts.walk import poison
from alerts.walk.batch_sender import BatchSender
from alerts.walk.catch_up import caught_up

#: How soon a batch looks again for its message, while that is being rendered once more (ms).
RENDERED_SOON_MS = 1_000
#: How often a routine batch looks whether the sending of its channel is still paused (ms).
PAUSED_LOOK_MS = 60_000


def send(batch_sender: BatchSender, work: Work) -> list[Work]:
    """Send one batch and record what came of it. Twice: only the holder of its lease may send or record."""
    services = batch_sender.services
    try:
        digest = services.digests.get(work.digest)
    except NotFound:
        services.due.done(work)
        return []
    backoff_s = services.breakers.back_off(digest.channel, urgent=work.urgent)
    if backoff_s > 0:
        services.due.postpone(work, services.server.now_ms() + math.ceil(backoff_s * 1000))
        return []
    if not (work.urgent or digest.of_outage) and services.pauses.is_paused(digest.channel):
        services.due.postpone(work, services.server.now_ms() + PAUSED_LOOK_MS)
        return []
    rendered = batch_sender.is_rendered(digest.id)
    fault = "" if rendered else services.digests.fault(digest.id)
    if not rendered and not fault:  # a retry owes the rendering at the same moment
        services.due.postpone(work, services.server.now_ms() + RENDERED_SOON_MS)
        return []
    claim = services.ledger.claim(work)
    if not claim.held:
        return []
    try:
        backoff_s = _sent(batch_sender, claim, fault)
    except BaseException:
        services.ledger.abandon(claim)
        raise
    again_ms, last = services.ledger.settle(claim, claim.now_ms + math.ceil(backoff_s * 1000))
    if again_ms is None:
        caught_up(services, digest, work.batch.number)
    batch_sender.announce_progress(digest, last=last)
    return [work] if again_ms is not None and again_ms <= claim.now_ms else []


def _sent(batch_sender: BatchSender, claim: Claim, fault: str) -> float:
    """Send what a batch owes, or end it without a try. The seconds for which its route must back off."""
    services = batch_sender.services
    ended = _stopped(claim) or _not_rendered(claim, fault) or poison.given_up(services, claim)
    if ended is None:
        return batch_sender.deliver(claim)
    delivery, why = ended
    services.ledger.record(claim, [LedgerLine(sid, delivery, why) for sid, _ in claim.owed])
    return 0.0


def _stopped(claim: Claim) -> tuple[Delivery, str] | None:
    """How what a batch owes ends if its digest was stopped."""
    return (Delivery(claim.stopped, 0, claim.offset_s), "") if claim.stopped else None


def _not_rendered(claim: Claim, fault: str) -> tuple[Delivery, str] | None:
    """How what a batch owes ends if its digest could not be rendered, because of a `fault`."""
    return (Delivery(State.FAILED, 0, claim.offset_s), fault) if fault else None
