"""ALERTS_KEEP_DAYS begin when a digest is over: what is owed outlives them, and all is forgotten in time."""

from collections.abc import Iterator

from house import OPERATOR, draft, subscribe, tell, told, walk

from alerts.errors import BadInput
from alerts.model import Channel, Filter, Kind, State, Step, Subscriber, Subscription, Work
from alerts.operations import retry
from alerts.services import Services
from alerts.store import BATCH
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender


def crowd(services: Services, people: int) -> None:
    wish = (Subscription(Filter(("UA",))),)
    rows = [Subscriber(0, Channel("email"), f"p{n}@example.org", "UTC", wish, 0) for n in range(people)]
    services.subscribers.save_all([(row, None) for row in rows])


def expiring(services: Services, digest: str) -> dict[str, bool]:
    """Whether each key that belongs to a digest expires."""
    client, prefix = services.server.client, services.server.keys("digest", digest)
    return {key.decode().removeprefix(prefix): client.ttl(key) >= 0 for key in client.scan_iter(f"{prefix}*")}


def sends(services: Services) -> Iterator[None]:
    """Send what is owed, a batch at a time."""
    batch_sender = BatchSender(services)
    for owed in services.due.owed():
        steps.step(batch_sender, owed.work)
        yield


def test_what_is_still_owed_outlives_the_days_a_digest_is_kept(services: Services) -> None:
    """The days began at the fan-out: a relay that was away for longer found nothing of the digest left, what
    was owed was taken to be done, and nobody was told.
    """
    crowd(services, 2 * BATCH)
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    [digest] = services.updates.digests("ua-talks")
    kept = {"": False, ":message": False, ":audiences": False, ":batch:1": False, ":batch:2": False}
    assert expiring(services, digest) == kept
    sending = sends(services)
    next(sending)
    assert expiring(services, digest) == kept  # also the batch that is done: it says who was told
    next(sending)
    assert expiring(services, digest) == dict.fromkeys(kept, True)


def test_what_is_owed_again_is_kept_again(services: Services) -> None:
    crowd(services, BATCH + 1)
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    services.server.client.hset(services.server.keys("digest", digest, "batch", 2), "1", "f1+0")
    services.server.client.hincrby(services.server.keys("digest", digest), "f", 1)
    done = expiring(services, digest)
    assert set(done.values()) == {True}
    services.digests.reopen(services.digests.get(digest), 2)
    assert expiring(services, digest) == dict.fromkeys(done, False)
    walk(services)
    assert expiring(services, digest) == done


def test_what_nobody_is_owed_is_forgotten_in_time(services: Services) -> None:
    person = subscribe(services, "kyiv@example.org", "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step is Step.MATCH)
    services.subscribers.remove(person)
    walk(services)
    [digest] = services.updates.digests("ua-talks")
    assert services.digests.progress([digest])[digest].state == "done"
    assert set(expiring(services, digest).values()) == {True}


class Broken:
    """Templates that fail."""

    def render(self, *_given: object) -> None:
        raise BadInput("There is no such variable.", "Mend the template.")


def test_what_cannot_be_rendered_is_forgotten_in_time_unless_it_is_tried_again(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    whole = services.renderer
    services.own_renderer = Broken()
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    kept = dict.fromkeys(("", ":audiences", ":notes", ":batch:1"), True)
    assert expiring(services, digest) == kept
    retry(services, OPERATOR, digest)
    assert set(expiring(services, digest).values()) == {False}
    services.own_renderer = whole
    walk(services)
    assert told(services, "ua-talks") == {"kyiv@example.org": [State.SENT]}
    assert set(expiring(services, digest).values()) == {True}


def test_a_correction_that_cannot_be_rendered_stays_so_while_it_still_gathers(services: Services) -> None:
    """Whoever was gathered later was put into a batch of it that had no message, and ended `failed`."""
    subscribe(services, "kyiv@example.org", "UA")
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    held = services.ledger.claim(services.due.owed()[0].work)
    whole = services.renderer
    services.own_renderer = Broken()
    steps.publish(services, draft(kind=Kind.CORRECTION, note="They do not meet."))
    go_on(services, held.work)
    services.ledger.settle(held)
    go_on(services)
    found = services.digests.progress(services.updates.digests("ua-talks")).values()
    assert ({p.state for p in found}, {bool(p.fault) for p in found}) == ({"done"}, {True, False})
    services.own_renderer = whole
    retry(services, OPERATOR, "ua-talks")
    walk(services)
    walk(services)
    assert State.FAILED not in told(services, "ua-talks")["kyiv@example.org"]


def test_a_correction_is_kept_while_somebody_may_still_be_told_what_it_corrects(services: Services) -> None:
    """It was kept for ALERTS_KEEP_DAYS since it first went out, to the first of those who had been told."""
    crowd(services, BATCH + 1)
    steps.publish(services, draft())
    walk(services, lambda work: work.step is not Step.SEND)
    next(sends(services))
    [told_first] = services.updates.digests("ua-talks")
    held = services.ledger.claim(services.due.owed()[0].work)
    steps.publish(services, draft(kind=Kind.CORRECTION, note="They do not meet."))
    go_on(services, held.work)
    names = services.digests.get_all(services.updates.digests("ua-talks")).items()
    [correction] = [name for name, d in names if name != told_first and d.channel is Channel("email")]
    assert services.digests.progress([correction])[correction].state == "done"
    assert set(expiring(services, correction).values()) == {False}
    services.ledger.settle(held)
    go_on(services)
    assert services.due.count() == 0
    for digest in (told_first, correction):
        assert set(expiring(services, digest).values()) == {True}


def go_on(services: Services, held: Work | None = None) -> None:
    """Do everything that is owed, but for what somebody holds, whenever it is due."""
    batch_sender = BatchSender(services)
    for _ in range(6):
        for owed in services.due.owed():
            if owed.work != held:
                steps.step(batch_sender, owed.work)


def test_a_digest_that_failed_before_there_were_faults_stops_no_correction(services: Services) -> None:
    """Read as a state nobody knows any more, it would end every step that looks at its update."""
    subscribe(services, "kyiv@example.org", "UA")
    tell(services, draft())
    [old] = services.updates.digests("ua-talks")
    before = {"state": "failed", "why": "a template was broken"}
    services.server.client.hset(services.server.keys("digest", old), mapping=before)
    progress = services.digests.progress([old])[old]
    assert (progress.state, progress.fault) == ("done", "a template was broken")
    tell(services, draft(kind=Kind.CORRECTION, note="They met on Tuesday."))
    assert told(services, "ua-talks") == {"kyiv@example.org": [State.SENT, State.SENT]}
