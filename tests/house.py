"""A small house for tests: subscribers, drafts, and the walk without Celery, until nothing is due."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from alerts.model import (
    Channel,
    Draft,
    Filter,
    Instant,
    Severity,
    Standing,
    State,
    Step,
    Subscriber,
    Subscription,
    Work,
)
from alerts.operations.acting import Actor, Permission
from alerts.operations.owed_work import do_owed
from alerts.services import Services
from alerts.store import DueEntry
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender

#: Somebody who may do everything, for tests that are not about who may do what.
OPERATOR = Actor("olga", "test", frozenset(Permission))
#: Steps that wait for an hour of their own; the others are owed from the moment on which they are left.
TIMED = (Step.OPEN, Step.RESUME, Step.TRY_AGAIN, Step.NOTIFY, Step.POLL, Step.END_DRAFT)
#: How soon the sweep would ring for a step that was left, at the latest (ms).
SOON_MS = 5_000


def draft(update: str = "ua-talks", **changes: Any) -> Draft:
    """An update about Ukraine and Russia, as a desk would write it."""
    content: dict[str, Any] = {
        "id": update,
        "headline": "Talks go on between Russia and Ukraine",
        "regions": ("RU", "UA"),
        "tags": ("negotiations",),
        "severity": Severity.MODERATE,
        "key_points": ("Talks resume in Istanbul",),
        "body": "The delegations meet tomorrow.",
    }
    return Draft(**(content | changes))


def subscribe(services: Services, address: str, *regions: str, **wishes: Any) -> Subscriber:
    """A new subscriber with one subscription."""
    parts = {k: wishes.pop(k) for k in ("any_tags", "all_tags", "none_tags", "min_severity") if k in wishes}
    zone, paused = wishes.pop("zone", "UTC"), wishes.pop("paused", False)
    channel = Channel("email") if "@" in address else Channel("slack")
    wish = Subscription(Filter(regions, **parts), **wishes)
    saved = services.subscribers.save(Subscriber(0, channel, address, zone, (wish,), 0), None)
    return services.subscribers.save(replace(saved, standing=Standing.PAUSED), saved) if paused else saved


def of_old(services: Services, spelt: str, *regions: str, **wishes: Any) -> Subscriber:
    """Somebody in a store from before addresses were folded, where each spelling was somebody else."""
    client, names = services.server.client, services.server.keys("subscribers", "email")
    person = subscribe(services, f"x{spelt}", *regions, **wishes)
    client.hdel(names, f"x{spelt}".casefold())
    client.hset(names, spelt, person.sid)
    client.hset(services.server.keys("subscriber", person.sid), "address", spelt)
    return replace(person, address=spelt)


def due(owed: Iterable[DueEntry], now_ms: Instant, began_ms: Instant | None = None) -> list[Work]:
    """What of it is to be done now; what has its time, by when a walk began."""
    timed_ms = now_ms if began_ms is None else began_ms
    return [o.work for o in owed if o.look_ms <= (timed_ms if o.work.step in TIMED else now_ms + SOON_MS)]


def walk(services: Services, look: Callable[[Work], bool] = lambda _: True) -> int:
    """Do everything that is due now, and what follows from it. How many steps that took."""
    batch_sender, began_ms, taken = BatchSender(services), services.server.now_ms(), 0
    while works := [w for w in due(services.due.owed(), services.server.now_ms(), began_ms) if look(w)]:
        for work in works:
            do_owed(batch_sender, work)
            taken += 1
        assert taken < 10_000, "the walk does not end"
    return taken


def tell(services: Services, content: Draft) -> None:
    """Publish, and walk until everybody who is told at once has been."""
    steps.publish(services, content)
    walk(services)


def told(services: Services, update: str) -> dict[str, list[State]]:
    """The states of an update's deliveries by address, in no particular order."""
    found: dict[str, list[State]] = {}
    progress = services.digests.progress(services.updates.digests(update))
    for digest, how in progress.items():
        for sid, record in services.ledger.records(digest, range(1, how.batches + 1)).items():
            [person] = services.subscribers.destinations([sid])
            found.setdefault(person.address, []).append(record.state)
    return found
