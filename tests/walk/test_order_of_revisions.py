"""Nobody hears that something was wrong and then, from a batch that was under way, the wrong thing again."""

import pytest
from house import draft, subscribe, walk

from alerts.model import Kind, Ref, State, Step, Work
from alerts.services import Services
from alerts.store import Claim, Delivery, LedgerLine
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from alerts.walk.outcome_buffer import ASKED_AGAIN_S, OutcomeBuffer


def held(services: Services, number: int) -> Claim:
    """The batch of a revision, in the hands of a worker that has begun to send it."""
    walk(services, lambda work: work.step is not Step.SEND)
    sends = [entry.work for entry in services.due.owed() if entry.work.step is Step.SEND]
    [batch] = [w for w in sends if services.digests.get(w.digest).entries[0].number == number]
    return services.ledger.claim(batch)


def audience_of(services: Services, sid: int) -> str:
    [person] = services.subscribers.destinations([sid])
    return person.audience


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.RETRACTION, Kind.CORRECTION])
def test_who_is_being_sent_an_earlier_revision_is_corrected_after_it(services: Services, kind: Kind) -> None:
    """They had got the first one: “false alarm” came, and three seconds later the second alarm."""
    sid = subscribe(services, "anna@example.org", "UA").sid
    steps.publish(services, draft())
    walk(services)
    steps.publish(services, draft(headline="Talks break off"))
    second = held(services, 2)
    steps.publish(services, draft(kind=kind, note="It was wrong."))
    walk(services, lambda work: work.step is Step.MATCH)
    [correcting] = [
        digest
        for digest in services.digests.get_all(services.updates.digests("ua-talks")).values()
        if digest.correcting and digest.channel == "email"
    ]
    gathering = Work(Step.GATHER, correcting.id, correcting.urgent)
    steps.step(BatchSender(services), gathering)
    assert services.due.is_owed(gathering)
    assert services.digests.progress([correcting.id])[correcting.id].batches == 0
    assert services.recipients.gathered_among(correcting.id, audience_of(services, sid)) == []

    services.ledger.record(second, [LedgerLine(sid, Delivery(State.SENT, 1))])
    services.ledger.settle(second)
    walk(services)
    assert services.ledger.find(sid, [correcting.id])[correcting.id].state is State.SENT
    assert services.updates.revision(Ref.of("ua-talks", 3)).kind is kind


def test_a_slow_batch_hears_within_a_second_that_it_was_stopped(services: Services) -> None:
    """It asked after each sixteen of its people: with a relay that takes a second for each, too late."""
    subscribe(services, "anna@example.org", "UA")
    steps.publish(services, draft())
    claim = held(services, 1)
    now = [100.0]
    buffer = OutcomeBuffer(services, claim, clock=lambda: now[0])
    services.digests.stop(claim.digest, State.WITHDRAWN, "it was wrong")
    assert not buffer.closed()
    now[0] += ASKED_AGAIN_S
    assert buffer.closed()


def test_a_slow_batch_goes_on_where_nothing_stops_it(services: Services) -> None:
    sid = subscribe(services, "anna@example.org", "UA").sid
    steps.publish(services, draft())
    claim = held(services, 1)
    now = [100.0]
    buffer = OutcomeBuffer(services, claim, clock=lambda: now[0])
    buffer.write(LedgerLine(sid, Delivery(State.SENT, 1)))
    now[0] += ASKED_AGAIN_S
    assert not buffer.closed()
    assert services.ledger.find(sid, [claim.digest])[claim.digest].state is State.SENT  # written beside
