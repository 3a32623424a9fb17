"""What a message says of the next one is true when it is written, however often it was tried before."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from clocked import clocked, move_to
from house import draft, due, subscribe
from inbox import got

from alerts.channels import Sender
from alerts.model import Cadence, Channel, Deferred, Message, Outcome, Recipient
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


class Greylisting:
    """A sender that asks everybody for patience."""

    def __init__(self, real: Sender) -> None:
        self.in_flight = real.in_flight

    def send(
        self, message: Message, people: Sequence[Recipient], closed: Callable[[], bool]
    ) -> Iterator[tuple[int, Outcome]]:
        for person in people:
            yield person.sid, Deferred("greylisted")


def work(services: Services, batch_sender: BatchSender) -> None:
    """Everything that is due, with one batch sender: what it keeps at hand is what this is about."""
    while works := due(services.due.owed(), services.server.now_ms()):
        for one in works:
            steps.step(batch_sender, one)


def test_the_next_digest_lies_ahead_when_a_batch_is_tried_again(services: Services) -> None:
    """Tried at 13:00 and again at 14:30, it said at 14:30 that the next digest was due at 14:00."""
    subscribe(services, "h@example.org", "UA", cadence=Cadence.parse("hourly"))
    batch_sender, real = BatchSender(services), services.senders[Channel("email")]
    steps.publish(services, draft())
    work(services, batch_sender)
    services.senders[Channel("email")] = Greylisting(real)
    move_to(services, "2026-03-26T13:00Z")
    work(services, batch_sender)
    services.senders[Channel("email")] = real
    move_to(services, "2026-03-26T14:30Z")
    work(services, batch_sender)
    [only] = got(services, "h@example.org")
    assert "Your next digest: Thu 26 Mar 15:00 UTC." in only
