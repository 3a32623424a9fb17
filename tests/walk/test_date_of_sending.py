"""The Date of a mail is when it is sent: mail programs sort by it."""

from dataclasses import replace
from email import message_from_bytes, policy

from house import draft, subscribe, walk

from alerts.model import Step
from alerts.services import Services
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

HOUR_MS = 3_600_000


def test_a_mail_that_waited_for_its_relay_is_dated_when_it_goes(services: Services) -> None:
    """What went out an hour late, after its relay was down, lay an hour deep, below what was read."""
    anna = subscribe(services, "anna@example.org", "UA")
    steps.publish(services, draft("flood"))
    walk(services, lambda work: work.step is not Step.SEND)
    [batch] = [owed.work for owed in services.due.owed() if owed.work.step is Step.SEND]
    claim = services.ledger.claim(batch)
    late = replace(claim, now_ms=claim.now_ms + HOUR_MS)
    BatchSender(services).deliver(late)
    [digest] = services.updates.digests("flood")
    file = services.settings.outbox / "email" / digest / f"{anna.sid}.eml"
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Date"].datetime.timestamp() == late.now_ms // 1000
