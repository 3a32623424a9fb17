"""How far the deliveries of a digest are is announced at its end, and at most once a second before."""

from house import draft, subscribe, tell, walk

from alerts.model import Step
from alerts.services import Services
from alerts.walk import batch_sender, steps
from alerts.walk.batch_sender import BatchSender


def announced(services: Services) -> list[tuple[str, bool]]:
    events = services.events.after("0-0", 1_000)
    return [(event.data["digest"], event.data["done"]) for event in events if event.kind == "deliveries"]


def test_digests_that_are_sent_at_once_do_not_announce_every_batch(services: Services, monkeypatch) -> None:
    """Only the last one was kept in mind: two digests in turn announced each of their batches."""
    monkeypatch.setattr(batch_sender, "ANNOUNCED_EVERY_S", 3_600.0)
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "tokyo@example.org", "JP")
    steps.publish(services, draft())
    steps.publish(services, draft("jp-quake", regions=("JP",)))
    walk(services, lambda work: work.step is not Step.SEND)
    sender = BatchSender(services)
    digests = [services.digests.get(entry.work.digest) for entry in services.due.owed()]
    assert len(digests) == 2
    for digest in digests * 5:
        sender.announce_progress(digest, last=False)
    assert announced(services) == [(digest.id, False) for digest in digests]


def test_the_end_is_announced_however_soon_it_comes(services: Services, monkeypatch) -> None:
    monkeypatch.setattr(batch_sender, "ANNOUNCED_EVERY_S", 3_600.0)
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    assert announced(services)[-1] == (digest, True)
