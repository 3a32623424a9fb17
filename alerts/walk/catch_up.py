"""Say where things stand after a change of subscriptions; remember what was before until that is sent."""

from alerts.model import Digest, PersonKey, Standing, Step, Subscriber, Work
from alerts.services import Services
from alerts.walk import recipients


def catch_up_work(subscriber: Subscriber) -> Work:
    """The step that a change of somebody's subscriptions leaves; owed only if they began anew with it."""
    return Work(Step.CATCH_UP, PersonKey.of(subscriber.sid, subscriber.joined_ms))


def catch_up(services: Services, work: Work) -> list[Work]:
    """Say where things stand to somebody. Twice: it is exchanged for a digest once.

    What they subscribed to before is remembered until it is sent: they may pause or change it before that.
    """
    sid, joined_ms = work.person.sid, work.person.at_ms
    for subscriber in services.subscribers.load([sid]):
        if subscriber.joined_ms == joined_ms and subscriber.standing is Standing.ACTIVE:
            entries = recipients.gap(services, subscriber)
            if entries:
                digest = Digest(subscriber.channel, entries, joined_ms, catch_up=True)
                return services.digests.create_for(sid, work, digest)
    services.subscribers.forget_past(sid, joined_ms)
    services.due.done(work)
    return []


def caught_up(services: Services, digest: Digest, batch: int) -> None:
    """Forget what the people of a settled batch subscribed to before, if that was to be caught up with.

    A worker that dies before this leaves it remembered: the next catch-up then looks further back than it
    must, and leaves out what the ledger says was delivered.
    """
    if digest.catch_up:
        for sid, delivery in services.ledger.records(digest.id, [batch]).items():
            if (
                not delivery.state.owed
            ):  # else the batch was lost to another worker, which is not done with it
                services.subscribers.forget_past(sid, digest.horizon_ms)
