"""What somebody subscribed to before is remembered until they are caught up with, and not longer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dying import Heard
from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts.channels import CHANNELS, Stop
from alerts.model import Cadence, Channel, Filter, Message, Outcome, Recipient, State, Step, Subscription
from alerts.operations.subscribing import subscribers
from alerts.services import Services
from alerts.store import Claim

ANNA = "anna@example.org"


class TooSlow(Heard):
    """Its worker is frozen for longer than its lease: another has the batch by then, and it sends nothing."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.taken: list[Claim] = []

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        [batch] = [owed.work for owed in self._services.due.owed() if owed.work.step is Step.SEND]
        self._services.server.client.delete(self._services.server.keys("lease", batch.key))
        self.taken.append(self._services.ledger.claim(batch))
        return iter(())


def test_who_lost_a_batch_does_not_say_that_it_was_sent(services: Services) -> None:
    """It forgot what was before, for the batch was not its own any more and so nothing of it seemed owed.

    Whoever paused before the other worker's try was then never told what the catch-up had for them.
    """
    anna = subscribe(services, ANNA, "UA", cadence=Cadence.parse("weekly mon 08:00"))
    tell(services, draft())
    at_once = replace(anna, subscriptions=(Subscription(Filter(("UA",))),))
    services.subscribers.save(at_once, anna, catch_up=True)
    walk(services, lambda work: work.step is not Step.SEND)
    services.own_senders = slow = dict.fromkeys(CHANNELS, TooSlow(services))
    [batch] = [owed.work for owed in services.due.owed() if owed.work.step is Step.SEND]
    walk(services, lambda work: work == batch and not slow[Channel("email")].taken)
    assert services.subscribers.past(anna.sid) is not None
    subscribers.pause(services, OPERATOR, ANNA)
    services.ledger.settle(slow[Channel("email")].taken[0])
    services.own_senders = None
    walk(services)
    subscribers.resume(services, OPERATOR, ANNA)
    walk(services)
    assert State.SENT in told(services, "ua-talks")[ANNA]
    assert services.subscribers.past(anna.sid) is None
